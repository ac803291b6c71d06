import type { Clock } from '../../platform/clock.ts';
import { hashFact } from '../../protocol/chain.ts';
import { whyCheckpointFails } from '../../protocol/checkpoint.ts';
import type { FactBody, KnownFact } from '../../protocol/facts.ts';
import type { Transaction } from '../storage/storage.ts';
import type { FactRow } from '../storage/tables.ts';
import { toFact } from './fact-rows.ts';
import type { LedgerSql } from './ledger-sql.ts';
import type { Troubles } from './troubles.ts';

export interface JournalJudgeParts {
  troubles: Troubles;
  clock: Clock;
  /** Authorities of the boxes' seals, DER: they sign the checkpoints of the journals. */
  sealAnchors?: readonly Uint8Array[];
}

/** What a box says of its own journal: checkpoints are judged, a new epoch is told to operators. */
export function createJournalJudge(sql: LedgerSql, parts: JournalJudgeParts) {
  const { troubles, clock, sealAnchors = [] } = parts;

  /** The facts stay whatever it says: what was received is evidence either way. */
  async function judgeCheckpoint(
    transaction: Transaction,
    box: string,
    fact: KnownFact,
    checkpoint: FactBody<'journal.checkpoint'>,
  ): Promise<void> {
    const { epoch, seq } = fact;
    const place = { box, epoch, seq: checkpoint.upTo };
    const [row] =
      checkpoint.upTo < seq ? await transaction.run<FactRow>(sql.factsAt, JSON.stringify([place])) : [];
    // One that was refused leaves nothing to compare with, and its trouble is told already.
    const piece = JSON.stringify([{ ...place, last: place.seq }]);
    if (!row && (await transaction.run(sql.deadFrom, piece)).length > 0) return;
    const head = row ? hashFact(toFact(row)) : '';
    const reason = whyCheckpointFails(
      checkpoint,
      { box, epoch, upTo: checkpoint.upTo, head },
      { anchors: sealAnchors, at: clock.now() },
    );
    if (reason) await troubles.raise('journal.checkpoint-invalid', box, { seq, reason }, transaction);
  }

  /** What neither side has of the journal before. */
  async function tellEpoch(
    transaction: Transaction,
    box: string,
    { reason, previous }: FactBody<'journal.epoch-begun'>,
  ): Promise<void> {
    const before = JSON.stringify(previous ? [{ box, epoch: previous.epoch }] : []);
    const [ended] = await transaction.run<{ stored: number }>(sql.standing, before);
    const stored = ended?.stored ?? 0;
    const missing = (previous?.lost ?? [])
      .filter(([, to]) => to > stored)
      .map(([from, to]) => `${Math.max(from, stored + 1)}–${to}`);
    const details = { reason, epoch: previous?.epoch ?? null, missing: missing.join(', ') || '0' };
    await troubles.raise('journal.epoch-begun', box, details, transaction);
  }

  return async function judgeJournal(transaction: Transaction, box: string, fact: KnownFact): Promise<void> {
    if (fact.type === 'journal.checkpoint') await judgeCheckpoint(transaction, box, fact, fact.body);
    if (fact.type === 'journal.epoch-begun') await tellEpoch(transaction, box, fact.body);
    if (fact.type === 'downlink.entry-parked') {
      const { entryType: type, lost } = fact.body;
      if (lost) await troubles.raise('sync.content-lost', box, { type, sha256: lost }, transaction);
      else await troubles.raise('sync.entries-parked', box, { type }, transaction);
    }
  };
}
