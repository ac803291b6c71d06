import type { DatabaseSync } from 'node:sqlite';
import type { KnownFact } from '../../../protocol/facts.ts';

/** Tables that are nothing but the facts read in order. */
export interface Projection {
  /** Names of the tables, for dropping them. */
  tables: readonly string[];
  schema: string;
  /** Prepares statements and returns the function that applies one fact; `position` orders facts over all epochs. */
  prepare(db: DatabaseSync): (fact: KnownFact, position: number) => void;
}
