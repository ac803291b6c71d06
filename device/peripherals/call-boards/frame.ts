import iconv from 'iconv-lite';

/** One line of the protocol in docs/CALL-BOARDS.md. */
export interface Frame {
  /** 1–254. */
  address: number;
  words: string[];
}

/** Without the line's end. */
const longestFrame = 64;
const start = 0x40; // @
const end = 0x0d;

/** Characters that a plate can be told to show; the rest would break the frame. */
export function plateText(text: string): string {
  return text.replace(/[^0-9A-Za-zА-Яа-яЁё -]/g, '').slice(0, 12);
}

export function encodeFrame({ address, words }: Frame): Uint8Array {
  const head = iconv.encode(`${hex(address)}:${words.join(',')}`, 'cp866');
  return Buffer.concat([Buffer.from('@'), head, Buffer.from(`*${hex(sumOf(head))}\r\n`)]);
}

/** Cuts the bytes of a line into frames. What is no frame is dropped; at most one unfinished one is held. */
export class FrameReader {
  #held: number[] | undefined;

  read(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    for (const byte of bytes) {
      if (byte === start) this.#held = [];
      else if (byte === end) {
        const frame = this.#held && decode(Uint8Array.from(this.#held));
        if (frame) frames.push(frame);
        this.#held = undefined;
      } else if (this.#held) {
        this.#held.push(byte);
        if (this.#held.length > longestFrame) this.#held = undefined;
      }
    }
    return frames;
  }
}

function decode(bytes: Uint8Array): Frame | undefined {
  const text = iconv.decode(Buffer.from(bytes), 'cp866');
  const found = /^([0-9A-F]{2}):([^*]*)\*([0-9A-F]{2})$/.exec(text);
  if (!found || Number.parseInt(found[3] ?? '', 16) !== sumOf(bytes.subarray(0, -3))) return undefined;
  const address = Number.parseInt(found[1] ?? '', 16);
  return address >= 1 && address <= 254 ? { address, words: (found[2] ?? '').split(',') } : undefined;
}

const sumOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');
