import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { rawZip } from '../fixtures/raw-zip.ts';
import {
  asicE,
  asicS,
  bytes,
  check,
  container,
  entriesOf,
  format,
  judge,
  letter,
  manifestOf,
  one,
  second,
  table,
  two,
  verdict,
  workshop,
  zipped,
} from './container-setting.ts';

const folder = mkdtempSync(join(tmpdir(), 'okno-containers-'));
after(() => rmSync(folder, { recursive: true }));

const simple = async (signer = one) =>
  zipped({ name: 'mimetype', bytes: asicS }, letter, {
    name: 'META-INF/signature.p7s',
    bytes: await signer.sign(letter.bytes),
  });
const sha384Manifest = (text: string) =>
  text
    .replaceAll('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmldsig-more#sha384')
    .replace(/<ds:DigestValue>[^<]*/g, '<ds:DigestValue>@')
    .replace('@', createHash('sha384').update(letter.bytes).digest('base64'))
    .replace('@', createHash('sha384').update(table.bytes).digest('base64'));
const sha1Manifest = (text: string) =>
  text
    .replaceAll('http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1')
    .replace(/<ds:DigestValue>[^<]*/g, '<ds:DigestValue>@')
    .replace('@', createHash('sha1').update(letter.bytes).digest('base64'))
    .replace('@', createHash('sha1').update(table.bytes).digest('base64'));

check('a container of another program', [
  ['ASiC-E with one manifest', () => container(), 'passed'],
  ['ASiC-S with one file', () => simple(), 'passed'],
  ['ASiC-S by RSA', () => simple(two), 'passed'],
  [
    'two manifests by two signers',
    async () => container({ named: [letter], more: await second() }),
    'passed',
  ],
  ['two manifests over the same file', async () => container({ more: await second([letter]) }), 'passed'],
  ['a manifest by SHA-384', () => container({ change: sha384Manifest }), 'passed'],
  [
    'a manifest by SHA-1',
    () => container({ change: sha1Manifest }),
    'indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
  ],
  [
    'a manifest by an unknown digest',
    () => container({ change: text => text.replaceAll('xmlenc#sha256', 'xmlenc#invented') }),
    'indeterminate CRYPTO_CONSTRAINTS_FAILURE',
  ],
  [
    'a manifest with comments and a byte order mark',
    () => container({ change: text => `\ufeff${text}<!-- signed -->` }),
    'passed',
  ],
  [
    'a manifest of the older schema',
    () => container({ change: text => text.replaceAll('v1.2.1#', 'v1.1.1#') }),
    'passed',
  ],
  [
    'addresses that begin at the root',
    () => container({ change: text => text.replaceAll('URI="data', 'URI="/data') }),
    'passed',
  ],
  ['no mimetype', () => container({ mimetype: null }), 'passed'],
  [
    'mimetype compressed',
    () => container({ mimetype: { name: 'mimetype', bytes: asicE, deflate: true } }),
    'passed',
  ],
  [
    'a mimetype of its own',
    () => container({ mimetype: { name: 'mimetype', bytes: bytes('application/zip') } }),
    'passed',
  ],
  [
    'folders among the entries',
    () => container({ more: [{ name: 'data/', bytes: bytes(''), externalAttributes: 0x10, madeBy: 0x14 }] }),
    'passed',
  ],
  [
    'files of the frame that carry nothing',
    () => container({ more: [{ name: 'META-INF/manifest.xml', bytes: bytes('<m/>') }] }),
    'passed',
  ],
  [
    'entries by several programs',
    () => container({ held: [{ ...letter, madeBy: 0x0314 }, table] }),
    'passed',
  ],
  [
    'unknown extra fields',
    () => container({ held: [{ ...letter, extra: Buffer.from('feca0000', 'hex') }, table] }),
    'passed',
  ],
  [
    'a comment that repeats the type',
    async () => rawZip(await entriesOf(), { comment: 'mimetype=application/vnd.etsi.asic-e+zip' }),
    'passed',
  ],
  [
    'a name in the code page of DOS',
    () =>
      container({
        named: [{ ...letter, name: 'Пис.txt' }],
        held: [{ ...letter, name: Buffer.from('8fa8e12e747874', 'hex'), flags: 0 }],
      }),
    'passed',
  ],
  [
    'signatures beside documents',
    async () => zipped(letter, { name: `${letter.name}.sig`, bytes: await one.sign(letter.bytes) }),
    'passed',
  ],
]);

const pem = (der: Uint8Array) =>
  bytes(`-----BEGIN PKCS7-----\n${Buffer.from(der).toString('base64')}\n-----END PKCS7-----\n`);

check('what is signed', [
  [
    'a changed file',
    () => container({ held: [{ ...letter, bytes: bytes('Другое письмо') }, table] }),
    'failed HASH_FAILURE',
  ],
  ['a missing file', () => container({ held: [letter] }), 'indeterminate SIGNED_DATA_NOT_FOUND'],
  [
    'a file that no manifest names',
    () => container({ more: [{ name: 'more.txt', bytes: bytes('x') }] }),
    'failed UNCOVERED_ENTRY',
  ],
  [
    'a file in META-INF that no manifest names',
    () => container({ more: [{ name: 'META-INF/more.exe', bytes: bytes('x') }] }),
    'failed UNCOVERED_ENTRY',
  ],
  [
    'another file under the only signature',
    async () =>
      zipped(
        { name: 'mimetype', bytes: asicS },
        { ...letter, bytes: bytes('x') },
        { name: 'META-INF/signature.p7s', bytes: await one.sign(letter.bytes) },
      ),
    'failed HASH_FAILURE',
  ],
  [
    'two files under a signature without manifest',
    async () =>
      zipped({ name: 'mimetype', bytes: asicS }, letter, table, {
        name: 'META-INF/signature.p7s',
        bytes: await one.sign(letter.bytes),
      }),
    'failed FORMAT_FAILURE UNCOVERED_ENTRY',
  ],
  [
    'no file under the signature',
    async () =>
      zipped(
        { name: 'mimetype', bytes: asicS },
        { name: 'META-INF/signature.p7s', bytes: await one.sign(letter.bytes) },
      ),
    'indeterminate SIGNED_DATA_NOT_FOUND',
  ],
  [
    'no signature at all',
    () => zipped({ name: 'mimetype', bytes: asicE }, letter),
    'failed UNCOVERED_ENTRY NO_SIGNATURE',
  ],
  [
    'a manifest whose signature was taken out',
    async () => rawZip((await entriesOf()).slice(0, -1)),
    'failed FORMAT_FAILURE UNCOVERED_ENTRY NO_SIGNATURE',
  ],
  [
    'two manifests for one signature',
    async () =>
      container({
        more: [{ name: 'META-INF/ASiCManifest2.xml', bytes: manifestOf('META-INF/signature.p7s', [table]) }],
      }),
    format('manifest-ambiguous'),
  ],
  [
    'a signature that is none',
    () =>
      zipped({ name: 'mimetype', bytes: asicS }, letter, {
        name: 'META-INF/signature.p7s',
        bytes: bytes('none'),
      }),
    'failed FORMAT_FAILURE',
  ],
  [
    'a signature in PEM',
    async () =>
      zipped({ name: 'mimetype', bytes: asicS }, letter, {
        name: 'META-INF/signature.p7s',
        bytes: pem(await one.sign(letter.bytes)),
      }),
    'passed',
  ],
  [
    'one good and one changed',
    async () =>
      zipped(
        { name: 'mimetype', bytes: asicS },
        letter,
        { name: 'META-INF/signature.p7s', bytes: await one.sign(letter.bytes) },
        { name: 'META-INF/signature2.p7s', bytes: await two.sign(table.bytes) },
      ),
    'failed HASH_FAILURE',
  ],
  [
    'a stamp over a file',
    () =>
      zipped({ name: 'mimetype', bytes: asicS }, letter, {
        name: 'META-INF/timestamp.tst',
        bytes: workshop.stamp('tsa', letter.bytes),
      }),
    'passed',
  ],
  [
    'a stamp over another file',
    () =>
      zipped({ name: 'mimetype', bytes: asicS }, letter, {
        name: 'META-INF/timestamp.tst',
        bytes: workshop.stamp('tsa', table.bytes),
      }),
    'failed HASH_FAILURE',
  ],
  [
    'a document whose signature beside it is of another',
    async () => zipped(letter, { name: `${letter.name}.sig`, bytes: await one.sign(table.bytes) }),
    'failed HASH_FAILURE',
  ],
  [
    'one document signed and one not',
    async () => zipped(letter, table, { name: `${letter.name}.sig`, bytes: await one.sign(letter.bytes) }),
    'failed UNCOVERED_ENTRY',
  ],
]);

/** What DSS adds for an archive: a stamp over a manifest that names all there was. */
async function archived(authorityName: string, stamped?: Uint8Array): Promise<Uint8Array> {
  const entries = await entriesOf();
  const text = manifestOf(
    'META-INF/timestamp.tst',
    entries.slice(1).map(({ name, bytes: content }) => ({ name: String(name), bytes: content })),
  );
  const token = workshop.stamp(authorityName, stamped ?? text);
  return rawZip([
    ...entries,
    { name: 'META-INF/ASiCArchiveManifest.xml', bytes: text },
    { name: 'META-INF/timestamp.tst', bytes: token },
  ]);
}

check('an archive stamp', [
  ['over everything', () => archived('tsa'), 'passed'],
  ['by an authority nobody trusts', () => archived('other-tsa'), 'passed'],
  ['over something else', () => archived('tsa', bytes('x')), 'failed HASH_FAILURE'],
]);

test('each file is told with the signatures that speak for it, and the rest is named', async () => {
  const report = await judge(
    await container({ named: [letter], more: [...(await second()), { name: 'x', bytes: bytes('x') }] }),
  );
  assert.equal(report.kind, 'asic-e');
  assert.deepEqual(report.files, [
    { name: letter.name, signedBy: ['META-INF/signature.p7s'] },
    { name: table.name, signedBy: ['META-INF/signature2.p7s'] },
    { name: 'x', signedBy: [] },
  ]);
  assert.deepEqual(report.uncovered, ['x']);
  assert.deepEqual(
    report.signatures.map(({ signer }) => signer?.commonName),
    ['Образцова Проба Тестовна', 'Второй Проба Тестович'],
  );
});

const noZip = ((): string | false => {
  try {
    execFileSync('zip', ['-v'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'the program zip is not installed';
  }
})();
for (const flags of [['-X'], [], ['-fd'], ['-fz'], ['-0', '-D']])
  test(`what Info-ZIP writes with ${flags.join(' ') || 'nothing said'} passes`, { skip: noZip }, async () => {
    const place = mkdtempSync(join(folder, 'zip-'));
    const entries = await entriesOf();
    for (const { name, bytes: content } of entries) {
      mkdirSync(dirname(join(place, String(name))), { recursive: true });
      writeFileSync(join(place, String(name)), content);
    }
    execFileSync('zip', ['-q', '-r', ...flags, '../made.zip', '.'], { cwd: place });
    assert.equal(await verdict(readFileSync(join(folder, 'made.zip'))), 'passed');
    rmSync(join(folder, 'made.zip'));
  });
