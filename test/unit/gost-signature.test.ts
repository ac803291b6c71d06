import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { curves } from '../../protocol/gost/curves.ts';
import { fromBigEndian, toBigEndian } from '../../protocol/gost/numbers.ts';
import { isInfinity, isOnCurve, multiplyBase } from '../../protocol/gost/points.ts';
import { generateGostKey, publicKeyOf, signGost, verifyGost } from '../../protocol/gost/signature.ts';
import { streebog } from '../../protocol/gost/streebog.ts';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import {
  der,
  objectIdentifier,
  octetString,
  sequence,
  unsigned,
} from '../../protocol/signature/der-writer.ts';
import { findGostKey, gostOids, gostSpki, readGostPrivateKey } from '../../protocol/signature/gost-keys.ts';
import { certificateExamples, signatureExamples } from '../fixtures/gost-examples.ts';

const curveNamed = (name: string) => {
  const curve = curves.find(each => each.name === name);
  assert.ok(curve);
  return curve;
};
const flipped = (bytes: Uint8Array, bit: number) => {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
};

for (const [index, example] of signatureExamples.entries()) {
  test(`RFC 7091 section 7.${index + 1}: the published key, signature and verification`, () => {
    const key = { curve: curveNamed(example.curve), d: example.d };
    const publicKey = publicKeyOf(key);
    assert.deepEqual([publicKey.x, publicKey.y], [example.x, example.y]);
    const digest = Buffer.from(example.digest, 'hex').toReversed();
    const signature = signGost(key, digest, () => example.k);
    assert.equal(Buffer.from(signature).toString('hex').toUpperCase(), example.s + example.r);
    assert.ok(verifyGost(publicKey, digest, signature));
  });
}

for (const { what, bits, der: certificateDer } of certificateExamples) {
  test(`a published certificate of ${what} verifies with its own key, and not when a bit of it changed`, () => {
    const { spki, tbs, signatureValue, signatureAlgorithm } = readCertificate(certificateDer);
    assert.equal(signatureAlgorithm.oid, gostOids[bits].signature);
    const key = findGostKey(spki);
    assert.ok(key);
    assert.ok(verifyGost(key, streebog(bits, tbs), signatureValue));
    assert.ok(!verifyGost(key, streebog(bits, flipped(tbs, 99)), signatureValue));
  });
}

for (const curve of curves)
  suite(curve.name, () => {
    const key = generateGostKey(curve);
    const publicKey = publicKeyOf(key);

    test('the base point is on the curve and has the order q', () => {
      assert.ok(isOnCurve(curve, curve.x, curve.y));
      assert.ok(isInfinity(multiplyBase(curve, curve.q)));
      assert.ok(!isInfinity(multiplyBase(curve, curve.q - 1n)));
    });

    test('what is signed verifies, and no changed bit of signature, digest or key does', () => {
      const digest = randomBytes(curve.sizeBytes);
      const signature = signGost(key, digest);
      assert.ok(verifyGost(publicKey, digest, signature));
      for (let bit = 0; bit < signature.length * 8; bit += curve.sizeBytes === 32 ? 11 : 61)
        assert.ok(!verifyGost(publicKey, digest, flipped(signature, bit)), `bit ${bit} of the signature`);
      for (let bit = 3; bit < digest.length * 8; bit += curve.sizeBytes === 32 ? 29 : 101)
        assert.ok(!verifyGost(publicKey, flipped(digest, bit), signature), `bit ${bit} of the digest`);
      assert.ok(!verifyGost(publicKeyOf(generateGostKey(curve)), digest, signature));
    });

    test('a signature out of range, of another length or by a point off the curve is none', () => {
      const digest = randomBytes(curve.sizeBytes);
      const signature = signGost(key, digest);
      const [s, r] = [signature.subarray(0, curve.sizeBytes), signature.subarray(curve.sizeBytes)];
      const zero = new Uint8Array(curve.sizeBytes);
      const join = (...parts: Uint8Array[]) => Buffer.concat(parts);
      assert.ok(!verifyGost(publicKey, digest, join(zero, r)));
      assert.ok(!verifyGost(publicKey, digest, join(s, zero)));
      assert.ok(!verifyGost(publicKey, digest, join(zero, zero)));
      assert.ok(!verifyGost(publicKey, digest, join(toBigEndian(curve.q, curve.sizeBytes), r)));
      const more = fromBigEndian(s) + curve.q;
      if (more < 2n ** BigInt(curve.sizeBytes * 8))
        assert.ok(!verifyGost(publicKey, digest, join(toBigEndian(more, curve.sizeBytes), r)));
      assert.ok(!verifyGost(publicKey, digest, join(signature, zero)));
      assert.ok(!verifyGost(publicKey, join(digest, zero), signature));
      assert.ok(!verifyGost({ ...publicKey, y: publicKey.y ^ 1n }, digest, signature));
      assert.ok(!verifyGost({ ...publicKey, x: publicKey.x + curve.p }, digest, signature));
    });

    test('a digest that is a multiple of q counts as 1, as the standard says', () => {
      const zero = new Uint8Array(curve.sizeBytes);
      const one = Uint8Array.from(zero).with(0, 1);
      assert.ok(verifyGost(publicKey, one, signGost(key, zero)));
    });

    test('its key goes into SubjectPublicKeyInfo and back, under each identifier of the curve', () => {
      const spki = gostSpki(publicKey);
      assert.deepEqual(findGostKey(spki), publicKey);
      for (const oid of curve.oids) {
        const renamed = Buffer.from(spki);
        const [was, is] = [objectIdentifier(curve.oids[0] ?? ''), objectIdentifier(oid)];
        if (was.length !== is.length) continue;
        renamed.set(is, renamed.indexOf(was));
        assert.equal(findGostKey(renamed)?.curve, curve);
      }
    });
  });

test('whatever happens to the bytes of a key, it is read as one or refused as no key', () => {
  const key = generateGostKey(curveNamed('id-tc26-gost-3410-2012-512-paramSetC'));
  const spki = gostSpki(publicKeyOf(key));
  for (let at = 0; at < spki.length; at++) {
    findGostKey(spki.subarray(0, at));
    for (const bit of [0, 3, 7]) {
      const changed = flipped(spki, at * 8 + bit);
      const read = findGostKey(changed);
      assert.ok(read === undefined || isOnCurve(read.curve, read.x, read.y), `bit ${bit} of byte ${at}`);
    }
  }
});

test('a private key of PKCS #8 is read in its three forms, and refused when it is none', () => {
  const { curve, d } = generateGostKey(curveNamed('id-tc26-gost-3410-2012-256-paramSetB'));
  const pkcs8 = (key: Uint8Array, oid: string = gostOids[256].key) =>
    sequence(
      unsigned(Uint8Array.of(0)),
      sequence(objectIdentifier(oid), sequence(objectIdentifier('1.2.643.2.2.35.1'))),
      octetString(key),
    );
  const bytes = toBigEndian(d, 32);
  assert.deepEqual(readGostPrivateKey(pkcs8(octetString(bytes.toReversed()))), { curve, d });
  assert.deepEqual(readGostPrivateKey(pkcs8(unsigned(bytes))), { curve, d });
  assert.deepEqual(readGostPrivateKey(pkcs8(bytes.toReversed())), { curve, d });
  assert.throws(() => readGostPrivateKey(pkcs8(unsigned(toBigEndian(curve.q, 32)))), { name: 'FormatError' });
  assert.throws(() => readGostPrivateKey(pkcs8(unsigned(bytes), gostOids[512].key)), { name: 'FormatError' });
});

test('a public key is refused with a point off its curve, a digest of another length, an unknown curve, bytes over', () => {
  const curve = curveNamed('id-tc26-gost-3410-2012-256-paramSetB');
  const key = publicKeyOf(generateGostKey(curve));
  const spki = (curveOid: string, digestOid: string, size = 64) =>
    sequence(
      sequence(
        objectIdentifier(gostOids[256].key),
        sequence(objectIdentifier(curveOid), objectIdentifier(digestOid)),
      ),
      der(3, Uint8Array.of(0), octetString(gostSpki(key).subarray(-64).subarray(0, size))),
    );
  assert.ok(findGostKey(spki('1.2.643.2.2.35.1', gostOids[256].digest)));
  assert.equal(findGostKey(spki('1.2.643.2.2.35.2', gostOids[256].digest)), undefined);
  assert.equal(findGostKey(spki('1.2.643.2.2.35.1', gostOids[512].digest)), undefined);
  assert.equal(findGostKey(spki('1.2.643.7.1.2.1.2.1', gostOids[256].digest)), undefined);
  assert.equal(findGostKey(spki('1.2.643.2.2.35.9', gostOids[256].digest)), undefined);
  assert.equal(findGostKey(spki('1.2.643.2.2.35.1', gostOids[256].digest, 63)), undefined);
  assert.equal(findGostKey(Buffer.concat([gostSpki(key), Uint8Array.of(0)])), undefined);
});
