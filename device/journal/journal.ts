import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { migrate } from '../../platform/sqlite.ts';
import { AppError } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import {
  type Fact,
  type FactBody,
  isFact,
  judgeFact,
  type KnownFact,
  type NewFact,
} from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import type { Receipt } from '../../protocol/messages.ts';
import { type FactRow, factOf } from './fact-rows.ts';
import { openGroupWriter } from './group-writer.ts';
import { rebuildProjections } from './rebuild.ts';
import { boxMigrations, projections } from './schema.ts';
import { verifyEpoch, verifyTail } from './verify-chain.ts';

/** Why a journal does not go on where it ended. */
export type EpochReason = FactBody<'journal.epoch-begun'>['reason'];

export interface Journal {
  /** The epoch that is written now. */
  readonly epoch: string;
  /** Number of the newest fact on the disk, 0 when there is none. */
  head(): number;
  /**
   * Appends facts, their outbox rows and every projection at once: whoever reads the projections next finds
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
  /** Facts of this epoch on the disk after a number, in order. */
  read(after: number, limit: number): Fact[];
  /** Facts of this epoch on the disk that the centre has not receipted, in order. */
  unsent(after: number, limit: number): Fact[];
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

interface EpochRow {
  epoch: string;
  receipted: number;
  checkpointed: number;
  damaged: number;
}

/** Opens the journal; a new database gets a new epoch. Throws `journal.chain-broken` when its tail does not hold. */
export function openJournal({ db, clock, clockQuality }: JournalOptions): Journal {
  migrate(db, boxMigrations);
  const newestEpoch = db.prepare('select epoch from epochs order by number desc limit 1');
  const insertEpoch = db.prepare('insert into epochs (epoch) values (?)');
  const selectEpoch = db.prepare('select * from epochs where epoch = ?');
  const setReceipted = db.prepare('update epochs set receipted = ? where epoch = ?');
  const setCheckpointed = db.prepare('update epochs set checkpointed = ? where epoch = ?');
  if (!newestEpoch.get()) insertEpoch.run(randomUUID());
  let { epoch } = newestEpoch.get() as { epoch: string };

  const writer = openGroupWriter(db);
  const appliers = projections.map(projection => projection.prepare(db));
  const listeners = new Set<(facts: readonly Fact[]) => void>();

  const selectHead = db.prepare('select seq, hash from facts where epoch = ? order by seq desc limit 1');
  const selectHash = db.prepare('select seq, hash from facts where epoch = ? and seq = ?');
  const insertFact =
    db.prepare(`insert into facts (epoch, seq, id, type, at, clock, subject, body, prev_hash, hash, standing)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertOutbox = db.prepare('insert into outbox (position) values (?)');
  const selectAfter = db.prepare(
    'select * from facts where epoch = ? and seq > ? and seq <= ? order by seq limit ?',
  );
  const selectUnsent = db.prepare(`select facts.* from facts join outbox using (position)
    where epoch = ? and seq > ? and seq <= ? order by seq limit ?`);
  const countUnsent = db.prepare('select count(*) as n from outbox');
  const selectHistory = db.prepare(
    `select * from facts where (subject in (?, ?) or case_id = ?) and standing <> 'copy' order by position`,
  );
  const receiptFacts = db.prepare(
    'delete from outbox where position in (select position from facts where epoch = ? and seq <= ? and seq > ?)',
  );
  const forgetOutbox = db.prepare('delete from outbox');
  const insertDead = db.prepare(
    'insert into dead_letters (position, told_at) select position, ? from facts where epoch = ? and seq = ? on conflict do nothing',
  );

  const start = { seq: 0, hash: chainStart };
  const head = () => (selectHead.get(epoch) as { seq: number; hash: string } | undefined) ?? start;
  const state = () => selectEpoch.get(epoch) as unknown as EpochRow;
  /** The newest fact on the disk: nothing behind it may leave this process. */
  let durable = head().seq;
  verifyTail(db);

  type Place = { seq: number; hash: string };

  function append(fact: NewFact, previous: Place): Fact & { hash: string } {
    const verdict = judgeFact(fact);
    if (verdict !== 'known') throw new AppError('journal.invalid-fact', { type: fact.type, verdict });
    const whole: Fact = {
      epoch,
      seq: previous.seq + 1,
      id: randomUUID(),
      type: fact.type,
      at: clock.now().toISOString(),
      clock: clockQuality(),
      subject: fact.subject,
      body: fact.body,
      prevHash: previous.hash,
    };
    if (!isFact(whole)) throw new AppError('journal.invalid-fact', { type: fact.type, verdict: 'malformed' });
    const { hash, position } = insert(whole, 'own');
    for (const apply of appliers) apply(whole as KnownFact, position);
    if (whole.type === 'journal.checkpoint') setCheckpointed.run(whole.seq, epoch);
    return { ...whole, hash };
  }

  function insert(fact: Fact, standing: FactRow['standing']): { hash: string; position: number } {
    const body = canonicalJson(fact.body);
    if (Buffer.byteLength(body) > limits.factBytes)
      throw new AppError('journal.fact-too-large', { type: fact.type });
    const hash = hashFact(fact);
    const { lastInsertRowid } = insertFact.run(
      ...[fact.epoch, fact.seq, fact.id, fact.type, fact.at, fact.clock],
      ...[fact.subject, body, fact.prevHash, hash, standing],
    );
    const position = Number(lastInsertRowid);
    insertOutbox.run(position);
    return { hash, position };
  }

  /** Facts of the epoch that ends which are not receipted go on in the new one, told as copies of what happened then. */
  function carry(rows: readonly FactRow[], after: Place): void {
    let previous = after;
    for (const row of rows) {
      const fact = {
        ...factOf(row),
        epoch,
        seq: previous.seq + 1,
        id: randomUUID(),
        prevHash: previous.hash,
      };
      previous = { seq: fact.seq, hash: insert(fact, 'copy').hash };
    }
  }

  function write<T extends readonly Fact[]>(work: () => T, lazily = false) {
    return writer.write(work, {
      lazily,
      after(result) {
        durable = result.at(-1)?.seq ?? durable;
        for (const listener of listeners) tell(listener, result);
      },
    });
  }

  return {
    get epoch() {
      return epoch;
    },
    head: () => durable,
    tip: () => (selectHash.get(epoch, durable) as Place | undefined) ?? start,
    newestTrustedAt: () =>
      (
        db.prepare(`select at from facts where clock = 'trusted' order by position desc limit 1`).get() as
          | { at: string }
          | undefined
      )?.at,
    hashOf: seq => (selectHash.get(epoch, seq) as Place | undefined)?.hash,
    checkpointed: () => state().checkpointed,
    async commit(facts, also, how) {
      const written = write(() => {
        let previous = head();
        const result: Fact[] = [];
        for (const fact of facts) {
          const { hash, ...whole } = append(fact, previous);
          previous = { seq: whole.seq, hash };
          result.push(whole);
        }
        also?.();
        return result;
      }, how === 'lazily');
      await written.durable;
      return written.result;
    },
    async beginEpoch(reason, known) {
      // What was written before must not be counted into the new epoch.
      await writer.settled();
      const ended = epoch;
      const { seq: upTo } = head();
      const { receipted } = state();
      const written = writer.write(
        () => {
          const left = (
            selectUnsent.all(ended, receipted, Number.MAX_SAFE_INTEGER, -1) as unknown as FactRow[]
          ).filter(({ type }) => type !== 'journal.checkpoint');
          forgetOutbox.run();
          epoch = randomUUID();
          try {
            insertEpoch.run(epoch);
            const knownUpTo = Math.max(known?.knownUpTo ?? 0, upTo);
            const previous =
              knownUpTo > 0 ? { epoch: ended, upTo, knownUpTo, lost: known?.lost ?? [] } : null;
            const body = { reason, previous, carried: left.length };
            const { hash, ...first } = append({ type: 'journal.epoch-begun', subject: epoch, body }, start);
            carry(left, { seq: 1, hash });
            return [first];
          } catch (error) {
            epoch = ended;
            throw error;
          }
        },
        {
          after(result) {
            durable = head().seq;
            for (const listener of listeners) tell(listener, result);
          },
        },
      );
      durable = 0;
      try {
        await written.durable;
      } catch (error) {
        epoch = ended;
        durable = head().seq;
        throw error;
      }
    },
    settled: () => writer.settled(),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: (after, limit) =>
      (selectAfter.all(epoch, after, durable, limit) as unknown as FactRow[]).map(factOf),
    unsent: (after, limit) =>
      (selectUnsent.all(epoch, after, durable, limit) as unknown as FactRow[]).map(factOf),
    unsentCount: () => (countUnsent.get() as { n: number }).n,
    receiptedUpTo: () => state().receipted,
    acceptReceipt(receipt) {
      if (receipt.epoch !== epoch) return [];
      const newest = durable;
      // Taking it would drop the next facts unsent, since their numbers are taken over there.
      if (Math.max(receipt.upTo, receipt.stored) > newest)
        throw new AppError('journal.behind-centre', { newest, upTo: receipt.upTo, stored: receipt.stored });
      const take = () => {
        const { receipted } = state();
        if (receipt.upTo > receipted) {
          receiptFacts.run(epoch, receipt.upTo, receipted);
          setReceipted.run(receipt.upTo, epoch);
        }
        const now = clock.now().toISOString();
        return receipt.refused.filter(seq => insertDead.run(now, epoch, seq).changes > 0);
      };
      return writer.write(take, { lazily: true }).result;
    },
    history: (caseId, ticketId) =>
      (selectHistory.all(caseId, ticketId, caseId) as unknown as FactRow[]).map(factOf),
    async rebuild() {
      await writer.write(() => rebuildProjections(db)).durable;
    },
    verifyChain() {
      let newest = { facts: 0, head: chainStart };
      const all = db.prepare('select * from epochs order by number').all() as unknown as EpochRow[];
      for (const { epoch, damaged } of all) newest = verifyEpoch(db, epoch, { damaged: damaged === 1 });
      return newest;
    },
    close: () => writer.close(),
  };
}

function tell(listener: (facts: readonly Fact[]) => void, written: readonly Fact[]): void {
  try {
    listener(written);
  } catch (error) {
    // The facts are written: the writer must not believe that they are not (F41).
    queueMicrotask(() => {
      throw error;
    });
  }
}
