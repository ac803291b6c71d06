import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import { contentOf, type Fact, type JudgeFact, judgeFact, type KnownFact } from '../../protocol/facts.ts';
import type { Receipt } from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import type { Storage, Transaction } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { FactRow } from '../storage/tables.ts';
import { createAdvance, type Held } from './advance.ts';
import { toFact } from './fact-rows.ts';
import {
  type Arrival,
  type Arrivals,
  type Delivery,
  type Inbox,
  placeKey,
  type Stream,
  sortIn,
  streamKey,
} from './inbox.ts';
import { createJournalJudge } from './journal-judge.ts';
import { ledgerSql } from './ledger-sql.ts';
import { createParkedReader, parkFacts } from './parked-facts.ts';
import type { Spares } from './projections.ts';
import { createReceipts } from './receipts.ts';
import type { Troubles } from './troubles.ts';

export interface BoxReceipt {
  box: string;
  receipt: Receipt;
}

export interface Ledger {
  /** Stores several envelopes in one transaction. When it resolves they survive a power cut; it answers for each journal in them. */
  accept(deliveries: readonly Delivery[]): Promise<BoxReceipt[]>;
  /** Where the centre stands with journals, in their order; one that was never seen stands at 0. */
  receipts(streams: readonly Stream[]): Promise<Receipt[]>;
  receipt(box: string, epoch: string): Promise<Receipt>;
  /** Content is whole in the blob store: facts that waited for it may be receipted. Resolves with the journals that moved. */
  contentArrived(blob: Blob): Promise<Stream[]>;
  hasContent(sha256: string): Promise<boolean>;
  journals(box: string): Promise<{ epoch: string; upTo: number; stored: number }[]>;
  facts(box: string, epoch: string): Promise<Fact[]>;
  /** Reads what this version could not read before an update; called at the start. */
  readParked(): Promise<void>;
}

/**
 * Idempotent inbox of facts with watermarks (commit, then receipt). Several centres may
 * take in facts of the same box at once: each holds the row of a journal while it moves its watermarks,
 * and the name of a content while it decides whether a fact has to wait for it.
 */
export function openLedger(parts: {
  storage: Storage;
  clock: Clock;
  log: Log;
  troubles: Troubles;
  /** Authorities of the boxes' seals, DER: they sign the checkpoints of the journals. */
  sealAnchors?: readonly Uint8Array[];
  spares?: Spares | undefined;
  /** What this version can read. */
  judge?: JudgeFact;
}): Ledger {
  const { storage, clock, troubles, judge = judgeFact } = parts;
  const sql = ledgerSql(storage.words);
  const advance = createAdvance(sql, { ...parts, judge });
  const receiptsFor = createReceipts(sql);
  const receipts = (streams: readonly Stream[]) => receiptsFor(storage, streams);
  const hold = (transaction: Transaction, streams: readonly Stream[]) => {
    const each = new Map(streams.map(stream => [streamKey(stream), stream]));
    return transaction.run<Held>(sql.hold, JSON.stringify([...each.values()]));
  };

  async function store(transaction: Transaction, inbox: Inbox, now: string) {
    await transaction.lock([...inbox.contents].map(contentLock));
    const held = await holdAll(transaction, inbox.streams, now);
    const { fresh, repeats } = await keep(transaction, inbox);
    await bury(transaction, inbox, [...inbox.forks, ...(await differing(transaction, repeats))], now);
    if (inbox.contents.size > 0) await waitForContent(transaction, readIn(fresh));
    await parkFacts(transaction, unreadIn(fresh), troubles);
    return { held, ...(await advance(transaction, held, fresh)) };
  }

  /** Holds also journals that were never seen before. */
  async function holdAll(transaction: Transaction, streams: readonly Stream[], now: string): Promise<Held[]> {
    const held = await hold(transaction, streams);
    if (held.length === streams.length) return held;
    const begun = streams.map(stream => ({ ...stream, begun_at: now, last_hash: chainStart }));
    await transaction.run(sql.begin, JSON.stringify(begun));
    return await hold(transaction, streams);
  }

  /** Inserts what is not here yet, and tells it from what is. */
  async function keep(transaction: Transaction, inbox: Inbox) {
    const rows: FactRow[] = [];
    for (const facts of inbox.facts.values()) for (const { row } of facts.values()) rows.push(row);
    const inserted = new Set(rows.length > 0 ? await transaction.insertNew(tableOf('facts'), rows) : []);
    if (inserted.size === rows.length) return { fresh: inbox.facts, repeats: [] };
    const fresh = new Map<string, Map<number, Arrival>>();
    const repeats: Arrival[] = [];
    for (const [key, facts] of inbox.facts) {
      fresh.set(key, new Map([...facts].filter(([, { row }]) => inserted.has(row))));
      repeats.push(...[...facts.values()].filter(({ row }) => !inserted.has(row)));
    }
    return { fresh, repeats };
  }

  /** Repeats that do not say what is stored under their number: they come from a copied box. */
  async function differing(transaction: Transaction, repeats: readonly Arrival[]) {
    if (repeats.length === 0) return [];
    const places = repeats.map(({ box, epoch, seq }) => ({ box, epoch, seq }));
    const rows = await transaction.run<FactRow>(sql.factsAt, JSON.stringify(places));
    const stored = new Map(rows.map(row => [placeKey(row), hashFact(toFact(row))]));
    return repeats.filter(arrival => stored.get(placeKey(arrival)) !== arrival.hash);
  }

  /** Keeps what cannot be stored as a fact, and tells. */
  async function bury(transaction: Transaction, inbox: Inbox, forks: readonly Arrival[], now: string) {
    const rows = [
      ...inbox.malformed.map(dead => ({ ...dead, reason: 'malformed' as const, received_at: now })),
      ...forks.map(({ box, epoch, seq, row }) => {
        const raw = canonicalJson(toFact(row));
        return { box, epoch, seq, raw, reason: 'forked' as const, received_at: now };
      }),
    ];
    if (rows.length === 0) return;
    type Dead = Stream & { seq: number; reason: 'malformed' | 'forked' };
    for (const { box, seq, reason } of await transaction.run<Dead>(sql.bury, JSON.stringify(rows)))
      await troubles.raise(
        reason === 'forked' ? 'sync.journal-forked' : 'sync.fact-refused',
        box,
        { seq },
        transaction,
      );
  }

  async function waitForContent(transaction: Transaction, facts: readonly Known[]) {
    const named = facts.flatMap(({ box, epoch, seq, known }) =>
      contentOf(known).map(({ sha256 }) => ({ sha256, box, epoch, seq })),
    );
    if (named.length === 0) return;
    const here = await transaction.run<{ sha256: string }>(sql.contentsHere, JSON.stringify(named));
    const isHere = new Set(here.map(row => row.sha256));
    const awaited = named.filter(({ sha256 }) => !isHere.has(sha256));
    if (awaited.length > 0) await transaction.run(sql.await, JSON.stringify(awaited));
  }

  const readParked = createParkedReader({
    ...{ storage, sql, judge, hold, advance, judgeJournal: createJournalJudge(sql, parts) },
    ...(parts.spares && { spares: parts.spares }),
    async awaitContent(transaction, facts) {
      const named = facts.flatMap(({ known }) => contentOf(known));
      await transaction.lock(named.map(({ sha256 }) => contentLock(sha256)));
      await waitForContent(transaction, facts);
    },
  });

  return {
    async accept(deliveries) {
      const now = clock.now().toISOString();
      const inbox = sortIn(deliveries, now, judge);
      return await storage.transaction(async transaction => {
        const known = await store(transaction, inbox, now);
        const receipts = await receiptsFor(transaction, inbox.streams, known);
        return inbox.streams.map(({ box }, index) => ({ box, receipt: receipts[index] as Receipt }));
      });
    },
    readParked,
    receipts,
    async receipt(box, epoch) {
      const [receipt] = await receipts([{ box, epoch }]);
      return receipt as Receipt;
    },
    contentArrived: ({ sha256, sizeBytes, mediaType }) =>
      storage.transaction(async transaction => {
        await transaction.lock([contentLock(sha256)]);
        const at = clock.now().toISOString();
        await transaction.query
          .insertInto('contents')
          .values({ sha256, size_bytes: sizeBytes, media_type: mediaType, at })
          .onConflict(conflict => conflict.doNothing())
          .execute();
        const waited = await transaction.query
          .deleteFrom('awaited')
          .where('sha256', '=', sha256)
          .returning(['box', 'epoch'])
          .execute();
        if (waited.length === 0) return [];
        return (await advance(transaction, await hold(transaction, waited), new Map())).moved;
      }),
    async hasContent(sha256) {
      const found = storage.query.selectFrom('contents').select('sha256').where('sha256', '=', sha256);
      return (await found.executeTakeFirst()) !== undefined;
    },
    async journals(box) {
      const streams = storage.query.selectFrom('streams').where('box', '=', box).orderBy('begun_at');
      const rows = await streams.select(['epoch', 'up_to', 'stored']).execute();
      return rows.map(({ epoch, up_to: upTo, stored }) => ({ epoch, upTo, stored }));
    },
    async facts(box, epoch) {
      const facts = storage.query.selectFrom('facts').where('box', '=', box).where('epoch', '=', epoch);
      return (await facts.selectAll().orderBy('seq').execute()).map(toFact);
    },
  };
}

type Known = Stream & { seq: number; known: KnownFact };

function readIn(arrivals: Arrivals): Known[] {
  const read: Known[] = [];
  for (const facts of arrivals.values())
    for (const { box, epoch, seq, known } of facts.values()) if (known) read.push({ box, epoch, seq, known });
  return read;
}

/** Facts that only a newer version reads: next to none, and every fact is asked. */
function unreadIn(arrivals: Arrivals): FactRow[] {
  const unread: FactRow[] = [];
  for (const facts of arrivals.values())
    for (const { row, known } of facts.values()) if (!known) unread.push(row);
  return unread;
}

/** Held by whoever decides whether the centre has this content. */
export const contentLock = (sha256: string) => `content ${sha256}`;
