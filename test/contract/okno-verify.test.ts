import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildPackage } from '../../protocol/package/asice.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { craftSignature } from '../fixtures/crafted-signature.ts';
import { rawZip } from '../fixtures/raw-zip.ts';
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

save('attached.p7m', craftSignature(clerk, content, { attached: true }));
save('text.sig', Buffer.from(signature).toString('base64'));
const simple = { name: 'document.pdf', bytes: content };
save(
  'simple.asics',
  rawZip([
    { name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-s+zip') },
    simple,
    { name: 'META-INF/signature.p7s', bytes: signature },
  ]),
);
save('pair.zip', rawZip([simple, { name: 'document.pdf.sig', bytes: signature }]));
save('unsigned.xml', '<?xml version="1.0"?><message>Без подписи</message>');
save('letter.txt', 'Письмо без подписи');
mkdirSync(join(folder, 'trust-with-list'));
save('trust-with-list/ca.pem', authority.certificate);
save('ca.key', authority.export().privateKey);
save('list.db', '');
save('list.number', '01\n');
save(
  'list.cnf',
  '[ca]\ndefault_ca=own\n[own]\ndatabase=list.db\ndefault_md=sha256\ncrlnumber=list.number\ndefault_crl_days=10\n',
);
execFileSync(
  'openssl',
  'ca -gencrl -config list.cnf -cert trust/ca.pem -keyfile ca.key -out trust-with-list/ca.crl'.split(' '),
  { cwd: folder, stdio: 'pipe' },
);

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

test('lists and answers may lie in folders of their own, and what is unreadable stops the command', () => {
  const notes = (...args: string[]) =>
    JSON.parse(okno(['verify', 'good.asice', '--trust', 'trust', ...args, '--json']).out).signatures[0].notes;
  assert.deepEqual(notes(), ['revocation-not-checked']);
  for (const option of ['--crl', '--ocsp']) assert.deepEqual(notes(option, 'trust-with-list'), []);
  save('bad-trust/some.ocsp', 'no answer');
  const { status } = okno(['verify', 'good.asice', '--trust', 'trust', '--ocsp', 'bad-trust']);
  assert.equal(status, 3);
});

test('LED-3.10 a moment can be named for which certificates are judged', () => {
  const args = ['verify', 'good.asice', '--trust', 'trust', '--at'];
  assert.equal(okno([...args, '2020-01-01T00:00:00Z']).status, 2);
  assert.equal(okno([...args, new Date().toISOString()]).status, 0);
});

test('files of other programs: content inside, PEM, ASiC-S, signatures beside documents, XML', () => {
  const judged = (...args: string[]) => {
    const { status, out } = okno(['verify', ...args, '--trust', 'trust', '--json']);
    const { kind, verdict, indication, reasons, signatures } = JSON.parse(out);
    return { status, kind, verdict, indication, reasons, format: signatures[0]?.format ?? null };
  };
  const passed = { status: 0, verdict: 'passed', indication: 'TOTAL-PASSED', reasons: [], format: 'CAdES' };
  assert.deepEqual(judged('attached.p7m'), { ...passed, kind: 'cms' });
  assert.deepEqual(judged('text.sig', '--content', 'document.pdf'), { ...passed, kind: 'cms' });
  assert.deepEqual(judged('simple.asics'), { ...passed, kind: 'asic-s' });
  assert.deepEqual(judged('pair.zip'), { ...passed, kind: 'zip' });
  assert.deepEqual(judged('unsigned.xml'), {
    ...{ status: 1, kind: 'xml', verdict: 'failed', indication: 'TOTAL-FAILED', reasons: ['NO_SIGNATURE'] },
    format: null,
  });
  assert.deepEqual(judged('letter.txt'), {
    ...{ status: 2, kind: 'unknown', verdict: 'indeterminate', indication: 'INDETERMINATE' },
    ...{ reasons: ['FORMAT_NOT_SUPPORTED'], format: null },
  });
});

test('a list of revoked certificates in the folder of trust is asked', () => {
  const notes = (folderName: string): string[] => {
    const { out } = okno([
      'verify',
      'elsewhere.sig',
      '--content',
      'document.pdf',
      '--trust',
      folderName,
      '--json',
    ]);
    return JSON.parse(out).signatures[0].notes;
  };
  assert.deepEqual(notes('trust'), ['revocation-not-checked']);
  assert.deepEqual(notes('trust-with-list'), []);
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
