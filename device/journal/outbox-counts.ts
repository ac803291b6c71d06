import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { FactType } from '../../protocol/facts.ts';
import { classOfFact, type FactClass, type OutboxCounters, outboxClasses } from '../../protocol/outbox.ts';
import type { Held, Observations } from './observations.ts';

/** What waits for the centre, class by class. */
export interface OutboxCounts {
  /** Facts are counted anew at most once a minute: a month's backlog takes a tenth of a second. */
  counters(): OutboxCounters[];
  /** A wish of this class was refused because something is full. */
  refuse(kind: FactClass): void;
}

const countedEveryMs = 60_000;

type Facts = Omit<Held, 'dropped'>;

export function countOutbox(parts: {
  db: DatabaseSync;
  observations: Pick<Observations, 'held'>;
  clock: Clock;
}): OutboxCounts {
  const { db, observations, clock } = parts;
  const waiting = db.prepare(`select type, count(*) as rows, min(at) as oldestAt,
      sum(octet_length(body) + case when type = 'case.sent' then json_extract(body, '$.package.sizeBytes') else 0 end) as bytes
    from (select epoch, receipted from epochs order by number desc limit 1) as newest
    join facts on facts.epoch = newest.epoch and facts.seq > newest.receipted group by type`);
  const refused: Record<FactClass, number> = { documents: 0, cases: 0, tickets: 0 };
  let counted: { atMs: number; facts: Record<FactClass, Facts> } | undefined;

  function facts(): Record<FactClass, Facts> {
    const nowMs = clock.monotonicMs();
    if (counted && nowMs - counted.atMs < countedEveryMs) return counted.facts;
    const none = (): Facts => ({ rows: 0, bytes: 0, oldestAt: null });
    const sums = { documents: none(), cases: none(), tickets: none() };
    for (const row of waiting.all() as unknown as (Facts & { type: FactType })[]) {
      const sum = sums[classOfFact[row.type]];
      sum.rows += row.rows;
      sum.bytes += row.bytes;
      if (sum.oldestAt === null || (row.oldestAt ?? '') < sum.oldestAt) sum.oldestAt = row.oldestAt;
    }
    counted = { atMs: nowMs, facts: sums };
    return sums;
  }

  return {
    counters() {
      const sums = facts();
      return outboxClasses.map(kind =>
        kind === 'telemetry' || kind === 'logs'
          ? { class: kind, ...observations.held(kind), refused: 0 }
          : { class: kind, ...sums[kind], dropped: 0, refused: refused[kind] },
      );
    },
    refuse(kind) {
      refused[kind]++;
    },
  };
}
