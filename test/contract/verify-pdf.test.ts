import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { suite, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { verifyPdf } from '../../protocol/pdf-signature/verify.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { verifyFile } from '../../provisioning/okno/verify-file.ts';
import { reportText } from '../../provisioning/okno/verify-text.ts';
import { mutated, seeded } from '../fixtures/foreign/mutator.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { appended, type PdfSigning, plainPdf, signedPdf, stream } from '../fixtures/foreign/pdf.ts';

const { cms, issue, openssl, path, stamp, revocationList, save } = opensslWorkshop();
const [from, to] = ['20200101000000Z', '20400101000000Z'];
const root = issue('root', { extensions: authorityExtensions, from, to });
issue('clerk', { issuer: 'root' });
issue('chief', { issuer: 'root' });
issue('late tsa', { issuer: 'root', extensions: stampExtensions, from, to });
const list = revocationList('root', { args: ['-crldays', '3000'] });

const by = (name: string, ...args: string[]) => ({
  sign: (signed: Buffer) => {
    save('signed', signed);
    return cms([name], 'signed', ...args);
  },
});
const clerk = by('clerk', '-cades');
const byStamp: PdfSigning = {
  subFilter: 'ETSI.RFC3161',
  number: 20,
  sign: signed => stamp('late tsa', signed),
};
const soon = new Date(Date.now() + 60_000);
const inYears = new Date('2033-01-01T00:00:00Z');

async function judge(file: Buffer, at = soon) {
  return verifyPdf(sourceOf(file), trustOf({ anchors: [root], at }));
}
const verdict = async (file: Buffer, at?: Date) => {
  const { verdict: said, reasons } = await judge(file, at);
  return [said, ...reasons].join(' ');
};

const plain = plainPdf();
const good = signedPdf(plain, clerk);
const changed = (file: Buffer, what: string, other: string) => {
  const copy = Buffer.from(file);
  assert.equal(what.length, other.length);
  copy.write(other, copy.indexOf(what), 'latin1');
  return copy;
};
const store = (extra = '') => [
  { number: 1, body: `<</Type/Catalog/Pages 2 0 R/DSS 9 0 R${extra}>>` },
  { number: 9, body: '<</Type/DSS/CRLs[10 0 R]>>' },
  { number: 10, body: stream(list) },
];
const otherPage = { number: 4, body: '<</Length 2>>\nstream\nBT\nendstream' };

suite('signatures inside PDF', () => {
  const rows: [name: string, file: () => Buffer, expected: string][] = [
    ['PAdES (EN 319 142-1)', () => good, 'passed'],
    [
      'the older kind of ISO 32000-1 with the attributes of CAdES',
      () => signedPdf(plain, { ...clerk, subFilter: 'adbe.pkcs7.detached' }),
      'passed',
    ],
    [
      'plain CMS, which does not name its certificate',
      () => signedPdf(plain, { ...by('clerk'), subFilter: 'adbe.pkcs7.detached' }),
      'indeterminate SIG_CONSTRAINTS_FAILURE',
    ],
    ['no signature', () => plain, 'failed NO_SIGNATURE'],
    ['a changed page', () => changed(good, 'Invented', 'Inverted'), 'failed HASH_FAILURE'],
    ['a changed dictionary', () => changed(good, 'D:2026', 'D:2025'), 'failed HASH_FAILURE'],
    [
      'a kind that nobody judges here',
      () => signedPdf(plain, { ...clerk, subFilter: 'adbe.x509.rsa_sha1' }),
      'indeterminate FORMAT_NOT_SUPPORTED',
    ],
    [
      'a message with content of its own',
      () => signedPdf(plain, by('clerk', '-cades', '-nodetach')),
      'failed FORMAT_FAILURE',
    ],
    [
      'a range that leaves out the beginning',
      () => signedPdf(plain, { ...clerk, range: ([, b = 0, c = 0, d = 0]) => [1, b, c, d] }),
      'failed FORMAT_FAILURE',
    ],
    [
      'a gap wider than the value (signature wrapping)',
      () => signedPdf(plain, { ...clerk, range: ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c + 40, d - 40] }),
      'failed FORMAT_FAILURE',
    ],
    [
      'a gap in another place than the value',
      () => signedPdf(plain, { ...clerk, range: ([a = 0, b = 0, c = 0, d = 0]) => [a, b - 200, c, d] }),
      'failed FORMAT_FAILURE',
    ],
    [
      'a range beyond the end',
      () => signedPdf(plain, { ...clerk, range: ([a = 0, b = 0, c = 0, d = 0]) => [a, b, c, d + 1] }),
      'failed FORMAT_FAILURE',
    ],
    ['two signers', () => signedPdf(good, { ...by('chief', '-cades'), number: 6 }), 'passed'],
    ['another page behind the signature', () => appended(good, [otherPage]), 'indeterminate UNSIGNED_UPDATE'],
    [
      'bytes behind the signature',
      () => Buffer.concat([good, Buffer.from('x')]),
      'indeterminate UNSIGNED_UPDATE',
    ],
    ['a document security store behind the signature', () => appended(good, store()), 'passed'],
    [
      'a table that begins in the signed part',
      () => Buffer.concat([good, Buffer.from('startxref\n9\n%%EOF\n')]),
      'indeterminate UNSIGNED_UPDATE',
    ],
    [
      'a store with another page beside it',
      () => appended(good, [...store(), otherPage]),
      'indeterminate UNSIGNED_UPDATE',
    ],
    [
      'a store with something new in the catalogue',
      () => appended(good, store('/AcroForm 12 0 R')),
      'indeterminate UNSIGNED_UPDATE',
    ],
    [
      'a store and other facts about the document',
      () => appended(good, store(), '/Info 10 0 R'),
      'indeterminate UNSIGNED_UPDATE',
    ],
    [
      'a store that fills a gap which the signed part refers to (shadow attack)',
      () => {
        const prepared = appended(plain, [{ number: 2, body: '<</Type/Pages/Kids[3 0 R 9 0 R]/Count 1>>' }]);
        return appended(signedPdf(prepared, clerk), store());
      },
      'indeterminate UNSIGNED_UPDATE',
    ],
  ];
  for (const [name, file, expected] of rows)
    test(`${name}: ${expected}`, async () => assert.equal(await verdict(file()), expected));

  test('an earlier signature is told to have been added to, with the time of its dictionary', async () => {
    const { signatures } = await judge(signedPdf(good, { ...by('chief', '-cades'), number: 6 }));
    assert.deepEqual(
      signatures.map(({ signer, notes }) => [signer?.commonName, notes.includes('changed-after-signing')]),
      [
        ['clerk', true],
        ['chief', false],
      ],
    );
    const silent = signedPdf(plain, by('clerk', '-cades'));
    assert.ok((await judge(silent)).signatures[0]?.signedAt);
  });

  test('a document time stamp proves signature and evidence when the certificate has run out', async () => {
    const packed = store().map(each =>
      each.number === 10 ? { ...each, body: stream(deflateSync(list)) } : each,
    );
    const longTerm = appended(good, packed);
    assert.equal(await verdict(longTerm, inYears), 'indeterminate OUT_OF_BOUNDS_NO_POE');
    const stamped = signedPdf(longTerm, byStamp);
    assert.equal(await verdict(stamped, inYears), 'passed');
    const [signature] = (await judge(stamped, inYears)).signatures;
    assert.equal(signature?.notes.includes('revocation-not-checked'), false);
    assert.match(await verdict(changed(stamped, 'Invented', 'Inverted'), inYears), /^failed HASH_FAILURE/);
  });

  test('broken files are judged and never pass as they were', async () => {
    const random = seeded(49);
    const files = [appended(good, store()), signedPdf(good, byStamp)];
    for (let round = 0; round < 400; round++) {
      const file = files[round % 2] ?? good;
      const { verdict: said, signatures } = await judge(mutated(file, random));
      assert.ok(said !== 'passed' || signatures.some(({ verdict: each }) => each === 'passed'));
    }
  });

  test('a file that repeats the word a million times costs no time', async () => {
    const many = Buffer.from(`%PDF-1.7\n1 0 obj /Filter${'/ByteRange [0 9 9 9] '.repeat(200_000)}`);
    assert.equal((await judge(many)).verdict, 'failed');
  });

  test('an update made to keep a processor busy or to fill the memory is judged like any other', async () => {
    const wide = ' '.repeat(400_000);
    const catalogue = (rest: string) => [{ number: 1, body: `<</Type/Catalog/Pages 2 0 R/Lang(${rest}x)>>` }];
    const honest = appended(good, store()).toString('latin1');
    const [table] = /xref\n[\s\S]*?trailer/.exec(honest.slice(good.length)) ?? [''];
    const withTable = (lines: string) =>
      Buffer.from(honest.replace(table, table.replace('trailer', `${lines}trailer`)), 'latin1');
    for (const file of [
      appended(good, catalogue(wide)),
      appended(good, [{ number: 1, body: '1 0 obj '.repeat(100_000) }]),
      withTable('0 999999\n'.repeat(10_000)),
      withTable(`${'\n'.repeat(400_000)}x`),
      withTable('xref '.repeat(100_000)),
    ])
      assert.notEqual(await verdict(file), 'passed');
  });

  test('any byte that is changed is noticed', async () => {
    for (let at = 0; at < good.length; at += 173) {
      const copy = Buffer.from(good);
      copy[at] = (copy[at] ?? 0) ^ 1;
      // Zeros that fill the room behind the value are signed by nobody, and mean nothing.
      if (/^0{40}/.test(good.toString('latin1', at - 20, at + 20))) continue;
      assert.notEqual((await judge(copy)).verdict, 'passed', `byte ${at}`);
    }
  });
});

test('okno verify tells PDF files and signed letters apart by how they begin', async () => {
  mkdirSync(path('trust'));
  save('trust/root.der', root);
  save('signed.pdf', good);
  save('plain.pdf', plain);
  save('added.pdf', appended(good, [otherPage]));
  openssl(
    ...['cms', '-sign', '-in', 'plain.pdf', '-binary', '-nodetach', '-cades'],
    ...['-signer', 'clerk.pem', '-inkey', 'clerk.key', '-out', 'letter.p7m'],
  );
  save('attached.p7m', cms(['clerk'], 'plain.pdf', '-cades', '-nodetach'));
  const judged = async (file: string) => {
    const request = {
      ...{ trustFolder: path('trust'), contentFile: null, evidence: null, revocationFolders: [] },
      at: soon,
    };
    const report = await verifyFile({ file: path(file), ...request });
    return {
      said: [report.kind, report.verdict, ...report.reasons].join(' '),
      text: reportText(report, 'ru'),
    };
  };
  assert.equal((await judged('signed.pdf')).said, 'pdf passed');
  assert.equal((await judged('plain.pdf')).said, 'pdf failed NO_SIGNATURE');
  assert.equal((await judged('letter.p7m')).said, 'cms passed');
  assert.equal((await judged('attached.p7m')).said, 'cms passed');
  const { said, text } = await judged('added.pdf');
  assert.equal(said, 'pdf indeterminate UNSIGNED_UPDATE');
  assert.match(text, /дополнение никто не подписал/);
});
