import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Register } from '../../protocol/register.ts';
import { lastDayOf, shortestRetention } from '../../protocol/retention.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { CentreTables } from '../storage/tables.ts';

const atOnce = 200;
/** Two agencies' results may be committed in another order than they were numbered. */
const looksBack = 200;

/** With each of these events of a case content came that is kept (LED-3.10), refused content as well. */
const kinds: Record<string, CentreTables['archive_entries']['kind']> = {
  'package-verified': 'package',
  'package-refused': 'package',
  'no-agreement': 'package',
  'result-received': 'result',
  'result-refused': 'result',
};

export interface ArchiveIntake {
  /** Takes what is new in the books; a repeat, also after a power cut, takes nothing twice. */
  round(): Promise<void>;
}

/** Follows the book of cases into the archive: what came is an entry, and the hand-out starts its term. */
export function createArchiveIntake(parts: {
  storage: Storage;
  register: () => Promise<Register>;
  /** IANA name; days of terms are those of the region. */
  timeZone: string;
  clock: Clock;
}): ArchiveIntake {
  const { storage, register, timeZone, clock } = parts;
  let done: number | undefined;

  async function takeEvents(): Promise<boolean> {
    done ??= await newestEvent(storage);
    const rows = await storage.query
      .selectFrom('case_events')
      .innerJoin('relays', 'relays.case_id', 'case_events.case_id')
      .innerJoin('cases', 'cases.id', 'case_events.case_id')
      .leftJoin('archive_entries', 'archive_entries.event', 'case_events.number')
      .select(['case_events.number', 'case_events.case_id', 'case_events.event', 'content'])
      .select(['case_events.at', 'cases.service_id', 'package_sha256', 'result_sha256'])
      .where('case_events.number', '>', done - looksBack)
      .where('case_events.event', 'in', Object.keys(kinds))
      .where('archive_entries.event', 'is', null)
      .orderBy('case_events.number')
      .limit(atOnce + looksBack)
      .execute();
    const named = rows.flatMap(row => {
      const kind = kinds[row.event] ?? 'package';
      // Packages, and results of earlier versions, are named by their relay alone.
      const late = row.event === 'result-received' ? row.result_sha256 : null;
      const sha256 = row.content ?? (kind === 'package' ? row.package_sha256 : late);
      return sha256 === null ? [] : [{ ...row, kind, sha256 }];
    });
    const sizes = await sizesOf(
      storage,
      named.map(({ sha256 }) => sha256),
    );
    const { services } = await register();
    const entries = named.flatMap(({ number, case_id, kind, sha256, at, service_id }) => {
      const size_bytes = sizes.get(sha256);
      if (size_bytes === undefined) return [];
      const retention = services.find(({ id }) => id === service_id)?.retention ?? shortestRetention;
      const kept = { state: 'kept' as const, kept_at: at, state_at: at };
      return [{ case_id, sha256, kind, event: number, size_bytes, retention, ...kept }];
    });
    if (entries.length > 0) await storage.insertNew(tableOf('archive_entries'), entries);
    const before = done;
    done = Math.max(done, rows.at(-1)?.number ?? 0);
    return done > before;
  }

  async function takeHandOuts(): Promise<boolean> {
    const rows = await storage.query
      .selectFrom('archive_entries')
      .innerJoin('cases', 'cases.id', 'archive_entries.case_id')
      .select(['case_id', 'sha256', 'kept_at', 'cases.handed_out_at as said_at', 'service_id', 'retention'])
      .where('archive_entries.state', '=', 'kept')
      .where('archive_entries.handed_out_at', 'is', null)
      .where('cases.handed_out_at', 'is not', null)
      .limit(atOnce)
      .execute();
    if (rows.length === 0) return false;
    const { services } = await register();
    const now = clock.now().toISOString();
    await storage.transaction(async ({ query }) => {
      for (const { case_id, sha256, kept_at, said_at, service_id, ...before } of rows) {
        const retention = services.find(({ id }) => id === service_id)?.retention ?? before.retention;
        // A box whose clock ran wrong (F09) must not shorten the term: nothing is handed out before it came.
        const handedOut = latest(kept_at, earliest(said_at ?? now, now));
        const keepUntil = lastDayOf(retention, businessDay(new Date(handedOut), timeZone));
        await query
          .updateTable('archive_entries')
          .set({ handed_out_at: handedOut, keep_until: keepUntil, retention })
          .where('case_id', '=', case_id)
          .where('sha256', '=', sha256)
          .where('handed_out_at', 'is', null)
          .execute();
      }
    });
    return rows.length === atOnce;
  }

  return {
    async round() {
      while (await takeEvents());
      while (await takeHandOuts());
    },
  };
}

const latest = (a: string, b: string) => (a > b ? a : b);
const earliest = (a: string, b: string) => (a < b ? a : b);

async function newestEvent({ query }: Queries): Promise<number> {
  const last = await query
    .selectFrom('archive_entries')
    .select(({ fn }) => fn.max('event').as('event'))
    .executeTakeFirst();
  return last?.event ?? 0;
}

async function sizesOf({ query }: Queries, digests: readonly string[]): Promise<Map<string, number>> {
  if (digests.length === 0) return new Map();
  const rows = await query
    .selectFrom('contents')
    .select(['sha256', 'size_bytes'])
    .where('sha256', 'in', [...digests])
    .execute();
  return new Map(rows.map(({ sha256, size_bytes }) => [sha256, size_bytes]));
}
