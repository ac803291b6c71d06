import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../protocol/app-error.ts';
import { chainStart } from '../../protocol/chain.ts';
import type { Fact, FactBody, NewFact } from '../../protocol/facts.ts';
import type { Receipt } from '../../protocol/messages.ts';
import { createCommitListeners } from './commit-listeners.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createEpochs } from './epochs.ts';
import { createFactAppender } from './fact-appender.ts';
import { createFactsTable, type Place } from './facts-table.ts';
import { createFollowers, type Follower } from './followers.ts';
import { openGroupWriter } from './group-writer.ts';
import { migrateBox } from './migrate-box.ts';
import { rebuildProjections } from './rebuild.ts';
import { verifyEpoch, verifyTail } from './verify-chain.ts';

/** Why a journal does not go on where it ended. */
export type EpochReason = FactBody<'journal.epoch-begun'>['reason'];

export interface Journal {
  /** The epoch that is written now. */
  readonly epoch: string;
  /** Number of the newest fact on the disk, 0 when there is none. */
  head(): number;
  /**
   * Appends facts and every projection at once: whoever reads the projections next finds
   * them. Resolves when all of it survives a power cut, and only then anybody may be told; rejects when none
   * of it happened. Commits that come together share one flush of the disk (ADR 0008). `also` runs in the
   * same transaction; without facts it is a way to keep small values. `lazily` is for what nobody waits for.
   * An error of a listener is not the writer's: it ends the process by itself.
   * Rejects with `journal.fact-too-large`, `journal.invalid-fact`, `journal.disk-full`.
   */
  commit(facts: readonly NewFact[], also?: () => void, how?: 'lazily'): Promise<Fact[]>;
  /**
   * Begins a new epoch with a fact that says why. Facts of the epoch before that nobody receipted are
   * carried over as copies, so that whatever became of their numbers they reach the centre (ADR 0009).
   */
  beginEpoch(reason: EpochReason, known?: { lost: [number, number][]; knownUpTo: number }): Promise<void>;
  /** Whether records of an earlier epoch were lost with a damaged database. */
  lostRecords(): boolean;
  /** The newest fact on the disk with its digest; before the first fact the start of the chain. */
  tip(): { seq: number; hash: string };
  /** Time of the newest fact that was written under a trusted clock, ISO 8601. */
  newestTrustedAt(): string | undefined;
  /** Digest of a fact of this epoch. */
  hashOf(seq: number): string | undefined;
  /** Number of the newest signed checkpoint, 0 when there is none. */
  checkpointed(): number;
  /** When every fact that was committed so far, and every projection of it, is on the disk. */
  settled(): Promise<void>;
  /** Called after each commit with the facts it wrote, when they are on the disk. */
  onCommit(listener: (facts: readonly Fact[]) => void): () => void;
  /** Keeps state in memory that is built from facts: it hears of each while it is written. */
  follow(follower: Follower): void;
  /** Facts of this epoch on the disk after a number, in order. */
  read(after: number, limit: number): Fact[];
  /** Facts of this epoch that the centre has not receipted: the outbox. */
  unsentCount(): number;
  /** Everything of this epoch up to this number is in the centre for good. */
  receiptedUpTo(): number;
  /**
   * Takes a receipt of this epoch; others are ignored. Returns the numbers that were newly refused. It is
   * written with the next commit: a power cut before brings the receipt again. Throws
   * `journal.behind-centre` when the centre holds more than was ever written here (F21).
   */
  acceptReceipt(receipt: Receipt): number[];
  /** History of one case: its own facts, its documents' and its ticket's, over all epochs. */
  history(caseId: string, ticketId: string): Fact[];
  /** Drops every projection and reads all facts again. */
  rebuild(): Promise<void>;
  /** Checks numbers and hash chain of every epoch; answers for the newest. Throws `journal.chain-broken`. */
  verifyChain(): { facts: number; head: string };
  /** Waits for the disk. Nothing can be written afterwards. */
  close(): Promise<void>;
}

export interface JournalOptions {
  db: DatabaseSync;
  clock: Clock;
  /** Whether the wall clock can be believed at this moment. */
  clockQuality: () => 'trusted' | 'untrusted';
}

const start: Place = { seq: 0, hash: chainStart };

/** Opens the journal; a new database gets a new epoch. Throws `journal.chain-broken` when its tail does not hold. */
export function openJournal({ db, clock, clockQuality }: JournalOptions): Journal {
  migrateBox(db);
  const epochs = createEpochs(db);
  const followers = createFollowers();
  const writer = openGroupWriter(db, { onUndone: forget });
  const table = createFactsTable(db);
  const deadLetters = createDeadLetters(db);
  const appender = createFactAppender({ db, table, epochs, followers, clock, clockQuality });
  const listeners = createCommitListeners();

  const epoch = () => epochs.current().epoch;
  /** The newest fact that was written, kept in memory. */
  let newest: Place | undefined;
  const head = (): Place => {
    newest ??= table.newest(epoch()) ?? start;
    return newest;
  };
  /** The newest fact on the disk: nothing behind it may leave this process. */
  let durable = head().seq;
  verifyTail(db);

  function forget(): void {
    newest = undefined;
    epochs.reset();
    followers.reset();
  }

  function append(fact: NewFact): Fact {
    const appended = appender.append(epoch(), head(), fact);
    newest = appended.place;
    return appended.fact;
  }

  return {
    get epoch() {
      return epoch();
    },
    head: () => durable,
    lostRecords: () => epochs.all().some(({ damaged }) => damaged === 1),
    tip: () => table.place(epoch(), durable) ?? start,
    newestTrustedAt: () => table.newestTrustedAt(),
    hashOf: seq => table.place(epoch(), seq)?.hash,
    checkpointed: () => epochs.current().checkpointed,
    async commit(facts, also, how) {
      const written = writer.write(
        () => {
          const result = facts.map(append);
          also?.();
          return result;
        },
        {
          lazily: how === 'lazily',
          after(result) {
            durable = result.at(-1)?.seq ?? durable;
            listeners.tell(result);
          },
        },
      );
      await written.durable;
      return written.result;
    },
    async beginEpoch(reason, known) {
      // What was written before must not be counted into the new epoch.
      await writer.settled();
      const ended = epochs.current();
      const { seq: upTo } = head();
      const durableBefore = durable;
      const written = writer.write(
        () => {
          const unsent = { after: ended.receipted, upTo: Number.MAX_SAFE_INTEGER, limit: -1 };
          const left = table.between(ended.epoch, unsent).filter(({ type }) => type !== 'journal.checkpoint');
          epochs.begin();
          newest = start;
          const knownUpTo = Math.max(known?.knownUpTo ?? 0, upTo);
          const previous =
            knownUpTo > 0 ? { epoch: ended.epoch, upTo, knownUpTo, lost: known?.lost ?? [] } : null;
          const body = { reason, previous, carried: left.length };
          const first = append({ type: 'journal.epoch-begun', subject: epoch(), body });
          for (const fact of left) newest = appender.copy(epoch(), head(), fact);
          return [first];
        },
        {
          after(result) {
            durable = head().seq;
            listeners.tell(result);
          },
        },
      );
      durable = 0;
      try {
        await written.durable;
      } catch (error) {
        durable = durableBefore;
        throw error;
      }
    },
    settled: () => writer.settled(),
    onCommit: listener => listeners.add(listener),
    follow: follower => followers.add(follower),
    read: (after, limit) => table.between(epoch(), { after, upTo: durable, limit }),
    unsentCount: () => durable - epochs.current().receipted,
    receiptedUpTo: () => epochs.current().receipted,
    acceptReceipt(receipt) {
      if (receipt.epoch !== epoch()) return [];
      const stored = durable;
      // Taking it would drop the next facts unsent, since their numbers are taken over there.
      if (Math.max(receipt.upTo, receipt.stored) > stored)
        throw new AppError('journal.behind-centre', {
          newest: stored,
          upTo: receipt.upTo,
          stored: receipt.stored,
        });
      const take = () => {
        if (receipt.upTo > epochs.current().receipted) epochs.setReceipted(receipt.upTo);
        const now = clock.now().toISOString();
        return receipt.refused.filter(seq => deadLetters.add(receipt.epoch, seq, now));
      };
      return writer.write(take, { lazily: true }).result;
    },
    history: (caseId, ticketId) => table.history(caseId, ticketId),
    async rebuild() {
      const written = writer.write(() => rebuildProjections(db));
      followers.reset();
      await written.durable;
    },
    verifyChain() {
      let newest = { facts: 0, head: chainStart };
      for (const { epoch, damaged } of epochs.all())
        newest = verifyEpoch(db, epoch, { damaged: damaged === 1 });
      return newest;
    },
    close: () => writer.close(),
  };
}
