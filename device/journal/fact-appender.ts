import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import { AppError } from '../../protocol/app-error.ts';
import { canonicalJson } from '../../protocol/canonical.ts';
import { hashFact } from '../../protocol/chain.ts';
import { type Fact, isFact, judgeFact, type KnownFact, type NewFact } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import type { Epochs } from './epochs.ts';
import type { FactRow } from './fact-rows.ts';
import type { FactsTable, Place } from './facts-table.ts';
import type { Followers } from './followers.ts';
import { projections } from './schema.ts';

/** Puts facts at the end of an epoch's chain; each call is part of the transaction it is made in. */
export interface FactAppender {
  /** With every projection. Throws `journal.invalid-fact`, `journal.fact-too-large`. */
  append(epoch: string, after: Place, fact: NewFact): { fact: Fact; place: Place };
  /** A fact of an earlier epoch, told again as it was then; it changed the projections already. */
  copy(epoch: string, after: Place, fact: Fact): Place;
}

export function createFactAppender(parts: {
  db: DatabaseSync;
  table: FactsTable;
  epochs: Epochs;
  followers: Followers;
  clock: Clock;
  clockQuality: () => 'trusted' | 'untrusted';
}): FactAppender {
  const { db, table, epochs, followers, clock, clockQuality } = parts;
  const appliers = projections.map(projection => projection.prepare(db));

  function insert(fact: Fact, standing: FactRow['standing']): { hash: string; position: number } {
    const body = canonicalJson(fact.body);
    if (Buffer.byteLength(body) > limits.factBytes)
      throw new AppError('journal.fact-too-large', { type: fact.type });
    const hash = hashFact(fact, body);
    return { hash, position: table.insert(fact, body, hash, standing) };
  }

  return {
    append(epoch, after, { type, subject, body }) {
      const verdict = judgeFact({ type, body });
      if (verdict !== 'known') throw new AppError('journal.invalid-fact', { type, verdict });
      const now = clock.now();
      const fact: Fact = {
        epoch,
        seq: after.seq + 1,
        id: timeOrderedId(now),
        type,
        at: now.toISOString(),
        clock: clockQuality(),
        subject,
        body,
        prevHash: after.hash,
      };
      if (!isFact(fact)) throw new AppError('journal.invalid-fact', { type, verdict: 'malformed' });
      const { hash, position } = insert(fact, 'own');
      for (const apply of appliers) apply(fact as KnownFact, position);
      followers.apply(fact as KnownFact, position);
      if (type === 'journal.checkpoint') epochs.setCheckpointed(fact.seq);
      return { fact, place: { seq: fact.seq, hash } };
    },
    copy(epoch, after, fact) {
      const copied = {
        ...fact,
        epoch,
        seq: after.seq + 1,
        id: timeOrderedId(clock.now()),
        prevHash: after.hash,
      };
      return { seq: copied.seq, hash: insert(copied, 'copy').hash };
    },
  };
}
