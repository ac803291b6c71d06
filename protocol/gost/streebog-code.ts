import { linearRows, roundConstants, substitution } from './streebog-constants.ts';
import { assemble, type Code, op } from './wasm.ts';

/** Addresses in the memory of the compiled functions. */
export const layout = {
  /** Eight tables of 256 words: what one byte of a row adds to the row's image under S, P and L. */
  tables: 0,
  /** C[1] to C[12]. */
  constants: 16_384,
  /** The hash state h, the count of bits N and the sum Σ, 64 bytes each. */
  hash: 17_152,
  count: 17_216,
  sum: 17_280,
  zero: 17_344,
  /** A number to add to the count. */
  step: 17_408,
  input: 20_480,
  inputBytes: 45_056,
} as const;

/** The compression function and the sum of RFC 6986 sections 8 and 9; arguments are addresses of 64 bytes. */
export interface StreebogFunctions {
  /** h = g_N(h, m). */
  mix(count: number, message: number): void;
  /** to = to + from, modulo 2^512. */
  add(to: number, from: number): void;
}

const words = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const rounds = 12;

/**
 * The functions over a fresh memory of one page that holds the tables. WebAssembly because JavaScript has
 * no fast words of 64 bits: the same tables as pairs of 32 bits hash four times slower.
 */
export function compileStreebog(): { functions: StreebogFunctions; memory: Uint8Array } {
  const bytes = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const memory = new Uint8Array(bytes.buffer);
  memory.set(lookupTables(), layout.tables);
  for (let round = 0; round < rounds; round++) {
    const constant = roundConstants.slice(round * 64, round * 64 + 64).reverse();
    memory.set(constant, layout.constants + round * 64);
  }
  const module = new WebAssembly.Module(
    assemble([
      { name: 'mix', parameters: 2, localsI32: 1, localsI64: 24, body: mixBody() },
      { name: 'add', parameters: 2, localsI32: 0, localsI64: 3, body: addBody() },
    ]),
  );
  const { exports } = new WebAssembly.Instance(module, { memory: { bytes } });
  return { functions: exports as unknown as StreebogFunctions, memory };
}

function lookupTables(): Uint8Array {
  const rows = Buffer.from(linearRows);
  const tables = Buffer.alloc(8 * 256 * 8);
  for (const place of words) {
    for (const [byte, substituted] of substitution.entries()) {
      let image = 0n;
      for (let bit = 0; bit < 8; bit++) {
        if ((substituted >> bit) & 1) image ^= rows.readBigUInt64BE((63 - place * 8 - bit) * 8);
      }
      tables.writeBigUInt64LE(image, (place * 256 + byte) * 8);
    }
  }
  return tables;
}

function mixBody(): Code {
  const [count, message, round] = [0, 1, 2];
  const [key, state, image] = [3, 11, 19];
  const load = (address: Code, offset: number): Code => [...address, ...op.loadI64(offset)];
  const hashWord = (word: number): Code => load(op.constI32(0), layout.hash + word * 8);

  /** `at` = L(P(S(at))): the row i after P is made of the bytes i of all eight words. */
  const transform = (at: number): Code => [
    ...words.flatMap(row => [
      ...words.flatMap(word => [
        ...op.get(at + word),
        ...(row === 0
          ? [...op.constI64(3), ...op.shiftLeftI64]
          : [...op.constI64(row * 8 - 3), ...op.shiftRightI64]),
        ...op.lowI32,
        ...op.constI32(0xff * 8),
        ...op.andI32,
        ...op.loadI64(layout.tables + word * 2048),
        ...(word === 0 ? [] : op.xorI64),
      ]),
      ...op.set(image + row),
    ]),
    ...words.flatMap(word => [...op.get(image + word), ...op.set(at + word)]),
  ];
  const xorInto = (to: number, other: (word: number) => Code): Code =>
    words.flatMap(word => [...op.get(to + word), ...other(word), ...op.xorI64, ...op.set(to + word)]);

  return [
    ...words.flatMap(word => [
      ...hashWord(word),
      ...load(op.get(count), word * 8),
      ...op.xorI64,
      ...op.set(key + word),
      ...load(op.get(message), word * 8),
      ...op.set(state + word),
    ]),
    ...transform(key),
    ...op.repeat([
      ...xorInto(state, word => op.get(key + word)),
      ...transform(state),
      ...xorInto(key, word => load(op.get(round), layout.constants + word * 8)),
      ...transform(key),
      ...[...op.get(round), ...op.constI32(64), ...op.addI32, ...op.tee(round)],
      ...[...op.constI32(rounds * 64), ...op.lessI32],
    ]),
    ...words.flatMap(word => [
      ...op.constI32(0),
      ...op.get(state + word),
      ...[...op.get(key + word), ...op.xorI64],
      ...[...hashWord(word), ...op.xorI64],
      ...[...load(op.get(message), word * 8), ...op.xorI64],
      ...op.storeI64(layout.hash + word * 8),
    ]),
  ];
}

function addBody(): Code {
  const [to, from, carry, term, sum] = [0, 1, 2, 3, 4];
  const overflows = (than: number): Code => [
    ...[...op.get(sum), ...op.get(than), ...op.lessI64, ...op.widenI32],
  ];
  return words.flatMap(word => [
    ...[...op.get(to), ...op.loadI64(word * 8), ...op.tee(term)],
    ...[...op.get(from), ...op.loadI64(word * 8), ...op.addI64, ...op.set(sum)],
    // Of the two additions at most one overflows.
    ...overflows(term),
    ...[...op.get(sum), ...op.get(carry), ...op.addI64, ...op.set(sum)],
    ...overflows(carry),
    ...[...op.orI64, ...op.set(carry)],
    ...[...op.get(to), ...op.get(sum), ...op.storeI64(word * 8)],
  ]);
}
