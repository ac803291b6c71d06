import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { verifyPackage } from '../../protocol/package/asice.ts';
import { wantAgain } from '../ingress/mend-content.ts';
import type { ContentHolders } from '../ledger/content-holders.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Troubles } from '../ledger/troubles.ts';
import { isAway, startLoop } from '../relay/loop.ts';
import type { TrustAnchors } from '../relay/verification.ts';
import type { Storage } from '../storage/storage.ts';

/** How slowly the archive is read, and how soon an entry is looked at again. */
export interface ScrubPace {
  bytesPerSecond: number;
  atLeastMs: number;
  againAfterMs: number;
  /** The same for one that something is wrong with. */
  failedAfterMs: number;
  restMs: number;
}

const dayMs = 24 * 60 * 60_000;
const usualPace: ScrubPace = {
  bytesPerSecond: 2 * 1024 * 1024,
  atLeastMs: 500,
  againAfterMs: 30 * dayMs,
  failedAfterMs: dayMs,
  restMs: 10 * 60_000,
};

export interface ArchiveScrub {
  stop(): Promise<void>;
}

/** Accepted content must still pass; what was refused when it came only has to be the same. */
const accepted = ['package-verified', 'no-agreement', 'result-received'];

type Finding = { code: ErrorCode; note: string | null } | undefined;

/**
 * Looks at everything that is kept, the entry that was looked at longest ago first: whether the bytes are those of
 * the digest, and whether every signature still passes as of the day when it came. What was found stands with the
 * entry, so a restart goes on where it was. Of several centres one does it.
 */
export function scrubArchive(parts: {
  storage: Storage;
  blobs: BlobStore;
  holders: ContentHolders;
  downLogs: DownLogs;
  troubles: Troubles;
  anchors: TrustAnchors;
  clock: Clock;
  log: Log;
  pace?: ScrubPace;
}): ArchiveScrub {
  const { storage, blobs, holders, downLogs, troubles, anchors, clock, log, pace = usualPace } = parts;
  const { query } = storage;

  const loop = startLoop(async () => {
    const claim = await storage.claim('archive scrub');
    if (!claim) return pace.restMs;
    try {
      const entry = await next();
      if (!entry) return pace.restMs;
      await check(entry);
      return Math.max(pace.atLeastMs, (entry.size_bytes * 1000) / pace.bytesPerSecond);
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ code: codeOf(error), err: error }, 'the archive cannot be checked');
      return pace.restMs;
    } finally {
      await claim.release();
    }
  });

  function next() {
    const before = (ms: number) => new Date(clock.now().getTime() - ms).toISOString();
    return query
      .selectFrom('archive_entries')
      .innerJoin('cases', 'cases.id', 'archive_entries.case_id')
      .innerJoin('case_events', 'case_events.number', 'archive_entries.event')
      .select(['archive_entries.case_id', 'sha256', 'kind', 'size_bytes', 'kept_at', 'cases.number'])
      .select('case_events.event')
      .where('archive_entries.state', '<>', 'destroyed')
      .where(({ or, and, eb }) =>
        or([
          eb('checked_at', 'is', null),
          eb('checked_at', '<', before(pace.againAfterMs)),
          and([eb('check_code', 'is not', null), eb('checked_at', '<', before(pace.failedAfterMs))]),
        ]),
      )
      .orderBy(({ fn, val }) => fn.coalesce('checked_at', val('')))
      .limit(1)
      .executeTakeFirst();
  }
  type Entry = NonNullable<Awaited<ReturnType<typeof next>>>;

  async function check(entry: Entry): Promise<void> {
    const { case_id, sha256, number } = entry;
    const found = await look(entry);
    const noted = await query
      .updateTable('archive_entries')
      .set({ checked_at: clock.now().toISOString() })
      .set({ check_code: found?.code ?? null, check_note: found?.note ?? null })
      .where('case_id', '=', case_id)
      .where('sha256', '=', sha256)
      // Destroyed while it was read: nothing is missing then.
      .where('state', '<>', 'destroyed')
      .executeTakeFirst();
    if (!found || noted.numUpdatedRows === 0n) return;
    log.error({ code: found.code, sha256 }, 'an entry of the archive is not as it was');
    await troubles.raise(
      found.code,
      number,
      found.note === null ? { sha256 } : { reason: found.note, sha256 },
    );
    if (found.code !== 'archive.signature-changed')
      await storage.transaction(transaction => wantAgain(transaction, { holders, downLogs }, sha256));
  }

  async function look({ sha256, kind, kept_at, event }: Entry): Promise<Finding> {
    try {
      const source = await blobs.open(sha256);
      const [documentAnchors, containerAnchors] =
        kind === 'package' ? [anchors.clerks, anchors.boxes] : [anchors.officers, anchors.agencySystems];
      // As of the day when it came, which the stamped audit log proves: certificates end long before terms do.
      const at = new Date(kept_at);
      const report = await verifyPackage(source, { documentAnchors, containerAnchors, at }).finally(
        source.close,
      );
      if (report.verdict === 'passed' || !accepted.includes(event)) return undefined;
      return { code: 'archive.signature-changed', note: report.reasons.join(', ') };
    } catch (error) {
      const code = codeOf(error);
      if (code === 'journal.blob-missing') return { code, note: null };
      if (code !== 'journal.blob-corrupt') throw error;
      await blobs.setAside(sha256);
      return { code, note: null };
    }
  }

  return { stop: loop.stop };
}
