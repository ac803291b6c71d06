import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gostMechanisms, rsaMechanisms } from '../../device/peripherals/tokens/mechanisms.ts';
import { findSigningCertificate } from '../../device/signing/token-certificate.ts';
import { publicKeyOf } from '../../protocol/gost/signature.ts';
import { gostSpki } from '../../protocol/signature/gost-keys.ts';
import { certify, makeGostAuthority, makeGostKey } from '../fixtures/gost-signers.ts';

const dayMs = 24 * 3600 * 1000;
const root = makeGostAuthority('gost-2012-256', 'Вымышленный УЦ');
const clerkWith = (keyUsage: number) =>
  certify({
    commonName: `Проба Тестовна ${keyUsage}`,
    spki: gostSpki(publicKeyOf(makeGostKey('gost-2012-512'))),
    issuer: root,
    keyUsage,
  });
const [signing, agreeing] = [clerkWith(0b1100_0000), clerkWith(0b0000_1000)];
const find = (certificates: Uint8Array[], afterDays = 0, mechanisms = gostMechanisms) =>
  findSigningCertificate(
    certificates.map((der, index) => ({ keyId: Uint8Array.of(index), der })),
    mechanisms,
    new Date(Date.now() + afterDays * dayMs),
  );

test('of all that is on a token, the certificate for signing is taken, with the algorithm of its key', () => {
  const found = find([Uint8Array.of(1, 2, 3), root.certificate, agreeing, signing]);
  assert.equal(found?.fault, null);
  assert.deepEqual([found?.certificate.algorithm, [...(found?.keyId ?? [])]], ['gost-2012-512', [3]]);
});

test('a certificate that is not for signing, is over or has not begun is shown with its fault', () => {
  assert.equal(find([agreeing])?.fault, 'certificate-not-for-signing');
  assert.equal(find([signing], 31)?.fault, 'certificate-expired');
  assert.equal(find([signing], -2)?.fault, 'certificate-not-yet-valid');
});

test('a key for which the token has no mechanism is not offered', () => {
  assert.equal(find([signing], 0, rsaMechanisms), undefined);
  assert.equal(find([]), undefined);
});
