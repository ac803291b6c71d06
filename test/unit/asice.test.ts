import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { suite, test } from 'node:test';
import { AppError } from '../../protocol/app-error.ts';
import { buildPackage, readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { filesOf, manifestOver } from '../fixtures/containers.ts';
import { type RawEntry, rawZip } from '../fixtures/raw-zip.ts';
import { makeSigner } from '../fixtures/signers.ts';

const clerks = await createAuthority('Вымышленный центр для сотрудников');
const boxes = await createAuthority('Вымышленный центр для устройств');
const clerk = await makeSigner(clerks, 'rsa-pkcs1-sha256');
const box = await makeSigner(boxes, 'ecdsa-p256-sha256', 'mfc-041');
const options = {
  documentAnchors: [clerks.certificateDer],
  containerAnchors: [boxes.certificateDer],
  at: new Date(),
};
const metadata = { caseNumber: 'К-0001', serviceId: 'invented-service' };
const names = ['01-application.pdf', '02-паспорт.pdf'];
const documents = await Promise.all(
  names.map(async name => {
    const bytes = Buffer.from(`%PDF ${name} `.repeat(60));
    return { name, mediaType: 'application/pdf', bytes, signature: await clerk.sign(bytes) };
  }),
);
const good = await buildPackage({ documents, metadata, signManifest: box.sign });

const verdictOf = async (bytes: Uint8Array) => {
  const { verdict, reasons, detail } = await verifyPackage(bytes, options);
  return [verdict, ...reasons, ...(detail ? [detail] : [])].join(' ');
};

suite('a package', () => {
  test('LED-3.4 LED-3.6 holds every document with its own signature and passes', async () => {
    const report = await verifyPackage(good, options);
    assert.equal(report.verdict, 'passed');
    assert.deepEqual(report.reasons, []);
    assert.deepEqual(report.uncovered, []);
    assert.deepEqual(
      report.documents.map(({ name, verdict }) => [name, verdict]),
      names.map(name => [name, 'passed']),
    );
    assert.equal(report.container.signer?.commonName, 'mfc-041');
  });

  test('gives back exactly the bytes that went in', async () => {
    const read = readPackage(good);
    assert.deepEqual(read.metadata, metadata);
    for (const [index, document] of read.documents.entries()) {
      const original = documents[index];
      assert.equal(document.name, original?.name);
      assert.deepEqual(Buffer.from(await document.content.bytes()), original?.bytes);
      assert.deepEqual(Buffer.from(document.signature ?? []), original?.signature);
    }
    assert.deepEqual([...read.entries.keys()][0], 'mimetype');
  });

  test('is the same, byte by byte, for the same input', async () => {
    const signature = readPackage(good).containerSignature;
    assert.deepEqual(await buildPackage({ documents, metadata, signManifest: async () => signature }), good);
  });

  test("the box's signature does not stand in for a clerk's, nor a clerk's for the box's", async () => {
    const [first] = documents;
    assert.ok(first);
    const byBox = { ...first, signature: await box.sign(first.bytes) };
    const wrongHand = await buildPackage({ documents: [byBox], metadata, signManifest: box.sign });
    assert.equal(await verdictOf(wrongHand), 'indeterminate NO_CERTIFICATE_CHAIN_FOUND');
    const sealedByClerk = await buildPackage({ documents, metadata, signManifest: clerk.sign });
    assert.equal(await verdictOf(sealedByClerk), 'indeterminate NO_CERTIFICATE_CHAIN_FOUND');
  });

  test('no single bit can change and leave it passed', async () => {
    // Each run another share of them.
    const step = 25;
    for (let bit = randomInt(step); bit < good.length * 8; bit += step) {
      const changed = Buffer.from(good);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.notEqual((await verifyPackage(changed, options)).verdict, 'passed', `bit ${bit}`);
    }
  });

  test('several bytes exchanged at random places never leave it passed', async () => {
    let state = 20_240_617;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 3000; round++) {
      const changed = Buffer.from(good);
      for (let i = 0; i <= random(3); i++) changed[random(changed.length)] = random(256);
      if (changed.equals(good)) continue;
      assert.notEqual((await verifyPackage(changed, options)).verdict, 'passed', `round ${round}`);
    }
  });

  test('a package cut off anywhere fails and never throws', async () => {
    for (let length = 0; length < good.length; length += 13) {
      assert.equal(
        await verdictOf(good.subarray(0, length)),
        'failed FORMAT_FAILURE no-end-record-at-the-end',
      );
    }
  });

  test('names that would lead out of a folder, and empty packages, are refused when building', async () => {
    const [first] = documents;
    assert.ok(first);
    for (const name of [
      '../a.pdf',
      'a/b.pdf',
      '',
      'a\\b.pdf',
      'a.pdf.sig',
      'C:a.pdf',
      'a\u202efdp.exe',
      'a.pdf ',
    ]) {
      const input = { documents: [{ ...first, name }], metadata, signManifest: box.sign };
      await assert.rejects(buildPackage(input), isMalformed, name);
    }
    await assert.rejects(buildPackage({ documents: [], metadata, signManifest: box.sign }), isMalformed);
    const twice = [first, { ...first, name: first.name.toUpperCase().replace('.PDF', '.pdf') }];
    await assert.rejects(buildPackage({ documents: twice, metadata, signManifest: box.sign }), isMalformed);
  });
});

suite('a container put together by somebody else', async () => {
  const files = await filesOf(good);
  const entries: RawEntry[] = files;
  const change = (name: string, changes: Partial<RawEntry>) =>
    entries.map(entry => (entry.name === name ? { ...entry, ...changes } : entry));
  const document = 'documents/01-application.pdf';
  const more = (entry: RawEntry) => rawZip([...entries, entry]);
  const bytes = Buffer.from('x');
  const format = (detail: string) => `failed FORMAT_FAILURE ${detail}`;

  /** The box signs a manifest over other entries than it should. */
  const resealed = async (files: { name: string; bytes: Uint8Array }[]) => {
    const kept = files.filter(({ name }) => name !== 'mimetype' && !name.startsWith('META-INF/'));
    const manifest = manifestOver('META-INF/signature001.p7s', kept);
    return rawZip([
      { name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-e+zip') },
      ...kept,
      { name: 'META-INF/ASiCManifest001.xml', bytes: manifest },
      { name: 'META-INF/signature001.p7s', bytes: await box.sign(manifest) },
    ]);
  };
  const without = (name: string) => files.filter(file => file.name !== name);
  const swapped = files.map(file =>
    file.name === `${document}.sig` ? { ...file, bytes: documents[1]?.signature ?? bytes } : file,
  );

  const accepted: [string, Uint8Array][] = [
    ['the same entries from another writer', rawZip(entries)],
    ['compressed entries', rawZip(entries.map(entry => ({ ...entry, deflate: entry.name !== 'mimetype' })))],
    ['sizes behind the data', rawZip(change(document, { streamed: true, deflate: true }))],
    ['times in extra fields', rawZip(change(document, { extra: Buffer.from('5554050001aaaaaaaa', 'hex') }))],
    ['the manifest written anew', await resealed(files)],
  ];
  for (const [name, container] of accepted) {
    test(`is accepted: ${name}`, async () => assert.equal(await verdictOf(container), 'passed'));
  }

  const refused: [string, Uint8Array, string][] = [
    [
      'LED-3.6 a document without signature',
      await resealed(without(`${document}.sig`)),
      'failed NO_SIGNATURE',
    ],
    ["LED-3.6 another document's signature", await resealed(swapped), 'failed HASH_FAILURE'],
    [
      'no document at all',
      await resealed(files.filter(({ name }) => !name.startsWith('documents/'))),
      'failed NO_SIGNATURE',
    ],
    ['a signature without document', await resealed(without(document)), format('signature-without-document')],
    [
      'a covered file in a strange place',
      await resealed([...files, { name: 'extra.pdf', bytes }]),
      'failed FORMAT_FAILURE',
    ],
    [
      'a document taken out',
      rawZip(entries.filter(({ name }) => !String(name).startsWith(document))),
      'indeterminate SIGNED_DATA_NOT_FOUND',
    ],
    ['a file put in', more({ name: 'extra.pdf', bytes }), 'failed UNCOVERED_ENTRY'],
    [
      'a second manifest put in',
      more({ name: 'META-INF/ASiCManifest002.xml', bytes }),
      'failed UNCOVERED_ENTRY',
    ],
    [
      'metadata exchanged',
      rawZip(change('application.json', { bytes: Buffer.from('{}') })),
      'failed HASH_FAILURE',
    ],
    [
      'metadata that is not JSON',
      rawZip(change('application.json', { bytes: Buffer.from('{') })),
      format('metadata-is-not-json'),
    ],
    [
      'manifest exchanged',
      rawZip(change('META-INF/ASiCManifest001.xml', { bytes: Buffer.from('<a/>') })),
      format('manifest-structure'),
    ],
    ['no mimetype', rawZip(entries.slice(1)), format('mimetype')],
    ['mimetype not first', rawZip([...entries.slice(1), ...entries.slice(0, 1)]), format('mimetype')],
    ['mimetype compressed', rawZip(change('mimetype', { deflate: true })), format('mimetype')],
    [
      'another mimetype',
      rawZip(change('mimetype', { bytes: Buffer.from('application/zip') })),
      format('mimetype'),
    ],
    ['a name twice', more({ name: document, bytes }), format('duplicate-name')],
    ['a name twice but for case', more({ name: document.toUpperCase(), bytes }), format('duplicate-name')],
    ['a path upwards', more({ name: 'documents/../../etc/cron.d/x', bytes }), format('name-leads-elsewhere')],
    ['an absolute path', more({ name: '/etc/x', bytes }), format('name-leads-elsewhere')],
    ['a backslash', more({ name: 'documents\\x', bytes }), format('name-with-forbidden-characters')],
    ['a NUL in a name', more({ name: 'x\0.pdf', bytes }), format('name-with-forbidden-characters')],
    [
      'a name that is not UTF-8',
      more({ name: Buffer.of(0xff, 0xfe), bytes }),
      format('name-of-unknown-encoding'),
    ],
    ['a name of unknown encoding', more({ name: 'ё', bytes, flags: 0 }), format('name-of-unknown-encoding')],
    ['a folder', more({ name: 'documents/x/', bytes: Buffer.alloc(0) }), format('name-leads-elsewhere')],
    [
      'a symbolic link',
      more({ name: 'x', bytes, externalAttributes: (0o120777 << 16) >>> 0 }),
      format('not-a-plain-file'),
    ],
    ['an encrypted entry', more({ name: 'x', bytes, flags: 0x801 }), format('encrypted-or-unknown-flags')],
    ['an unknown compression', more({ name: 'x', bytes, method: 12 }), format('unknown-compression')],
    [
      'ZIP64',
      more({
        name: 'x',
        bytes,
        versionNeeded: 45,
        localExtra: Buffer.from('0100080000000000000000ff', 'hex'),
      }),
      format('unknown-version'),
    ],
    [
      'another size in an extra field',
      more({ name: 'x', bytes, extra: Buffer.from('0100080000000000000000ff', 'hex') }),
      format('extra-field'),
    ],
    [
      'another name in an extra field',
      more({ name: 'x', bytes, extra: Buffer.from('7570060001aaaaaaaa79', 'hex') }),
      format('extra-field'),
    ],
    [
      'an extra field cut off',
      more({ name: 'x', bytes, localExtra: Buffer.of(0x55, 0x54, 9) }),
      format('extra-field'),
    ],
    [
      'two names for one entry',
      rawZip(change(document, { localName: 'documents/01-applicatiom.pdf' })),
      format('local-header-differs'),
    ],
    ['two times for one entry', rawZip(change(document, { localTime: 1 })), format('local-header-differs')],
    [
      'two sets of flags for one entry',
      rawZip(change(document, { localFlags: 0x801 })),
      format('local-header-differs'),
    ],
    ['a wrong checksum', rawZip(change(document, { crc: 1 })), format('checksum')],
    ['a wrong size', rawZip(change(document, { deflate: true, size: 7 })), format('compressed-data')],
    [
      'bytes behind compressed data',
      rawZip(change(document, { deflate: true, padding: bytes })),
      format('bytes-after-compressed-data'),
    ],
    [
      'bytes between entries',
      rawZip(change(document, { gap: bytes })),
      format('entries-overlap-or-leave-gaps'),
    ],
    [
      'bytes before the first entry',
      rawZip(change('mimetype', { gap: bytes })),
      format('entries-overlap-or-leave-gaps'),
    ],
    ['bytes before the directory', rawZip(entries, { before: bytes }), format('directory-misplaced')],
    ['bytes behind the end', rawZip(entries, { after: bytes }), format('no-end-record-at-the-end')],
    ['a comment', rawZip(entries, { comment: 'x' }), format('no-end-record-at-the-end')],
    ['a comment on an entry', rawZip(change(document, { comment: 'x' })), format('comment')],
    [
      'an entry from another program',
      more({ name: 'x', bytes, madeBy: 0x033f }),
      format('entries-of-several-producers'),
    ],
    [
      'a bomb',
      more({ name: 'x', bytes: Buffer.alloc(16 * 1024 * 1024), deflate: true }),
      format('inflates-too-much'),
    ],
    [
      'a bomb that lies about its size',
      more({ name: 'x', bytes: Buffer.alloc(4_000_000), deflate: true, size: 9 }),
      format('compressed-data'),
    ],
    [
      '501 entries',
      rawZip([...entries, ...Array.from({ length: 501 }, (_, i) => ({ name: `n${i}`, bytes }))]),
      format('too-many-entries'),
    ],
    [
      'not a ZIP file',
      Buffer.from('PK or something else entirely, long enough'),
      format('no-end-record-at-the-end'),
    ],
    ['nothing', Buffer.alloc(0), format('no-end-record-at-the-end')],
  ];
  for (const [name, container, expected] of refused) {
    test(`is refused: ${name}`, async () => assert.equal(await verdictOf(container), expected));
  }

  test('every uncovered entry is named', async () => {
    const { uncovered } = await verifyPackage(more({ name: 'documents/03.pdf', bytes }), options);
    assert.deepEqual(uncovered, ['documents/03.pdf']);
  });

  test('manifests with document types, entities, comments or repeated names are refused', () => {
    const text = Buffer.from(readPackage(good).manifest).toString();
    const reference = /<asic:DataObjectReference[\s\S]*?<\/asic:DataObjectReference>/.exec(text)?.[0] ?? '';
    const hostile = [
      text.replace('<asic:ASiCManifest', '<!DOCTYPE a [<!ENTITY b "c">]><asic:ASiCManifest'),
      text.replace(reference, `<!-- ${reference} -->`),
      text.replace(reference, reference + reference),
      text.replace('documents/', '&xxe;documents/'),
      text.replace('http://uri.etsi.org/02918', 'http://example.org/02918'),
      text.replace('</asic:ASiCManifest>', ''),
      `${text}<more/>`,
      text.replace('xmlenc#sha256', 'xmldsig#sha1'),
      text.replace('URI="', 'URI="%ZZ'),
    ];
    for (const manifest of hostile) {
      assert.notEqual(manifest, text);
      const container = rawZip(change('META-INF/ASiCManifest001.xml', { bytes: Buffer.from(manifest) }));
      assert.throws(() => readPackage(container), isMalformed, manifest.slice(0, 200));
    }
  });
});

function isMalformed(error: unknown): boolean {
  return error instanceof AppError && error.code === 'package.malformed';
}
