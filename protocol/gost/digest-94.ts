import type { Digest } from './streebog.ts';

const blockBytes = 32;

/** Substitution of id-GostR3411-94-CryptoProParamSet (RFC 4357 section 11.2), the lowest half-byte first. */
const substitution = [
  'a4568137dce092bf',
  '5f402db91763cea8',
  '7fce94103b526a8d',
  '4a7c0f28e165db93',
  '764b9c2a180efd35',
  '7624d9f0a15b8ec3',
  'de41705a3c8f629b',
  '13a95b4f867ed02c',
].map(row => [...row].map(digit => Number.parseInt(digit, 16)));

/** The constant C3 of RFC 5831 section 5.1; the others are zero. */
const third = Buffer.from('00ff00ff00ff00ffff00ff00ff00ff0000ffff00ff0000ffff000000ffff00ff', 'hex');

/** What a byte becomes at its place in a word, with the rotation by 11 bits done already. */
function tableOf(place: number): Uint32Array {
  const [low, high] = [substitution[2 * place], substitution[2 * place + 1]];
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const value = ((low?.[byte & 15] ?? 0) | ((high?.[byte >> 4] ?? 0) << 4)) << (8 * place);
    return (value << 11) | (value >>> 21);
  });
}
const [table0, table1, table2, table3] = [tableOf(0), tableOf(1), tableOf(2), tableOf(3)];

/** GOST R 34.11-94 (RFC 5831), for signatures made until 2019; nothing is signed with it here. */
export function createGost94(): Digest {
  let state = new Uint8Array(blockBytes);
  const sum = new Uint8Array(blockBytes);
  const rest = new Uint8Array(blockBytes);
  let restBytes = 0;
  let sizeBytes = 0n;
  const take = (block: Uint8Array): void => {
    addTo(sum, block);
    state = compressed(state, block);
  };
  return {
    update(bytes) {
      sizeBytes += BigInt(bytes.length);
      let from = 0;
      if (restBytes > 0) {
        from = Math.min(blockBytes - restBytes, bytes.length);
        rest.set(bytes.subarray(0, from), restBytes);
        restBytes += from;
        if (restBytes < blockBytes) return;
        take(rest);
        restBytes = 0;
      }
      for (; from + blockBytes <= bytes.length; from += blockBytes)
        take(bytes.subarray(from, from + blockBytes));
      rest.set(bytes.subarray(from));
      restBytes = bytes.length - from;
    },
    digest() {
      if (restBytes > 0) take(rest.fill(0, restBytes));
      const size = Buffer.alloc(blockBytes);
      size.writeBigUInt64LE(sizeBytes * 8n);
      return compressed(compressed(state, size), sum);
    },
  };
}

/** The step function of RFC 5831 section 5: keys, ciphering, mixing. */
function compressed(state: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer> {
  const ciphered = new Uint8Array(blockBytes);
  let [u, v] = [state, block];
  for (let part = 0; part < 4; part += 1) {
    if (part > 0) {
      u = folded(u);
      if (part === 2) u = xor(u, third);
      v = folded(folded(v));
    }
    encrypt(keyOf(xor(u, v)), state.subarray(8 * part, 8 * part + 8), ciphered.subarray(8 * part));
  }
  return shuffled(xor(state, shuffled(xor(block, shuffled(ciphered, 12)), 1)), 61);
}

function xor(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(blockBytes);
  for (let place = 0; place < blockBytes; place += 1) out[place] = (one[place] ?? 0) ^ (other[place] ?? 0);
  return out;
}

/** The transformation A. */
function folded(value: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(blockBytes);
  out.set(value.subarray(8));
  for (let place = 0; place < 8; place += 1) out[24 + place] = (value[place] ?? 0) ^ (value[8 + place] ?? 0);
  return out;
}

/** The transformation P, as eight words of a key. */
function keyOf(value: Uint8Array): Uint32Array {
  const key = new Uint32Array(8);
  for (let k = 0; k < 8; k += 1)
    key[k] =
      (value[k] ?? 0) |
      ((value[8 + k] ?? 0) << 8) |
      ((value[16 + k] ?? 0) << 16) |
      ((value[24 + k] ?? 0) << 24);
  return key;
}

/** GOST 28147-89 of one block (RFC 5830 section 5). */
function encrypt(key: Uint32Array, block: Uint8Array, out: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  let left = view.getUint32(0, true);
  let right = view.getUint32(4, true);
  for (let round = 0; round < 32; round += 1) {
    const word = key[round < 24 ? round % 8 : 31 - round] ?? 0;
    const next = right ^ step((left + word) >>> 0);
    right = left;
    left = next;
  }
  const result = new DataView(out.buffer, out.byteOffset, 8);
  result.setUint32(0, right >>> 0, true);
  result.setUint32(4, left >>> 0, true);
}

function step(value: number): number {
  return (
    (table0[value & 0xff] ?? 0) ^
    (table1[(value >>> 8) & 0xff] ?? 0) ^
    (table2[(value >>> 16) & 0xff] ?? 0) ^
    (table3[value >>> 24] ?? 0)
  );
}

/** The shift register ψ, so many times. */
function shuffled(value: Uint8Array, times: number): Uint8Array<ArrayBuffer> {
  const words = new Uint16Array(16 + times);
  for (let place = 0; place < 16; place += 1)
    words[place] = (value[2 * place] ?? 0) | ((value[2 * place + 1] ?? 0) << 8);
  for (let at = 0; at < times; at += 1)
    words[16 + at] =
      (words[at] ?? 0) ^
      (words[at + 1] ?? 0) ^
      (words[at + 2] ?? 0) ^
      (words[at + 3] ?? 0) ^
      (words[at + 12] ?? 0) ^
      (words[at + 15] ?? 0);
  const out = new Uint8Array(blockBytes);
  for (let place = 0; place < 16; place += 1) {
    const word = words[times + place] ?? 0;
    out[2 * place] = word & 0xff;
    out[2 * place + 1] = word >> 8;
  }
  return out;
}

function addTo(sum: Uint8Array, block: Uint8Array): void {
  let carry = 0;
  for (let place = 0; place < blockBytes; place += 1) {
    carry += (sum[place] ?? 0) + (block[place] ?? 0);
    sum[place] = carry & 0xff;
    carry >>= 8;
  }
}
