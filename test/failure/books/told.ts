import { writeSync } from 'node:fs';
import type { Told } from './rules.ts';

const words = [
  'ready',
  'quiet',
  'asked',
  'ticket',
  'printed',
  'fact',
  'content',
  'receipt',
  'config',
] as const;
type Word = (typeof words)[number];

/** Tells the test, at once and for good: what is in the pipe survives a kill. */
export function say(word: Word, ...rest: (string | number)[]): void {
  let line = Buffer.from(`${[word, ...rest].join(' ')}\n`);
  while (line.length > 0)
    try {
      line = line.subarray(writeSync(1, line));
    } catch (error) {
      // On a busy machine the test reads slowly, and the pipe is full for a while.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
}

const pause = new Int32Array(new SharedArrayBuffer(4));

/** What the programs of the failure tests said, as the checker wants it; what is no such line is passed over. */
export function toldIn(lines: readonly string[]) {
  const told = {
    tickets: [] as { requestId: string; number: string }[],
    printed: [] as string[],
    subjects: [] as string[],
    contents: [] as string[],
    receipts: [] as { epoch: string; upTo: number }[],
  } satisfies Told;
  /** Wishes that were made; those without a ticket may be made again. */
  const asked = new Set<string>();
  let config = 0;
  for (const line of lines) {
    const [word, first = '', second = ''] = line.split(' ');
    switch (word as Word) {
      case 'asked':
        asked.add(first);
        break;
      case 'ticket':
        told.tickets.push({ requestId: first, number: second });
        break;
      case 'printed':
        told.printed.push(first);
        break;
      case 'fact':
        told.subjects.push(first);
        break;
      case 'content':
        told.contents.push(first);
        break;
      case 'receipt':
        told.receipts.push({ epoch: first, upTo: Number(second) });
        break;
      case 'config':
        config = Number(first);
    }
  }
  return { told, asked, config };
}
