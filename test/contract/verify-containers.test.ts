import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { verifyContainer } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { manifestOver } from '../fixtures/containers.ts';
import { opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { type RawEntry, rawZip } from '../fixtures/raw-zip.ts';
import { makeSigner } from '../fixtures/signers.ts';

const authority = await createAuthority('Вымышленный удостоверяющий центр');
const one = await makeSigner(authority, 'ecdsa-p256-sha256');
const two = await makeSigner(authority, 'rsa-pkcs1-sha256', 'Второй Проба Тестович');
const workshop = opensslWorkshop();
const stampAuthority = workshop.issue('tsa', { extensions: stampExtensions });
workshop.issue('other-tsa', { extensions: stampExtensions });
const trust = trustOf({
  anchors: [authority.certificateDer],
  timeStampAnchors: [stampAuthority],
  at: new Date(Date.now() + 60_000),
});
const folder = mkdtempSync(join(tmpdir(), 'okno-containers-'));
after(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => Buffer.from(text);
const asicE = bytes('application/vnd.etsi.asic-e+zip');
const asicS = bytes('application/vnd.etsi.asic-s+zip');
const letter = { name: 'письмо 1.txt', bytes: bytes('Выдуманное письмо. '.repeat(50)) };
const table = { name: 'data/table.csv', bytes: bytes('a;b\n1;2\n'.repeat(100)) };
const files = [letter, table];
const zipped = (...entries: RawEntry[]) => rawZip(entries);

const manifestOf = (signatureName: string, named: { name: string; bytes: Uint8Array }[]) =>
  Buffer.from(manifestOver(signatureName, named));

interface Wish {
  named?: { name: string; bytes: Uint8Array }[];
  held?: RawEntry[];
  change?: (manifest: string) => string;
  mimetype?: RawEntry | null;
  more?: RawEntry[];
}

/** An ASiC-E with one manifest, as other programs make it, with something about it changed. */
async function container({ named = files, held = files, change, mimetype, more = [] }: Wish = {}) {
  const text = manifestOf('META-INF/signature.p7s', named).toString();
  const manifest = bytes(change ? change(text) : text);
  const first = mimetype === undefined ? { name: 'mimetype', bytes: asicE } : mimetype;
  return zipped(
    ...(first ? [first] : []),
    ...held,
    { name: 'META-INF/ASiCManifest.xml', bytes: manifest },
    { name: 'META-INF/signature.p7s', bytes: await one.sign(manifest) },
    ...more,
  );
}

async function judge(source: Uint8Array) {
  return verifyContainer(sourceOf(source), trust);
}

async function verdict(source: Uint8Array): Promise<string> {
  const { verdict: said, reasons, detail } = await judge(source);
  return [said, ...reasons, ...(detail ? [detail] : [])].join(' ');
}

type Row = [name: string, make: () => Promise<Uint8Array> | Uint8Array, expected: string];
const check = (title: string, rows: Row[]) =>
  suite(title, () => {
    for (const [name, make, expected] of rows)
      test(`${name}: ${expected}`, async () => assert.equal(await verdict(await make()), expected));
  });

const format = (detail: string) => `failed FORMAT_FAILURE ${detail}`;
const simple = async (signer = one) =>
  zipped({ name: 'mimetype', bytes: asicS }, letter, {
    name: 'META-INF/signature.p7s',
    bytes: await signer.sign(letter.bytes),
  });
const second = async (named = [table]): Promise<RawEntry[]> => {
  const manifest = manifestOf('META-INF/signature2.p7s', named);
  return [
    { name: 'META-INF/ASiCManifest2.xml', bytes: manifest },
    { name: 'META-INF/signature2.p7s', bytes: await two.sign(manifest) },
  ];
};
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

const entriesOf = async (): Promise<RawEntry[]> => {
  const manifest = manifestOf('META-INF/signature.p7s', files);
  return [
    { name: 'mimetype', bytes: asicE },
    ...files,
    { name: 'META-INF/ASiCManifest.xml', bytes: manifest },
    { name: 'META-INF/signature.p7s', bytes: await one.sign(manifest) },
  ];
};
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

const held = (changes: Partial<RawEntry>): Promise<Buffer> =>
  container({ held: [{ ...letter, ...changes }, table] });

check('a manifest that leads astray', [
  ['a name twice', () => container({ named: [letter, table, letter] }), format('manifest-repeats-a-name')],
  [
    'a document type with an entity',
    () =>
      container({
        change: text =>
          text.replace(
            '<asic:ASiCManifest',
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><asic:ASiCManifest',
          ),
      }),
    format('manifest-xml'),
  ],
  [
    'an unknown entity',
    () => container({ change: text => text.replace('text/plain', '&boom;') }),
    format('manifest-xml'),
  ],
  [
    'no reference to a signature',
    () => container({ change: text => text.replace(/<asic:SigReference[^>]*>/, '') }),
    format('manifest-structure'),
  ],
  [
    'another root element',
    () =>
      container({
        change: text =>
          text.replaceAll('ASiCManifest ', 'Other ').replaceAll('/asic:ASiCManifest', '/asic:Other'),
      }),
    format('manifest-structure'),
  ],
  [
    'a digest that is no base64',
    () => container({ change: text => text.replace(/<ds:DigestValue>..../, '<ds:DigestValue>****') }),
    format('manifest-digest'),
  ],
  [
    'tags that cross',
    () => container({ change: text => text.replace('</ds:DigestValue>', '') }),
    format('manifest-xml'),
  ],
  ['text after the end', () => container({ change: text => `${text}more` }), format('manifest-xml')],
  ['depth', () => container({ change: () => '<a>'.repeat(5000) }), format('manifest-xml')],
]);

check('a ZIP file that leads astray', [
  ['a name twice', () => container({ more: [letter] }), format('duplicate-name')],
  [
    'a name twice but for case',
    () => container({ more: [{ ...table, name: 'DATA/table.csv' }] }),
    format('duplicate-name'),
  ],
  [
    'a name twice but for normalisation',
    () =>
      container({
        held: [
          { ...letter, name: 'й.txt' },
          { ...letter, name: 'й.txt'.normalize('NFD') },
        ],
      }),
    format('duplicate-name'),
  ],
  [
    'a name twice but for a dot at the end',
    () => container({ more: [{ ...table, name: 'data/table.csv.' }] }),
    format('duplicate-name'),
  ],
  [
    'a mimetype in capitals',
    () => container({ mimetype: null, more: [{ name: 'MIMETYPE', bytes: asicE }] }),
    format('reserved-name'),
  ],
  [
    'a folder that looks like META-INF',
    () => container({ more: [{ name: 'meta-inf/other.p7s', bytes: asicE }] }),
    format('reserved-name'),
  ],
  [
    'a path upwards',
    () => container({ more: [{ name: '../x', bytes: asicE }] }),
    format('name-leads-elsewhere'),
  ],
  [
    'a path from the root',
    () => container({ more: [{ name: '/x', bytes: asicE }] }),
    format('name-leads-elsewhere'),
  ],
  [
    'a drive',
    () => container({ more: [{ name: 'C:x', bytes: asicE }] }),
    format('name-with-forbidden-characters'),
  ],
  [
    'a backslash',
    () => container({ more: [{ name: 'a\\x', bytes: asicE }] }),
    format('name-with-forbidden-characters'),
  ],
  [
    'a direction of writing',
    () => container({ more: [{ name: 'a\u202efdp.exe', bytes: asicE }] }),
    format('name-with-forbidden-characters'),
  ],
  ['a symbolic link', () => held({ externalAttributes: (0o120777 << 16) >>> 0 }), format('not-a-plain-file')],
  ['an encrypted entry', () => held({ flags: 0x801 }), format('encrypted-or-unknown-flags')],
  [
    'an entry encrypted by AES',
    () => held({ extra: Buffer.from('01990700020041450308' + '00', 'hex') }),
    format('encrypted-or-unknown-flags'),
  ],
  ['an unknown compression', () => held({ method: 12 }), format('unknown-compression')],
  [
    'another name in the local header',
    () => held({ localName: 'письмо 2.txt' }),
    format('local-header-differs'),
  ],
  ['other flags in the local header', () => held({ localFlags: 0 }), format('local-header-differs')],
  [
    'a name by an extra field that does not fit',
    () => held({ extra: Buffer.from('7570060001aaaaaaaa79', 'hex') }),
    format('extra-field'),
  ],
  ['a wrong checksum', () => held({ crc: 1 }), format('checksum')],
  ['a wrong size', () => held({ size: 7 }), format('checksum')],
  [
    'bytes behind compressed data',
    () => held({ deflate: true, padding: bytes('x') }),
    format('bytes-after-compressed-data'),
  ],
  ['bytes between entries', () => held({ gap: bytes('x') }), format('entries-overlap-or-leave-gaps')],
  [
    'bytes before the first entry',
    () => container({ mimetype: { name: 'mimetype', bytes: asicE, gap: bytes('MZ') } }),
    format('entries-overlap-or-leave-gaps'),
  ],
  [
    'bytes behind the end',
    async () => Buffer.concat([await container(), bytes('x')]),
    format('no-end-record-at-the-end'),
  ],
  [
    'two ends',
    async () => rawZip(await entriesOf(), { comment: `PK\u0005\u0006${'\0'.repeat(18)}` }),
    format('no-end-record-at-the-end'),
  ],
  [
    'bytes before the directory',
    async () => rawZip(await entriesOf(), { before: bytes('x') }),
    format('directory-misplaced'),
  ],
  [
    'a bomb',
    () => container({ more: [{ name: 'x', bytes: Buffer.alloc(32 * 1024 * 1024), deflate: true }] }),
    format('inflates-too-much'),
  ],
  [
    'a bomb that lies about its size',
    () => held({ bytes: Buffer.alloc(8_000_000), deflate: true, size: 900 }),
    format('compressed-data'),
  ],
  [
    'more entries than a container may have',
    () =>
      container({ more: Array.from({ length: 5001 }, (_, at) => ({ name: `n${at}`, bytes: bytes('') })) }),
    format('too-many-entries'),
  ],
  ['cut off', async () => (await container()).subarray(0, 900), format('no-end-record-at-the-end')],
  ['nothing', () => Buffer.alloc(0), format('no-end-record-at-the-end')],
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
