import type { BlobStore } from '../../../platform/blob-store.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { codeOf } from '../../../protocol/app-error.ts';
import { errorText, isErrorCode } from '../../../protocol/errors.ts';
import type { Register } from '../../../protocol/register.ts';
import type { Troubles } from '../../ledger/troubles.ts';
import { isAway, startLoop } from '../../relay/loop.ts';
import type { TrustAnchors } from '../../relay/verification.ts';
import type { Storage } from '../../storage/storage.ts';
import type { CentreTables } from '../../storage/tables.ts';
import type { ReadableJob } from './readable-job.ts';
import { runReadable } from './run-readable.ts';

export interface CopyKeeper {
  kick(): void;
  stop(): Promise<void>;
}

const pauseMs = 15_000;
/** A child that dies now may live in an hour: the machine was full. What a container itself breaks stays broken. */
const mostTries = 3;

/**
 * Makes a readable copy of everything that is kept (LED-3.10), the newest first, one at a time and of several
 * centres one. A copy that is gone or damaged is made anew; one that cannot be made is told after some tries, and
 * tried again after the next start.
 */
export function keepCopies(parts: {
  storage: Storage;
  blobs: BlobStore;
  troubles: Troubles;
  anchors: TrustAnchors;
  register: () => Promise<Register>;
  branchName: (box: string) => string;
  timeZone: string;
  clock: Clock;
  log: Log;
  onMade: () => void;
}): CopyKeeper {
  const { storage, blobs, troubles, anchors, register, branchName, timeZone, clock, log, onMade } = parts;
  const { query } = storage;
  let stopped = false;
  /** Copies of earlier starts that were looked for. */
  let looked = false;

  const loop = startLoop(async () => {
    const claim = await storage.claim('archive copies');
    if (!claim) return pauseMs;
    try {
      if (!looked) await beginAnew();
      looked = true;
      for (let row = await next(); row && !stopped; row = await next())
        // What failed for a second time has a pause first; new ones do not wait for it.
        if (!(await makeOne(row)) && row.tries !== null) break;
    } catch (error) {
      if (isAway(error)) throw error;
      log.error({ code: codeOf(error), err: error }, 'readable copies cannot be made');
    } finally {
      await claim.release();
    }
    return pauseMs;
  });

  /** What failed is tried again, and what is gone from the content store is made anew. */
  async function beginAnew(): Promise<void> {
    await query.deleteFrom('archive_copies').where('copy_sha256', 'is', null).execute();
    for (const { sha256, copy_sha256: copy } of await query
      .selectFrom('archive_copies')
      .selectAll()
      .execute()) {
      if (stopped) return;
      if (copy !== null && !(await blobs.has(copy)))
        await query.deleteFrom('archive_copies').where('sha256', '=', sha256).execute();
    }
  }

  const next = () =>
    query
      .selectFrom('archive_entries')
      .innerJoin('cases', 'cases.id', 'archive_entries.case_id')
      .leftJoin('archive_copies', 'archive_copies.sha256', 'archive_entries.sha256')
      .select([
        'archive_entries.sha256',
        'kind',
        'kept_at',
        'cases.number',
        'cases.box',
        'service_id',
        'tries',
      ])
      .where('archive_entries.state', '<>', 'destroyed')
      .where('copy_sha256', 'is', null)
      .where(({ or, eb }) => or([eb('tries', 'is', null), eb('tries', '<', mostTries)]))
      .orderBy(({ fn, val }) => fn.coalesce('tries', val(0)))
      .orderBy('event', 'desc')
      .limit(1)
      .executeTakeFirst();
  type Row = NonNullable<Awaited<ReturnType<typeof next>>>;

  /** Whether it could be made. */
  async function makeOne(row: Row): Promise<boolean> {
    const { sha256 } = row;
    const tries = (row.tries ?? 0) + 1;
    try {
      const source = await blobs.open(sha256);
      const { pdf, pages } = await runReadable(source, await jobOf(row)).finally(source.close);
      const copy = await blobs.put(pdf, 'application/pdf');
      const made = { copy_sha256: copy.sha256, copy_bytes: copy.sizeBytes, pages, code: null };
      await note(sha256, { ...made, made_at: clock.now().toISOString(), tries });
      // Destroyed meanwhile: its copy must not outlive it.
      if (!(await isKept(sha256))) await forget(sha256, copy.sha256);
      onMade();
      return true;
    } catch (error) {
      if (isAway(error)) throw error;
      const code = codeOf(error);
      log.error({ code, err: error, sha256, tries }, 'a readable copy cannot be made');
      const known = isErrorCode(code) ? code : ('archive.copy-failed' as const);
      await note(sha256, {
        copy_sha256: null,
        copy_bytes: null,
        pages: null,
        made_at: null,
        tries,
        code: known,
      });
      if (tries === mostTries)
        await troubles.raise('archive.copy-failed', row.number, { reason: errorText(known, 'ru') });
      return false;
    }
  }

  async function isKept(sha256: string): Promise<boolean> {
    const kept = query.selectFrom('archive_entries').select('sha256').where('sha256', '=', sha256);
    return (await kept.where('state', '<>', 'destroyed').limit(1).executeTakeFirst()) !== undefined;
  }

  async function forget(sha256: string, copy: string): Promise<void> {
    await blobs.remove(copy);
    await query.deleteFrom('archive_copies').where('sha256', '=', sha256).execute();
  }

  async function note(sha256: string, row: Omit<CentreTables['archive_copies'], 'sha256'>): Promise<void> {
    await query
      .insertInto('archive_copies')
      .values({ sha256, ...row })
      .onConflict(conflict => conflict.column('sha256').doUpdateSet(row))
      .execute();
  }

  async function jobOf({
    sha256,
    kind,
    kept_at: keptAt,
    number,
    box,
    service_id,
  }: Row): Promise<ReadableJob> {
    const { services, agencies, region } = await register();
    const service = services.find(({ id }) => id === service_id);
    const base64 = (certificates: Uint8Array[]) =>
      certificates.map(each => Buffer.from(each).toString('base64'));
    return {
      ...{ kind, sha256, keptAt, timeZone, caseNumber: number, region: region.ru, branch: branchName(box) },
      service: service?.title.ru ?? service_id,
      agency: agencies.find(({ id }) => id === service?.agencyId)?.title.ru ?? '',
      titles: Object.fromEntries(service?.documents.map(each => [each.kind, each.title.ru]) ?? []),
      anchors:
        kind === 'package'
          ? { documents: base64(anchors.clerks), containers: base64(anchors.boxes) }
          : { documents: base64(anchors.officers), containers: base64(anchors.agencySystems) },
    };
  }

  return {
    kick: loop.kick,
    async stop() {
      stopped = true;
      await loop.stop();
    },
  };
}
