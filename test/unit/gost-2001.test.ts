import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGost94 } from '../../protocol/gost/digest-94.ts';
import { findVerifier } from '../../protocol/signature/algorithms.ts';
import { digestOf } from '../../protocol/signature/digests.ts';
import { findGostKey, gostOids, oldGostOids } from '../../protocol/signature/gost-keys.ts';

// Made with OpenSSL and the GOST engine: `openssl dgst -md_gost94 -sign`.
const message = Buffer.from('Content of an invented letter\r\n');
const spki = Buffer.from(
  '3063301c06062a8503020213301206072a85030202230106072a850302021e010343000440f3151a15d490b071e87aae078a1f0094dcb2ab0c99dff2bfb13bf8428588c3922fc3ebf65d0e825d47fcfb4096731a0cf5736248082ec7f029f8841d2d0bc5de',
  'hex',
);
const value = Buffer.from(
  '70b94d23de2468090984d694c1c0828f417d36540307dcea0ced3d901d14ec1391321af334d785feb8cc6e78ac729d7cb960eb631c8419e9835a635243588a73',
  'hex',
);
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

test('GOST R 34.11-94 with the substitution of CryptoPro gives what the GOST engine gives', () => {
  const examples: [text: string, digest: string][] = [
    ['', '981e5f3ca30c841487830f84fb433e13ac1101569b9c13584ac483234cd656c0'],
    ['abc', 'b285056dbf18d7392d7677369524dd14747459ed8143997e163b2986f92fd42c'],
    ['a'.repeat(100), 'ea4424f0d3505c9a173e4ac266030925fe6d0215744bf71b25f1e14df0a03e04'],
  ];
  for (const [text, digest] of examples) {
    assert.equal(hex(digestOf(oldGostOids.digest, Buffer.from(text))), digest);
    const pieces = createGost94();
    for (const letter of text) pieces.update(Buffer.from(letter));
    assert.equal(hex(pieces.digest()), digest);
  }
});

test('a signature of GOST R 34.10-2001 passes the mathematics and proves nothing after 2019', () => {
  for (const oid of [oldGostOids.key, oldGostOids.signature]) {
    const verifier = findVerifier({ oid, parameters: null }, oldGostOids.digest, spki);
    assert.equal(verifier?.verify(message, value), true);
    assert.equal(verifier?.verify(message.subarray(1), value), false);
    assert.equal(verifier?.goodUntil?.toISOString().slice(0, 10), '2019-12-31');
  }
});

test('a key of 2001 signs nothing by the standard of 2012, which has no term', () => {
  assert.equal(findGostKey(spki), undefined);
  const { key, digest } = gostOids[256];
  assert.equal(
    findVerifier({ oid: key, parameters: null }, digest, spki)?.verify(message, value) ?? false,
    false,
  );
  assert.equal(findVerifier({ oid: oldGostOids.key, parameters: null }, digest, spki), undefined);
});
