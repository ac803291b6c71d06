import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import type { Log } from '../../platform/log.ts';
import type { Journal } from './journal.ts';

/** How far a journal is known to have been written, kept beside the database. */
export interface HighWater {
  epoch: string;
  seq: number;
  receipted: number;
}

/** Facts between two notes: each is a file that is flushed, and flash wears (F05). */
const everyFacts = 200;

const pathIn = (dir: string) => join(dir, 'high-water.json');

/** What was noted last; nothing when the file is absent or unreadable. */
export function readHighWater(dir: string): HighWater | undefined {
  try {
    const { epoch, seq, receipted } = JSON.parse(readFileSync(pathIn(dir), 'utf8')) as HighWater;
    return typeof epoch === 'string' && Number.isSafeInteger(seq) && Number.isSafeInteger(receipted)
      ? { epoch, seq, receipted }
      : undefined;
  } catch {
    // It only makes the answer to a loss more exact; a damaged one must stop nothing.
    return undefined;
  }
}

/**
 * Notes now and then how far the journal is on the disk. A database that is behind the note was put back
 * from a copy (F21). Resolves when the last note is written.
 */
export function keepHighWater(
  dir: string,
  journal: Journal,
  log: Log,
): { note(): Promise<void>; stop(): Promise<void> } {
  let noted = 0;
  let epoch = '';
  let turn: Promise<void> = Promise.resolve();

  function note(): Promise<void> {
    const seq = journal.head();
    if (seq === noted && epoch === journal.epoch) return turn;
    [noted, epoch] = [seq, journal.epoch];
    const mark: HighWater = { epoch, seq, receipted: journal.receiptedUpTo() };
    turn = turn
      .then(() => writeFileAtomically(pathIn(dir), JSON.stringify(mark)))
      .catch(error => {
        // Without room the old note stays true; the next commit tries again.
        noted = 0;
        log.warn({ err: error }, 'how far the journal is cannot be noted');
      });
    return turn;
  }
  const unsubscribe = journal.onCommit(() => {
    if (epoch !== journal.epoch || journal.head() - noted >= everyFacts) void note();
  });
  return {
    note,
    async stop() {
      unsubscribe();
      await note();
    },
  };
}
