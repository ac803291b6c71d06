import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { publicKeyOf } from '../../protocol/gost/signature.ts';
import { findVerifier } from '../../protocol/signature/algorithms.ts';
import { readDer } from '../../protocol/signature/der.ts';
import { objectIdentifier } from '../../protocol/signature/der-writer.ts';
import { gostOids, gostSpki } from '../../protocol/signature/gost-keys.ts';
import { signatureProfiles } from '../../protocol/signature/profiles.ts';
import { makeGostKey } from '../fixtures/gost-signers.ts';

const gost = { oid: gostOids[256].key, parameters: null };
const signed = Buffer.from('Подписано');
const replaced = (bytes: Uint8Array, from: Uint8Array, to: Uint8Array) => {
  const hex = Buffer.from(bytes).toString('hex');
  return Buffer.from(hex.replace(Buffer.from(from).toString('hex'), Buffer.from(to).toString('hex')), 'hex');
};

test('a key of GOST passes also where it names the old digest beside its curve, as Bouncy Castle does', () => {
  const key = makeGostKey('gost-2012-256');
  const value = signatureProfiles['gost-2012-256'].sign(key, signed);
  const spki = gostSpki(publicKeyOf(key));
  // The old identifier is shorter, and so is each of the three values around it.
  const old = objectIdentifier('1.2.643.2.2.30.1');
  const digest = objectIdentifier(gostOids[256].digest);
  const shorter = digest.length - old.length;
  const changed = replaced(spki, digest, old);
  for (const at of [1, 3, 3 + 2 + objectIdentifier(gostOids[256].key).length])
    changed[at] = (changed[at] ?? 0) - shorter;
  assert.ok(readDer(changed));
  assert.equal(findVerifier(gost, gostOids[256].digest, changed)?.verify(signed, value), true);
});

test('a key that nobody here can read has no verifier, one of another kind only refuses', () => {
  const spki = gostSpki(publicKeyOf(makeGostKey('gost-2012-256')));
  const curve = objectIdentifier('1.2.643.7.1.2.1.1.2');
  const unknown = replaced(spki, curve, objectIdentifier('1.2.643.7.1.2.1.1.9'));
  assert.notDeepEqual(unknown, spki);
  assert.equal(findVerifier(gost, gostOids[256].digest, unknown), undefined);
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  assert.equal(findVerifier(gost, gostOids[256].digest, rsa)?.verify(signed, new Uint8Array(64)), false);
  assert.equal(findVerifier({ oid: '1.2.3.4', parameters: null }, null, rsa), undefined);
});
