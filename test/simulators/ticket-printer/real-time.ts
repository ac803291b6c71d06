/** A command that a printer obeys on arrival, before everything that waits in its buffer. */
export type RealTime =
  | { kind: 'status'; n: number }
  | { kind: 'clear' }
  | { kind: 'unknown'; bytes: number[] };

const DLE = 0x10;
/** EOT, ENQ and DC4. */
const seconds = [0x04, 0x05, 0x14];
const clear = [DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/**
 * Picks the real-time commands out of the arriving bytes, wherever the pieces are cut. As in a real
 * printer, it does not know whether it stands inside the data of another command.
 */
export class RealTimeFilter {
  #held: number[] = [];

  take(bytes: Uint8Array): (RealTime | { kind: 'data'; byte: number })[] {
    const found: (RealTime | { kind: 'data'; byte: number })[] = [];
    for (const byte of bytes) {
      if (this.#held.length === 0 && byte !== DLE) {
        found.push({ kind: 'data', byte });
        continue;
      }
      // A lone DLE is data: a distance, eight dots of a picture.
      if (this.#held.length === 1 && !seconds.includes(byte)) {
        found.push({ kind: 'data', byte: DLE });
        if (byte === DLE) continue;
        found.push({ kind: 'data', byte });
        this.#held = [];
        continue;
      }
      this.#held.push(byte);
      const command = complete(this.#held);
      if (!command) continue;
      found.push(command);
      this.#held = [];
    }
    return found;
  }
}

function complete(held: number[]): RealTime | undefined {
  const [, second, third] = held;
  if (second === undefined) return undefined;
  if (second === 0x04) {
    if (third === undefined) return undefined;
    return (third >= 1 && third <= 4) || third === 20
      ? { kind: 'status', n: third }
      : { kind: 'unknown', bytes: held };
  }
  if (clear.every((byte, at) => held[at] === byte)) return { kind: 'clear' };
  return clear.slice(0, held.length).every((byte, at) => held[at] === byte)
    ? undefined
    : { kind: 'unknown', bytes: held };
}
