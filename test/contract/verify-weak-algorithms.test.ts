import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { signedValue, withUnsigned } from '../fixtures/foreign/cms-surgery.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';

const { cms, issue, save, stamp } = opensslWorkshop();
const content = Buffer.from('Выдуманное заявление');
save('content', content);
const long = { from: '20000101000000Z', to: '20400101000000Z' };
const anchors = [issue('root', { extensions: authorityExtensions, ...long })];
for (const kind of ['p256', 'rsa1024', 'brainpool160', 'brainpool256'] as const)
  issue(kind, { issuer: 'root', kind, ...long });
issue('of-sha1', { issuer: 'root', digest: 'sha1', ...long });
issue('late', { issuer: 'root', ...long, from: '20150101000000Z' });
issue('tsa', { issuer: 'root', extensions: stampExtensions, ...long });

const sha1 = ['-cades', '-md', 'sha1'];
const noProof = 'indeterminate CRYPTO_CONSTRAINTS_FAILURE_NO_POE';
const tooLate = 'indeterminate CRYPTO_CONSTRAINTS_FAILURE';
const rows: [name: string, message: () => Uint8Array, provenAt: string | null, expected: string][] = [
  ['SHA-1 that is proved from 2011', () => cms(['p256'], 'content', ...sha1), '2011-05-05', 'passed'],
  ['SHA-1 that is proved from 2013', () => cms(['p256'], 'content', ...sha1), '2013-05-05', noProof],
  ['SHA-1 without proof', () => cms(['p256'], 'content', ...sha1), null, noProof],
  ['SHA-1 under a certificate of 2015', () => cms(['late'], 'content', ...sha1), null, tooLate],
  [
    'MD5 that is proved from 2011',
    () => cms(['rsa1024'], 'content', '-cades', '-md', 'md5'),
    '2011-05-05',
    noProof,
  ],
  ['RSA of 1024 bits from 2013', () => cms(['rsa1024'], 'content', '-cades'), '2013-05-05', 'passed'],
  ['RSA of 1024 bits from 2014', () => cms(['rsa1024'], 'content', '-cades'), '2014-05-05', noProof],
  ['a curve of 160 bits today', () => cms(['brainpool160'], 'content', '-cades'), null, noProof],
  ['a curve of 256 bits that few use', () => cms(['brainpool256'], 'content', '-cades'), null, 'passed'],
  [
    'a certificate signed by SHA-1, from 2011',
    () => cms(['of-sha1'], 'content', '-cades'),
    '2011-05-05',
    'passed',
  ],
  ['a certificate signed by SHA-1, today', () => cms(['of-sha1'], 'content', '-cades'), null, noProof],
];

async function judge(message: Uint8Array, provenAt: string | null) {
  const trust = trustOf({ anchors, at: new Date(), provenAt: provenAt === null ? null : new Date(provenAt) });
  const [only] = (await verifyCms(message, contentOf(content), trust)).signatures;
  assert.ok(only);
  return { ...only, said: only.reason ? `${only.verdict} ${only.reason}` : only.verdict };
}

suite('an algorithm that is weak by now (EN 319 102-1 clause 5.2.8)', () => {
  for (const [name, message, provenAt, expected] of rows)
    test(`${name}: ${expected}`, async () => assert.equal((await judge(message(), provenAt)).said, expected));

  test('a stamp that names the signature by SHA-1 proves nothing today', async () => {
    const plain = cms(['p256'], 'content', '-cades');
    const stamped = (digest: string) =>
      withUnsigned(plain, '1.2.840.113549.1.9.16.2.14', stamp('tsa', signedValue(plain), digest));
    const [strong, weak] = [await judge(stamped('sha256'), null), await judge(stamped('sha1'), null)];
    assert.deepEqual([strong.said, strong.level], ['passed', 'T']);
    assert.deepEqual(
      [weak.said, weak.level, weak.notes.includes('time-stamp-not-trusted')],
      ['passed', 'BES', true],
    );
  });
});
