import type { KeyObject } from 'node:crypto';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { signCheckpoint } from '../../protocol/checkpoint.ts';
import type { Journal } from './journal.ts';

export interface Checkpoints {
  /** Signs what was written since the last checkpoint, if anything. */
  now(): Promise<void>;
  stop(): void;
}

/**
 * Signs the journal now and then with the box's seal, so that nobody who later gets hold of the database or
 * of the centre can change what a box wrote without being noticed (ADR 10).
 */
export function keepCheckpoints(parts: {
  journal: Journal;
  box: string;
  seal: { key: KeyObject; certificate: Uint8Array };
  log: Log;
  /** A checkpoint follows so many facts, or the first of them by so long. */
  everyFacts: number;
  everyMs: number;
}): Checkpoints {
  const { journal, box, seal, log, everyFacts, everyMs } = parts;
  let turn: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const unsigned = () => journal.head() - journal.checkpointed();

  async function sign(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const { seq: upTo, hash: head } = journal.tip();
    // A checkpoint alone needs none.
    if (upTo <= journal.checkpointed()) return;
    const body = signCheckpoint({ box, epoch: journal.epoch, upTo, head }, seal);
    await journal.commit([{ type: 'journal.checkpoint', subject: box, body }]);
  }

  /** A checkpoint that cannot be written now follows the next facts. */
  function later(error: unknown): void {
    log.warn({ code: codeOf(error) }, 'a checkpoint could not be written');
  }

  function now(): Promise<void> {
    turn = turn.then(sign).catch(later);
    return turn;
  }

  function consider(): void {
    if (unsigned() >= everyFacts) void now();
    else if (unsigned() > 0 && timer === undefined) {
      timer = setTimeout(() => void now(), everyMs);
      timer.unref();
    }
  }

  const unsubscribe = journal.onCommit(consider);
  consider();
  return {
    now,
    stop() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
