import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type FactRow, factOf } from '../../../device/journal/fact-rows.ts';
import { salvage } from '../../../device/journal/salvage.ts';
import type { Fact } from '../../../protocol/facts.ts';

/** One journal of a box as its database tells it. */
export interface BoxEpoch {
  epoch: string;
  /** Up to here the box holds a receipt of the centre. */
  receipted: number;
  /** Parts of it were lost with a damaged database: holes are known. */
  damaged: boolean;
  /** By number, in order. */
  facts: Map<number, Fact>;
}

export interface BoxBooks {
  /** Oldest first; the last one is written. */
  epochs: BoxEpoch[];
  /** What can be read of databases that were put aside. */
  setAside: Fact[];
  /** How far the centre's log for this box is applied. */
  down: { log: string; applied: number } | undefined;
}

type EpochRow = { epoch: string; receipted: number; damaged: number };

/** How far each journal of a box is receipted, by epoch. */
export function readReceipted(dir: string): Map<string, number> {
  return reading(dir, db => {
    const rows = db.prepare('select epoch, receipted from epochs').all() as unknown as EpochRow[];
    return new Map(rows.map(({ epoch, receipted }) => [epoch, receipted]));
  });
}

/** Reads `box.db` and every quarantined one; the box may be running. */
export function readBoxBooks(dir: string): BoxBooks {
  return reading(dir, db => {
    const all = <T>(sql: string) => db.prepare(sql).all() as T[];
    const facts = Map.groupBy(
      all<FactRow>('select * from facts order by epoch, seq').map(factOf),
      f => f.epoch,
    );
    const state = new Map(
      all<{ key: string; value: string }>('select key, value from state').map(({ key, value }) => [
        key,
        value,
      ]),
    );
    const log = state.get('down-log');
    return {
      epochs: all<EpochRow>('select epoch, receipted, damaged from epochs order by number').map(row => ({
        epoch: row.epoch,
        receipted: row.receipted,
        damaged: row.damaged === 1,
        facts: new Map(facts.get(row.epoch)?.map(fact => [fact.seq, fact])),
      })),
      setAside: quarantined(dir).flatMap(path => salvage(path).facts.map(factOf)),
      down: log === undefined ? undefined : { log, applied: Number(state.get('down-applied') ?? 0) },
    };
  });
}

function reading<T>(dir: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(join(dir, 'box.db'));
  try {
    // One moment of it, however many questions are asked.
    db.exec('pragma busy_timeout = 5000; begin');
    return work(db);
  } finally {
    db.close();
  }
}

function quarantined(dir: string): string[] {
  const aside = join(dir, 'quarantine');
  if (!existsSync(aside)) return [];
  return readdirSync(aside)
    .map(time => join(aside, time, 'box.db'))
    .filter(existsSync);
}

/** Numbers of a journal that still have to be sent. */
export const unsentOf = ({ facts, receipted }: BoxEpoch) => [...facts.keys()].filter(seq => seq > receipted);

/** How many facts of a box still have to be sent. */
export function unsentIn(dir: string): number {
  const newest = readBoxBooks(dir).epochs.at(-1);
  return newest ? unsentOf(newest).length : 0;
}
