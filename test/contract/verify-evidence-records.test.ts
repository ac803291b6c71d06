import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { judgeChains } from '../../protocol/evidence/archive-chain.ts';
import { readEvidenceRecord } from '../../protocol/evidence/evidence-record.ts';
import { verifyContainer } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import {
  contextTag,
  objectIdentifier,
  octetString,
  sequence,
  unsigned,
} from '../../protocol/signature/der-writer.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { type HeldFile, manifestOver } from '../fixtures/containers.ts';
import { mutated, seeded } from '../fixtures/foreign/mutator.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { rawZip } from '../fixtures/raw-zip.ts';

const { cms, issue, stamp, save } = opensslWorkshop();
const [from, to] = ['20200101000000Z', '20400101000000Z'];
const root = issue('root', { extensions: authorityExtensions, from, to });
// The clerk and the first authority run out in a month, the other lasts.
issue('clerk', { issuer: 'root' });
issue('tsa', { issuer: 'root', extensions: stampExtensions });
issue('late tsa', { issuer: 'root', extensions: stampExtensions, from, to });
issue('stranger', { extensions: authorityExtensions, from, to });
issue('foreign tsa', { issuer: 'stranger', extensions: stampExtensions, from, to });
const soon = new Date(Date.now() + 60_000);
const inYears = new Date('2035-01-01T00:00:00Z');

type Hash = 'sha256' | 'sha512';
const oids = { sha256: '2.16.840.1.101.3.4.2.1', sha512: '2.16.840.1.101.3.4.2.3' };
const digest = (bytes: Uint8Array, hash: Hash = 'sha256') => createHash(hash).update(bytes).digest();
const sorted = (digests: Uint8Array[]) => Buffer.concat(digests.toSorted(Buffer.compare));
const other = (text: string, hash: Hash = 'sha256') => digest(Buffer.from(text), hash);

/** An ArchiveTimeStamp (RFC 4998 section 4.1): `lists` from the leaves up, or the bytes of which the stamp is alone. */
function archiveStamp(tsa: string, tree: Uint8Array[][] | Uint8Array, hash: Hash = 'sha256') {
  const lists = tree instanceof Uint8Array ? [] : tree;
  const [first = [], ...others] = lists;
  // The root is the digest of this.
  const whole = others.reduce((below, list) => sorted([...list, digest(below, hash)]), sorted(first));
  const token = stamp(tsa, tree instanceof Uint8Array ? tree : whole, hash);
  const reduced = contextTag(2, ...lists.map(list => sequence(...list.map(octetString))));
  const algorithm = contextTag(0, objectIdentifier(oids[hash]));
  return { token, encoded: sequence(algorithm, ...(lists.length > 0 ? [reduced] : []), token) };
}
const record = (...chains: Uint8Array[]) =>
  sequence(
    unsigned(Uint8Array.of(1)),
    sequence(sequence(objectIdentifier(oids.sha256))),
    sequence(...chains),
  );

const letter = Buffer.from('Выдуманное письмо');
const order = Buffer.from('Выдуманный приказ');
const leaf = digest(letter);
const alone = archiveStamp('tsa', letter);
const inTree = archiveStamp('tsa', [[leaf, other('a')], [other('b')], [other('c'), other('d')]]);
const renewal = archiveStamp('late tsa', alone.token);
const treeRenewal = archiveStamp('late tsa', [[digest(inTree.token), other('x')], [other('y')]]);
const firstChain = sequence(alone.encoded);
const rehashed = (older: Uint8Array) =>
  digest(Buffer.concat([digest(letter, 'sha512'), digest(sequence(older), 'sha512')]), 'sha512');
const rehash = archiveStamp('late tsa', [[rehashed(firstChain), other('z', 'sha512')]], 'sha512');

async function verdict(bytes: Uint8Array, contents: Uint8Array[] = [letter], at = soon): Promise<string> {
  const trust = trustOf({ anchors: [root], at });
  const found = await judgeChains(readEvidenceRecord(bytes), contents.map(contentOf), trust);
  return found.reason ?? 'holds';
}

const rows: [name: string, bytes: Uint8Array, expected: string, contents?: Uint8Array[], at?: Date][] = [
  ['a stamp over a file alone', record(firstChain), 'holds'],
  ['a file in a tree', record(sequence(inTree.encoded)), 'holds'],
  [
    'two files in one group',
    record(sequence(archiveStamp('tsa', [[leaf, digest(order)], [other('b')]]).encoded)),
    'holds',
    [letter, order],
  ],
  [
    'a file that is not in the group',
    record(sequence(archiveStamp('tsa', [[leaf, other('a')]]).encoded)),
    'HASH_FAILURE',
    [letter, order],
  ],
  ['another file', record(sequence(inTree.encoded)), 'HASH_FAILURE', [order]],
  [
    'a file higher up than the leaves',
    record(sequence(archiveStamp('tsa', [[other('a')], [leaf]]).encoded)),
    'HASH_FAILURE',
  ],
  [
    'a stamp over another root',
    record(
      sequence(
        sequence(
          contextTag(0, objectIdentifier(oids.sha256)),
          contextTag(2, sequence(octetString(leaf))),
          stamp('tsa', order),
        ),
      ),
    ),
    'HASH_FAILURE',
  ],
  [
    'an authority that nobody trusts',
    record(sequence(archiveStamp('foreign tsa', letter).encoded)),
    'NO_CERTIFICATE_CHAIN_FOUND',
  ],
  ['an authority that has run out', record(firstChain), 'OUT_OF_BOUNDS_NO_POE', [letter], inYears],
  ['the same, renewed', record(sequence(alone.encoded, renewal.encoded)), 'holds', [letter], inYears],
  [
    'the same, renewed in a tree',
    record(sequence(inTree.encoded, treeRenewal.encoded)),
    'holds',
    [letter],
    inYears,
  ],
  [
    'renewed for another stamp',
    record(sequence(inTree.encoded, renewal.encoded)),
    'HASH_FAILURE',
    [letter],
    inYears,
  ],
  ['renewed in the wrong order', record(sequence(renewal.encoded, alone.encoded)), 'HASH_FAILURE'],
  ['under another digest function', record(firstChain, sequence(rehash.encoded)), 'holds', [letter], inYears],
  [
    'under another function for another chain',
    record(sequence(inTree.encoded), sequence(rehash.encoded)),
    'HASH_FAILURE',
    [letter],
    inYears,
  ],
  [
    'under another function for another file',
    record(firstChain, sequence(rehash.encoded)),
    'HASH_FAILURE',
    [order],
    inYears,
  ],
];
suite('an evidence record (RFC 4998)', () => {
  for (const [name, bytes, expected, contents, at] of rows)
    test(`${name}: ${expected}`, async () => assert.equal(await verdict(bytes, contents, at), expected));

  test('of Bouncy Castle, renewed twice, proves the time of its first stamp', async () => {
    const read = (name: string) =>
      readFileSync(new URL(`../fixtures/foreign/bouncy-castle/${name}`, import.meta.url));
    const trust = trustOf({ anchors: [read('authority.der')], at: new Date('2026-12-01T00:00:00Z') });
    const document = (number: number) => contentOf(Buffer.from(`Document number ${number}`));
    const renewed = await judgeChains(readEvidenceRecord(read('renewed.ers')), [document(2)], trust);
    assert.deepEqual([renewed.reason, renewed.at?.toISOString().slice(0, 10)], [null, '2026-01-26']);
    const group = readEvidenceRecord(read('group.ers'));
    assert.equal((await judgeChains(group, [0, 1, 2].map(document), trust)).reason, null);
    assert.equal((await judgeChains(group, [0, 1, 5].map(document), trust)).reason, 'HASH_FAILURE');
  });

  test('no flipped byte proves another file or throws anything but FormatError', async () => {
    const good = record(sequence(inTree.encoded, treeRenewal.encoded));
    const random = seeded(7);
    for (let round = 0; round < 300; round += 1) {
      const changed = mutated(good, random);
      try {
        assert.notEqual(await verdict(changed, [order], inYears), 'holds');
      } catch (error) {
        assert.ok(error instanceof FormatError, String(error));
      }
    }
  });
});

suite('a container with evidence records (EN 319 162-1)', () => {
  const file = { name: 'письмо.txt', bytes: letter };
  const manifest = {
    name: 'META-INF/ASiCManifest.xml',
    bytes: manifestOver('META-INF/signature.p7s', [file]),
  };
  save('manifest', manifest.bytes);
  const signed = [
    file,
    manifest,
    { name: 'META-INF/signature.p7s', bytes: cms(['clerk'], 'manifest', '-cades') },
  ];
  const evidence = (bytes: Uint8Array, named: HeldFile[] = signed, suffix = 'ers'): HeldFile[] => [
    {
      name: 'META-INF/ASiCEvidenceRecordManifest.xml',
      bytes: manifestOver(`META-INF/evidencerecord.${suffix}`, named),
    },
    { name: `META-INF/evidencerecord.${suffix}`, bytes },
  ];
  const over = (files: HeldFile[], tsa = 'late tsa') =>
    record(sequence(archiveStamp(tsa, [files.map(({ bytes }) => digest(bytes)), [other('b')]]).encoded));
  const asic = (...entries: HeldFile[]) =>
    rawZip([{ name: 'mimetype', bytes: Buffer.from('application/vnd.etsi.asic-e+zip') }, ...entries]);
  const judged = async (bytes: Uint8Array, at = inYears) => {
    const {
      verdict: said,
      reasons,
      oddities,
    } = await verifyContainer(sourceOf(bytes), trustOf({ anchors: [root], at }));
    return [said, ...reasons, ...oddities].join(' ');
  };

  test('one proves the signature when the certificate has run out', async () => {
    assert.equal(await judged(asic(...signed)), 'indeterminate OUT_OF_BOUNDS_NO_POE');
    assert.equal(await judged(asic(...signed, ...evidence(over(signed)))), 'passed');
  });

  test('one in XML does the same, renewed too', async () => {
    const first = stamp('tsa', sorted(signed.map(({ bytes }) => digest(bytes))));
    const stampElement = (token: Uint8Array) =>
      `<TimeStamp xmlns="urn:ietf:params:xml:ns:ers"><TimeStampToken Type="RFC3161">${Buffer.from(token).toString('base64')}</TimeStampToken></TimeStamp>`;
    const second = stamp('late tsa', Buffer.from(stampElement(first)));
    const list = (digests: Uint8Array[]) =>
      `<HashTree><Sequence Order="1">${digests.map(each => `<DigestValue>${Buffer.from(each).toString('base64')}</DigestValue>`).join('')}</Sequence></HashTree>`;
    const stamps = [
      `<ArchiveTimeStamp Order="2">${stampElement(second)}</ArchiveTimeStamp>`,
      `<ArchiveTimeStamp Order="1">${list(signed.map(({ bytes }) => digest(bytes)))}${stampElement(first)}</ArchiveTimeStamp>`,
    ];
    const xml = `<EvidenceRecord xmlns="urn:ietf:params:xml:ns:ers" Version="1.0"><ArchiveTimeStampSequence><ArchiveTimeStampChain Order="1"><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>${stamps.join('')}</ArchiveTimeStampChain></ArchiveTimeStampSequence></EvidenceRecord>`;
    const entries = (text: string) => evidence(Buffer.from(text), signed, 'xml');
    assert.equal(await judged(asic(...signed, ...entries(xml))), 'passed');
    const swapped = xml.replace('Order="2"', 'Order="3"');
    assert.match(
      await judged(asic(...signed, ...entries(swapped))),
      /^indeterminate OUT_OF_BOUNDS.*evidence-record-not-trusted/,
    );
  });

  for (const [name, bytes] of [
    ['broken', Buffer.from('выдуманная запись')],
    ['of a stranger', over(signed, 'foreign tsa')],
    ['about other files', over([file])],
  ] as const)
    test(`one that is ${name} proves nothing and takes nothing`, async () => {
      assert.equal(
        await judged(asic(...signed, ...evidence(bytes)), soon),
        'passed evidence-record-not-trusted',
      );
      assert.match(await judged(asic(...signed, ...evidence(bytes))), /^indeterminate OUT_OF_BOUNDS_NO_POE/);
    });

  test('alone it is what the container stands for', async () => {
    const entries = evidence(over([file]), [file]);
    assert.equal(await judged(asic(file, ...entries)), 'passed');
    assert.match(await judged(asic({ ...file, bytes: order }, ...entries)), /^failed HASH_FAILURE/);
    const only = { name: 'META-INF/evidencerecord.ers', bytes: record(firstChain) };
    assert.equal(await judged(asic(file, only), soon), 'passed');
    assert.match(
      await judged(asic(file, { name: 'more.txt', bytes: order }, only), soon),
      /^indeterminate FORMAT_NOT_SUPPORTED/,
    );
  });

  test('a file under a stamp or a record alone is not signed where others are', async () => {
    const stranger = { name: 'чужое.txt', bytes: order };
    assert.match(
      await judged(asic(...signed, stranger, ...evidence(over([stranger]), [stranger])), soon),
      /^failed UNCOVERED_ENTRY/,
    );
    const archive = {
      name: 'META-INF/ASiCArchiveManifest.xml',
      bytes: manifestOver('META-INF/archive.tst', [...signed, stranger]),
    };
    const token = { name: 'META-INF/archive.tst', bytes: stamp('late tsa', archive.bytes) };
    assert.match(await judged(asic(...signed, stranger, archive, token), soon), /^failed UNCOVERED_ENTRY/);
  });
});
