import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { migrate } from '../../platform/sqlite.ts';
import { AppError } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import { type Fact, isFact, judgeFact, type KnownFact, type NewFact } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import type { Receipt } from '../../protocol/messages.ts';
import { createBoxState } from './box-state.ts';
import { openGroupWriter } from './group-writer.ts';
import { boxMigrations, projections } from './schema.ts';

export interface Journal {
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
  /** The newest fact on the disk with its digest; before the first fact the start of the chain. */
  tip(): { seq: number; hash: string };
  /** Number of the newest signed checkpoint, 0 when there is none. */
  checkpointed(): number;
  /** When every fact that was committed so far, and every projection of it, is on the disk. */
  settled(): Promise<void>;
  /** Called after each commit with the facts it wrote, when they are on the disk. */
  onCommit(listener: (facts: readonly Fact[]) => void): () => void;
  /** Facts on the disk after a number, in order. */
  read(after: number, limit: number): Fact[];
  /** Facts on the disk that the centre has not receipted, in order. */
  unsent(after: number, limit: number): Fact[];
  unsentCount(): number;
  /** Everything up to this number is in the centre for good. */
  receiptedUpTo(): number;
  /**
   * Takes a receipt of this epoch; others are ignored. Returns the numbers that were newly refused. It is
   * written with the next commit: a power cut before brings the receipt again. Throws
   * `journal.behind-centre` when the centre holds more than was ever written here (F21).
   */
  acceptReceipt(receipt: Receipt): number[];
  /** History of one case: its own facts, its documents' and its ticket's. */
  history(caseId: string, ticketId: string): Fact[];
  /** Drops every projection and reads all facts again. */
  rebuild(): Promise<void>;
  /** Checks numbers and hash chain from the first fact. Throws `journal.chain-broken`. */
  verifyChain(): { facts: number; head: string };
  /** Waits for the disk. Nothing can be written afterwards. */
  close(): Promise<void>;
}

interface FactRow {
  seq: number;
  epoch: string;
  id: string;
  type: string;
  at: string;
  clock: 'trusted' | 'untrusted';
  subject: string;
  body: string;
  prev_hash: string;
  hash: string;
}

export interface JournalOptions {
  db: DatabaseSync;
  clock: Clock;
  /** Whether the wall clock can be believed at this moment. */
  clockQuality: () => 'trusted' | 'untrusted';
}

/** Opens the journal; a new database gets a new epoch. Throws `journal.chain-broken` when its tail does not hold. */
export function openJournal({ db, clock, clockQuality }: JournalOptions): Journal {
  migrate(db, boxMigrations);
  const writer = openGroupWriter(db);
  const state = createBoxState(db);
  const epoch = state.get('epoch') ?? state.set('epoch', randomUUID());
  const appliers = projections.map(projection => projection.prepare(db));
  const listeners = new Set<(facts: readonly Fact[]) => void>();

  const selectHead = db.prepare('select seq, hash from facts order by seq desc limit 1');
  const selectHash = db.prepare('select seq, hash from facts where seq = ?');
  const insertFact =
    db.prepare(`insert into facts (seq, epoch, id, type, at, clock, subject, body, prev_hash, hash)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertOutbox = db.prepare('insert into outbox (seq) values (?)');
  const selectAfter = db.prepare('select * from facts where seq > ? and seq <= ? order by seq limit ?');
  const selectUnsent = db.prepare(
    'select facts.* from outbox join facts using (seq) where outbox.seq > ? and outbox.seq <= ? order by outbox.seq limit ?',
  );
  const countUnsent = db.prepare('select count(*) as n from outbox');
  const selectHistory = db.prepare('select * from facts where subject in (?, ?) or case_id = ? order by seq');
  const deleteOutbox = db.prepare('delete from outbox where seq <= ?');
  const insertDead = db.prepare(
    'insert into dead_letters (seq, told_at) select ?, ? where exists (select 1 from facts where seq = ?) on conflict do nothing',
  );

  const head = () => selectHead.get() as { seq: number; hash: string } | undefined;
  const select = (after: number) =>
    selectAfter.all(after, Number.MAX_SAFE_INTEGER, 1000) as unknown as FactRow[];
  /** The newest fact on the disk: nothing behind it may leave this process. */
  let durable = head()?.seq ?? 0;
  verify(Math.max(0, (head()?.seq ?? 0) - limits.factsPerEnvelope));

  /** Checks the facts after a number; the first one is believed about its own predecessor unless it is the very first. */
  function verify(after: number): { facts: number; head: string } {
    let expected = after === 0 ? chainStart : undefined;
    let [facts, seq] = [0, after];
    for (let rows = select(after); rows.length > 0; rows = select(seq)) {
      for (const row of rows) {
        const broken =
          row.seq !== seq + 1 ||
          (expected !== undefined && row.prev_hash !== expected) ||
          hashFact(fromRow(row)) !== row.hash;
        if (broken) throw new AppError('journal.chain-broken', { epoch, seq, found: row.seq });
        expected = row.hash;
        seq = row.seq;
        facts++;
      }
    }
    return { facts, head: expected ?? chainStart };
  }

  function append(fact: NewFact, previous: { seq: number; hash: string }): Fact & { hash: string } {
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
    const body = canonicalJson(whole.body);
    if (Buffer.byteLength(body) > limits.factBytes)
      throw new AppError('journal.fact-too-large', { type: fact.type });
    const hash = hashFact(whole);
    insertFact.run(
      whole.seq,
      epoch,
      whole.id,
      whole.type,
      whole.at,
      whole.clock,
      whole.subject,
      body,
      whole.prevHash,
      hash,
    );
    insertOutbox.run(whole.seq);
    if (whole.type === 'journal.checkpoint') state.set('checkpointed', String(whole.seq));
    for (const apply of appliers) apply(whole as KnownFact);
    return { ...whole, hash };
  }

  return {
    epoch,
    head: () => durable,
    tip: () =>
      (selectHash.get(durable) as { seq: number; hash: string } | undefined) ?? { seq: 0, hash: chainStart },
    checkpointed: () => Number(state.get('checkpointed') ?? 0),
    async commit(facts, also, how) {
      const written = writer.write(
        () => {
          let previous = head() ?? { seq: 0, hash: chainStart };
          const result: Fact[] = [];
          for (const fact of facts) {
            const { hash, ...whole } = append(fact, previous);
            previous = { seq: whole.seq, hash };
            result.push(whole);
          }
          also?.();
          return result;
        },
        {
          lazily: how === 'lazily',
          after(result) {
            durable = result.at(-1)?.seq ?? durable;
            for (const listener of listeners) tell(listener, result);
          },
        },
      );
      await written.durable;
      return written.result;
    },
    settled: () => writer.settled(),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: (after, limit) => (selectAfter.all(after, durable, limit) as unknown as FactRow[]).map(fromRow),
    unsent: (after, limit) => (selectUnsent.all(after, durable, limit) as unknown as FactRow[]).map(fromRow),
    unsentCount: () => (countUnsent.get() as { n: number }).n,
    receiptedUpTo: () => Number(state.get('receipted') ?? 0),
    acceptReceipt(receipt) {
      if (receipt.epoch !== epoch) return [];
      const newest = durable;
      // Taking it would drop the next facts unsent, since their numbers are taken over there.
      if (Math.max(receipt.upTo, receipt.stored) > newest)
        throw new AppError('journal.behind-centre', { newest, upTo: receipt.upTo, stored: receipt.stored });
      const take = () => {
        if (receipt.upTo > Number(state.get('receipted') ?? 0)) {
          deleteOutbox.run(receipt.upTo);
          state.set('receipted', String(receipt.upTo));
        }
        const now = clock.now().toISOString();
        return receipt.refused.filter(seq => insertDead.run(seq, now, seq).changes > 0);
      };
      return writer.write(take, { lazily: true }).result;
    },
    history: (caseId, ticketId) =>
      (selectHistory.all(caseId, ticketId, caseId) as unknown as FactRow[]).map(fromRow),
    async rebuild() {
      const { durable } = writer.write(() => {
        for (const { tables } of projections.toReversed())
          for (const table of tables) db.exec(`delete from ${table}`);
        let seq = 0;
        for (let rows = select(seq); rows.length > 0; rows = select(seq)) {
          for (const row of rows) for (const apply of appliers) apply(fromRow(row) as KnownFact);
          seq = (rows.at(-1) as FactRow).seq;
        }
      });
      await durable;
    },
    verifyChain: () => verify(0),
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

function fromRow(row: FactRow): Fact {
  return {
    epoch: row.epoch,
    seq: row.seq,
    id: row.id,
    type: row.type,
    at: row.at,
    clock: row.clock,
    subject: row.subject,
    body: JSON.parse(row.body),
    prevHash: row.prev_hash,
  };
}
