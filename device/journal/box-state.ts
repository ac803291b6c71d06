import type { DatabaseSync } from 'node:sqlite';

/** Names of the small values that live beside the journal. */
type Key =
  | 'time-floor' // no clock can be right that says earlier, ISO 8601
  | 'time-told' // the present as the centre last told it, ISO 8601, an hour behind at most
  | 'epoch-pending' // why the next epoch begins, after a damaged database
  | 'packages-recovered' // epoch for which the packages of lost records were looked for
  | 'projections' // fingerprint of the tables that are built from facts
  | 'kind-rules' // the rules of kinds that a technician made: digest, login, time; empty for the shipped ones
  | 'device-roles' // what readers and scanners are for, JSON
  | 'hub' // whether this box is the hub of its branch, JSON (ADR 46)
  | 'session' // number of the last session with the centre
  | 'down-log' // id of the centre's log for this box
  | 'down-applied' // highest applied entry of that log
  | 'down-digest' // digest of that entry
  | `wrong-pins:${string}`; // consecutive wrong PINs of a token, by serial

export interface BoxState {
  get(key: Key): string | undefined;
  /** Stores and returns the value. Inside a transaction it is part of it. */
  set(key: Key, value: string): string;
}

export function createBoxState(db: DatabaseSync): BoxState {
  const select = db.prepare('select value from state where key = ?');
  const upsert = db.prepare(
    'insert into state (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
  );
  return {
    get: key => (select.get(key) as { value: string } | undefined)?.value,
    set(key, value) {
      upsert.run(key, value);
      return value;
    },
  };
}
