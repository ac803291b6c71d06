import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import type { BoxObservation, NewObservation } from '../../protocol/observations.ts';
import { type ObservationClass, outboxPolicies } from '../../protocol/outbox.ts';
import type { Journal } from './journal.ts';

export interface Held {
  rows: number;
  bytes: number;
  oldestAt: string | null;
  dropped: number;
}

/**
 * Telemetry and logs on their way to the centre: outside of the chain, bounded by bytes and age, the
 * oldest dropped first and counted (ADR 12).
 */
export interface Observations {
  /** Notes a observation in memory; it is on the disk some seconds later. A power cut may take it. */
  add(observation: NewObservation): void;
  /** Writes what was noted and drops what is too much or too old. */
  keep(): Promise<void>;
  /** The next observations of a class after a number, in order, that make no more than so many bytes; one may be larger. */
  read(kind: ObservationClass, after: number, maxBytes: number): BoxObservation[];
  /** The centre has everything of the class up to this number. */
  forget(kind: ObservationClass, upTo: number): void;
  held(kind: ObservationClass): Held;
  /** Called when there may be something new to read. */
  onKept(listener: () => void): () => void;
  stop(): Promise<void>;
}

/** Flash wears: observations are written together (F05). */
const keepEveryMs = 5_000;
/** Noted and not yet written: a flood of warnings must not fill the memory. */
const notedAtMost = 200;
/** What stays of telemetry when the disk is low; logs go altogether. */
const lowBytes = { telemetry: 64 * 1024, logs: 0 } as const;

const schema = `
  create table if not exists observations (
    class text not null,
    seq integer not null,
    at text not null,
    type text not null,
    body text not null,
    bytes integer not null,
    primary key (class, seq)
  ) strict, without rowid;
  create table if not exists observation_counts (
    class text primary key,
    last_seq integer not null default 0,
    dropped integer not null default 0
  ) strict, without rowid;
  insert into observation_counts (class) values ('telemetry'), ('logs') on conflict do nothing;
`;

type Limits = Record<ObservationClass, { bytes: number; ageMs: number }>;
type Row = { seq: number; at: string; type: string; body: string; bytes: number };

export function openObservations(parts: {
  db: DatabaseSync;
  journal: Pick<Journal, 'commit'>;
  clock: Clock;
  log: Log;
  /** The disk is low: the journal needs the room. */
  isDiskLow: () => Promise<boolean>;
  limits?: Limits;
}): Observations {
  const { db, journal, clock, log, isDiskLow } = parts;
  const most: Limits = parts.limits ?? outboxPolicies;
  db.exec(schema);
  const insert = db.prepare(
    'insert into observations (class, seq, at, type, body, bytes) values (?, ?, ?, ?, ?, ?)',
  );
  const counts = db.prepare('select last_seq, dropped from observation_counts where class = ?');
  const setCounts = db.prepare('update observation_counts set last_seq = ?, dropped = ? where class = ?');
  const sums = db.prepare(
    'select count(*) as rows, coalesce(sum(bytes), 0) as bytes, min(at) as oldestAt from observations where class = ?',
  );
  const dropOldest = db.prepare(`delete from observations where class = ?1 and seq <= (
    select max(seq) from (select seq, sum(bytes) over (order by seq desc) as newer from observations where class = ?1)
    where newer > ?2)`);
  const dropOld = db.prepare('delete from observations where class = ? and at < ?');
  const dropSent = db.prepare('delete from observations where class = ? and seq <= ?');
  const select = db.prepare(
    `select * from observations where class = ? and seq > ? and seq <= ? order by seq limit ${limits.observationsPerEnvelope}`,
  );
  const countsOf = (kind: ObservationClass) => counts.get(kind) as { last_seq: number; dropped: number };

  let noted: { observation: NewObservation; at: string }[] = [];
  /** Dropped and not yet counted on the disk. */
  const lost = { telemetry: 0, logs: 0 };
  /** Numbers on the disk: what a power cut could give again may not leave. */
  const durable = { telemetry: countsOf('telemetry').last_seq, logs: countsOf('logs').last_seq };
  let turn: Promise<void> = Promise.resolve();
  const listeners = new Set<() => void>();

  function write(
    kind: ObservationClass,
    observations: typeof noted,
    isLow: boolean,
    uncounted: number,
  ): number {
    let { last_seq: seq, dropped } = countsOf(kind);
    for (const { observation, at } of observations) {
      const body = JSON.stringify(observation.body);
      insert.run(
        kind,
        ++seq,
        at,
        observation.type,
        body,
        Buffer.byteLength(body) + observation.type.length + at.length,
      );
    }
    const oldest = new Date(clock.now().getTime() - most[kind].ageMs).toISOString();
    dropped += uncounted + Number(dropOld.run(kind, oldest).changes);
    const bytesAtMost = isLow ? lowBytes[kind] : most[kind].bytes;
    const { bytes } = sums.get(kind) as { bytes: number };
    if (bytes > bytesAtMost) dropped += Number(dropOldest.run(kind, bytesAtMost).changes);
    setCounts.run(seq, dropped, kind);
    return seq;
  }

  async function keepNow(): Promise<void> {
    const taken = noted;
    noted = [];
    const isLow = await isDiskLow();
    const uncounted = { ...lost };
    const written = { ...durable };
    const work = () => {
      for (const kind of ['telemetry', 'logs'] as const) {
        const own = taken.filter(({ observation }) => observation.class === kind);
        written[kind] = write(kind, own, isLow, uncounted[kind]);
      }
    };
    try {
      await journal.commit([], work, 'lazily');
      for (const kind of ['telemetry', 'logs'] as const) lost[kind] -= uncounted[kind];
      Object.assign(durable, written);
      for (const listener of listeners) listener();
    } catch (error) {
      for (const { observation } of taken) lost[observation.class]++;
      log.debug({ code: codeOf(error) }, 'observations were not kept');
    }
  }

  function keep(): Promise<void> {
    turn = turn.then(keepNow);
    return turn;
  }

  function note(observation: NewObservation): void {
    // The same warning again and again is one line that says how often (F42).
    if (observation.class === 'logs') {
      const { level, message, code } = observation.body;
      for (const { observation: earlier } of noted)
        if (earlier.class === 'logs' && earlier.body.message === message)
          if (earlier.body.level === level && earlier.body.code === code) {
            earlier.body.times += observation.body.times;
            return;
          }
    }
    if (noted.length >= notedAtMost) {
      const gone = noted.splice(
        Math.max(
          0,
          noted.findIndex(each => each.observation.class === 'logs'),
        ),
        1,
      );
      for (const each of gone) lost[each.observation.class]++;
    }
    noted.push({
      observation: { ...observation, body: { ...observation.body } } as NewObservation,
      at: clock.now().toISOString(),
    });
  }

  const timer = setInterval(() => {
    if (noted.length > 0) void keep();
  }, keepEveryMs);
  timer.unref();

  return {
    add: note,
    keep,
    read(kind, after, maxBytes) {
      const result: BoxObservation[] = [];
      let bytes = 0;
      for (const row of select.iterate(kind, after, durable[kind]) as Iterable<Row>) {
        bytes += row.bytes;
        if (bytes > maxBytes && result.length > 0) break;
        result.push({ seq: row.seq, at: row.at, type: row.type, body: JSON.parse(row.body) });
      }
      return result;
    },
    forget(kind, upTo) {
      // What is not written down comes again with the next receipt.
      journal
        .commit([], () => void dropSent.run(kind, upTo), 'lazily')
        .catch((error: unknown) => log.debug({ code: codeOf(error) }, 'sent observations stay for now'));
    },
    held(kind) {
      const { rows, bytes, oldestAt } = sums.get(kind) as Omit<Held, 'dropped'>;
      return { rows, bytes, oldestAt, dropped: countsOf(kind).dropped + lost[kind] };
    },
    onKept(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async stop() {
      clearInterval(timer);
      await keep();
    },
  };
}
