import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildPackage } from '../../protocol/package/asice.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { makeSigner } from '../fixtures/signers.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-verify-'));
after(() => rmSync(folder, { recursive: true }));

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const clerk = await makeSigner(authority, 'ecdsa-p256-sha256');
const content = Buffer.from('%PDF выдуманный документ');
const signature = await clerk.sign(content);
const document = { name: '01-application.pdf', mediaType: 'application/pdf', bytes: content, signature };
const good = await buildPackage({ documents: [document], metadata: {}, signManifest: clerk.sign });
const damaged = Buffer.from(good);
damaged[damaged.indexOf('%PDF')] = 0;

mkdirSync(join(folder, 'trust'));
mkdirSync(join(folder, 'bad-trust'));
const save = (name: string, bytes: Uint8Array | string) => writeFileSync(join(folder, name), bytes);
save('trust/ca.pem', authority.certificate);
save('bad-trust/ca.pem', 'not a certificate');
save('good.asice', good);
save('damaged.asice', damaged);
save('document.pdf', content);
save('document.pdf.sig', signature);
save('elsewhere.sig', signature);

const command = fileURLToPath(new URL('../../provisioning/okno.mjs', import.meta.url));

function okno(args: string[], nodeOptions: string[] = []) {
  const result = spawnSync(process.execPath, [...nodeOptions, command, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

test('a good package: status 0 and one line of JSON in the agreed shape', () => {
  const { status, out } = okno(['verify', 'good.asice', '--trust', 'trust', '--json']);
  assert.equal(status, 0);
  assert.equal(out.trim().split('\n').length, 1);
  const report = JSON.parse(out);
  assert.equal(report.file, 'good.asice');
  assert.equal(report.verdict, 'passed');
  assert.deepEqual(report.reasons, []);
  assert.deepEqual(report.uncovered, []);
  const [first, container] = report.signatures;
  assert.equal(first.document, '01-application.pdf');
  assert.equal(first.signer.commonName, 'Образцова Проба Тестовна');
  assert.equal(first.algorithm, 'ecdsa-p256-sha256');
  assert.equal(first.level, 'BES');
  assert.match(first.signedAt, /^\d{4}-\d\d-\d\dT/);
  assert.equal(container.document, 'META-INF/ASiCManifest001.xml');
});

test('a changed package: status 1; nobody trusted: status 2', () => {
  const changed = okno(['verify', 'damaged.asice', '--trust', 'trust', '--json']);
  assert.equal(changed.status, 1);
  assert.equal(JSON.parse(changed.out).verdict, 'failed');
  const untrusted = okno(['verify', 'good.asice', '--json']);
  assert.equal(untrusted.status, 2);
  assert.deepEqual(JSON.parse(untrusted.out).reasons, ['NO_CERTIFICATE_CHAIN_FOUND']);
});

test('a signature finds its document, a document its signature, and --content names any other', () => {
  for (const args of [
    ['document.pdf.sig'],
    ['document.pdf'],
    ['elsewhere.sig', '--content', 'document.pdf'],
  ]) {
    assert.equal(okno(['verify', ...args, '--trust', 'trust']).status, 0, args.join(' '));
  }
  assert.equal(okno(['verify', 'elsewhere.sig', '--content', 'good.asice', '--trust', 'trust']).status, 1);
});

test('a signature whose document is not there cannot be judged: status 2', () => {
  const { status, out } = okno(['verify', 'elsewhere.sig', '--trust', 'trust', '--json']);
  assert.equal(status, 2);
  assert.deepEqual(JSON.parse(out).reasons, ['SIGNED_DATA_NOT_FOUND']);
});

test('LED-3.10 a moment can be named for which certificates are judged', () => {
  const args = ['verify', 'good.asice', '--trust', 'trust', '--at'];
  assert.equal(okno([...args, '2020-01-01T00:00:00Z']).status, 2);
  assert.equal(okno([...args, new Date().toISOString()]).status, 0);
});

test('people get text in Russian by default and in English when asked', () => {
  assert.match(okno(['verify', 'good.asice', '--trust', 'trust']).out, /ПОДПИСЬ ВЕРНА[\s\S]+Образцова/);
  assert.match(okno(['verify', 'damaged.asice', '--lang', 'en']).out, /THE SIGNATURE IS NOT VALID/);
});

test('what cannot be read or understood is told apart from a failed signature: status 3', () => {
  const mistakes = [
    ['verify', 'missing.asice'],
    ['verify', 'good.asice', '--trust', 'missing'],
    ['verify', 'good.asice', '--trust', 'bad-trust'],
    ['verify', 'good.asice', '--at', 'yesterday'],
    ['verify', '--unknown'],
    ['unknown'],
  ];
  for (const args of mistakes) {
    const { status, out, err } = okno(args);
    assert.equal(status, 3, args.join(' '));
    assert.equal(out, '');
    assert.notEqual(err, '');
  }
});

test('a Node that cannot run TypeScript hands over to the pinned one', () => {
  const args = ['verify', 'damaged.asice', '--trust', 'trust'];
  assert.equal(okno(args, ['--no-experimental-strip-types']).status, 1);
});
