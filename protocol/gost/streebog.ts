import { compileStreebog, layout } from './streebog-code.ts';

const blockBytes = 64;
const stateBytes = 3 * blockBytes;
/** As much as goes into the memory at a time. */
const portionBytes = layout.inputBytes - (layout.inputBytes % blockBytes);

/** A digest in the making: `update` as often as bytes come, then `digest` once. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

let compiled: ReturnType<typeof compileStreebog> | undefined;

/**
 * GOST R 34.11-2012 «Стрибог» (RFC 6986) of 256 or 512 bits. The digest is in the order of bytes that
 * programs exchange (RFC 9215 section 2): the standard prints the same number from its other end.
 */
export function createStreebog(bits: 256 | 512): Digest {
  compiled ??= compileStreebog();
  const { functions, memory } = compiled;
  // The memory is shared by all digests; each keeps its own h, N and Σ between the calls.
  const state = new Uint8Array(stateBytes);
  if (bits === 256) state.fill(1, 0, blockBytes);
  const rest = new Uint8Array(blockBytes);
  let restBytes = 0;

  function take(address: number, bitsTaken: number): void {
    memory[layout.step] = bitsTaken & 0xff;
    memory[layout.step + 1] = bitsTaken >> 8;
    functions.mix(layout.count, address);
    functions.add(layout.count, layout.step);
    functions.add(layout.sum, address);
  }

  function takeBlocks(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; from += portionBytes) {
      const portion = bytes.subarray(from, from + portionBytes);
      memory.set(portion, layout.input);
      for (let at = 0; at < portion.length; at += blockBytes) take(layout.input + at, blockBytes * 8);
    }
  }

  return {
    update(bytes) {
      memory.set(state, layout.hash);
      let from = 0;
      if (restBytes > 0) {
        from = Math.min(blockBytes - restBytes, bytes.length);
        rest.set(bytes.subarray(0, from), restBytes);
        restBytes += from;
        if (restBytes < blockBytes) return;
        takeBlocks(rest);
      }
      const whole = bytes.length - ((bytes.length - from) % blockBytes);
      takeBlocks(bytes.subarray(from, whole));
      restBytes = bytes.length - whole;
      rest.set(bytes.subarray(whole));
      state.set(memory.subarray(layout.hash, layout.hash + stateBytes));
    },
    digest() {
      memory.set(state, layout.hash);
      const padded = new Uint8Array(blockBytes);
      padded.set(rest.subarray(0, restBytes));
      padded[restBytes] = 1;
      memory.set(padded, layout.input);
      take(layout.input, restBytes * 8);
      functions.mix(layout.zero, layout.count);
      functions.mix(layout.zero, layout.sum);
      return memory.slice(layout.hash + (bits === 256 ? 32 : 0), layout.hash + blockBytes);
    },
  };
}

export function streebog(bits: 256 | 512, bytes: Uint8Array): Uint8Array {
  const digest = createStreebog(bits);
  digest.update(bytes);
  return digest.digest();
}
