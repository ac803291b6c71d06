import { mostCodeBytes } from './type-code.ts';

export interface Frame {
  /** Sent before a code; empty when nothing is. */
  prefix: Uint8Array;
  /** Ends a code. Empty: CR, LF or a pause does. */
  suffix: Uint8Array;
}

/** A code comes without a pause longer than this, in ms, even at 9600 baud over a USB adapter. */
export const pauseMs = 80;

/**
 * Cuts the bytes of a scanner into codes. Bounded: a flood without an end is thrown away to the next end
 * or pause (F29), and counted.
 */
export class Framer {
  readonly #frame: Frame;
  #held: number[] = [];
  #overflown = false;
  /** How many frames were too long or had no prefix. */
  garbage = 0;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  /** Codes that these bytes complete. */
  take(bytes: Uint8Array): Uint8Array[] {
    const codes: Uint8Array[] = [];
    for (const byte of bytes) {
      if (this.#held.length > mostCodeBytes) {
        this.#overflown = true;
        // The end is still looked for, in the last bytes.
        this.#held = this.#held.slice(this.#held.length - this.#frame.suffix.length);
      }
      this.#held.push(byte);
      if (this.#ends()) codes.push(...this.#cut());
    }
    return codes;
  }

  /** The line was silent for `pauseMs`: without a suffix that ends a code, with one a piece of garbage. */
  pause(): Uint8Array[] {
    if (this.#held.length === 0) return [];
    if (this.#frame.suffix.length === 0) return this.#cut();
    this.garbage++;
    this.#held = [];
    this.#overflown = false;
    return [];
  }

  #ends(): boolean {
    const { suffix } = this.#frame;
    const last = this.#held.at(-1);
    if (suffix.length === 0) return last === 0x0d || last === 0x0a;
    return suffix.every((byte, at) => this.#held[this.#held.length - suffix.length + at] === byte);
  }

  #cut(): Uint8Array[] {
    const { prefix, suffix } = this.#frame;
    const isPlain = suffix.length === 0;
    const held = isPlain ? trimEnds(this.#held) : this.#held.slice(0, -suffix.length);
    const overflown = this.#overflown;
    this.#held = [];
    this.#overflown = false;
    if (held.length === 0) return [];
    const hasPrefix = prefix.every((byte, at) => held[at] === byte);
    if (overflown || !hasPrefix) {
      this.garbage++;
      return [];
    }
    return [Uint8Array.from(held.slice(prefix.length))];
  }
}

function trimEnds(held: number[]): number[] {
  let end = held.length;
  while (end > 0 && (held[end - 1] === 0x0d || held[end - 1] === 0x0a)) end--;
  return held.slice(0, end);
}

/** Bytes of what a technician typed: `\r`, `\n`, `\t`, `\x02`, and signs of Latin-1 as they are. */
export function escapedBytes(typed: string): Uint8Array {
  const named: Record<string, string> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };
  const text = typed.replace(/\\(?:x([0-9a-fA-F]{2})|([rnt\\]))/g, (_, hex?: string, name?: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (named[name ?? ''] ?? ''),
  );
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
