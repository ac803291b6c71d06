import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type OpenTextIndex, TextIndexLost } from '../../platform/text-index/open-text-index.ts';
import type { TextFilter } from '../../platform/text-index/text-index.ts';
import type { SearchView } from '../../protocol/api/cases.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { readMetadata } from '../../protocol/package/metadata.ts';
import { readPackage } from '../../protocol/package/read.ts';
import type { Register } from '../../protocol/register.ts';
import type { Text } from '../../protocol/values.ts';
import { isAway, startLoop } from '../relay/loop.ts';
import type { Storage } from '../storage/storage.ts';
import { textOfPdf } from './pdf-text.ts';

/** Finds packages and results of the whole region by what is written in them. */
export interface ArchiveIndex {
  /** Something may have come into the archive. Cheap to call. */
  kick(): void;
  search(query: string, filter: TextFilter): Promise<SearchView>;
  stop(): Promise<void>;
}

const atOnce = 50;
const pauseMs = 10_000;
const hitsShown = 20;
/** Two agencies' results may be committed in another order than they were numbered. */
const looksBack = 200;
/** In the index beside the documents, so that it is lost and kept with them: its version is the number of the last event. */
const position = 'position';
const resultKind = 'result';
const resultTitle: Text = { ru: 'Результат ведомства', en: 'Result of the agency' };

/**
 * Follows the book of cases: what was verified, and what an agency answered, is put into a text index of this
 * process. A damaged index begins anew from the first event.
 */
export function startArchiveIndex(parts: {
  storage: Storage;
  blobs: BlobStore;
  index: OpenTextIndex;
  register: () => Promise<Register>;
  timeZone: string;
  log: Log;
}): ArchiveIndex {
  const { storage, blobs, index, register, timeZone, log } = parts;

  /** Number of the newest event that is in; the index is asked for it once. */
  let done: number | undefined;
  /** Numbers of the newest events that were looked at. */
  const seen = new Set<number>();
  let stopped = false;
  const loop = startLoop(async () => {
    try {
      while ((await nextEvents()) > 0) if (stopped) break;
    } catch (error) {
      if (isAway(error)) throw error;
      if (error instanceof TextIndexLost) beginAnew();
      // Nothing but the search depends on it; a lost index begins anew with the next round.
      log.error({ code: codeOf(error), err: error }, 'the archive cannot be put into its text index');
    }
    return pauseMs;
  });
  function beginAnew(): void {
    done = undefined;
    seen.clear();
  }

  /** How many were new. A round without any asks nothing of the index, whose thread then rests. */
  async function nextEvents(): Promise<number> {
    done ??= Number((await index.version(position)) ?? 0);
    const found = await storage.query
      .selectFrom('case_events')
      .innerJoin('relays', 'relays.case_id', 'case_events.case_id')
      .select(['case_events.number', 'case_events.case_id as caseId', 'event', 'sent_by_box_at as sentAt'])
      .select(['case_events.content', 'package_sha256 as packageSha256', 'result_sha256 as resultSha256'])
      .where('case_events.event', 'in', ['package-verified', 'result-received', 'archive-destroyed'])
      .where('case_events.number', '>', done - looksBack)
      .orderBy('case_events.number')
      .limit(atOnce + looksBack)
      .execute();
    const events = found.filter(({ number }) => !seen.has(number));
    for (const { number, caseId, event, sentAt, content, packageSha256, resultSha256 } of events) {
      if (stopped) return 0;
      const isResult = event === 'result-received';
      // Events of earlier versions do not say it themselves.
      const sha256 = content ?? (isResult ? resultSha256 : packageSha256);
      const day = businessDay(new Date(sentAt), timeZone);
      if (sha256 && event === 'archive-destroyed') await removePackage(sha256);
      else if (sha256)
        await putPackage({ caseId, sha256, day, isResult }).catch(async (error: unknown) => {
          if (error instanceof TextIndexLost || isAway(error)) throw error;
          if (codeOf(error) === 'journal.blob-missing' && (await isDestroyed(caseId, sha256))) return;
          // Our own disk spoilt it, or it is not a package: the others must not wait for it.
          log.error({ code: codeOf(error), caseId, sha256 }, 'a package cannot be put into the text index');
        });
      seen.add(number);
      if (number > done) await moveTo(number);
      done = Math.max(done, number);
    }
    for (const number of seen) if (number <= done - looksBack) seen.delete(number);
    return events.length;
  }

  const moveTo = (number: number) =>
    index.put({ documentId: position, caseId: '', kind: '', day: '', version: String(number), pages: [] });

  async function putPackage(wish: {
    caseId: string;
    sha256: string;
    day: string;
    isResult: boolean;
  }): Promise<void> {
    const { caseId, sha256, day, isResult } = wish;
    const mark = `package:${sha256}`;
    if ((await index.version(mark)) !== undefined) return;
    const source = await blobs.open(sha256);
    try {
      const { documents, metadata } = readPackage(source);
      const about = readMetadata(metadata)?.documents ?? [];
      for (const [at, { name, content }] of documents.entries()) {
        const known = about.find(each => each.name === name);
        await index.put({
          documentId: known?.documentId ?? `${sha256}:${at}`,
          kind: isResult ? resultKind : (known?.kind ?? ''),
          ...{ caseId, day, version: sha256, pages: await textOfPdf(await content.bytes()) },
        });
      }
    } finally {
      source.close();
    }
    await index.put({ documentId: mark, caseId: '', kind: '', day: '', version: '1', pages: [] });
  }

  /** What was destroyed must not be found by its words either. */
  async function removePackage(sha256: string): Promise<void> {
    for (const [documentId, version] of await index.versions())
      if (version === sha256) await index.remove(documentId);
    await index.remove(`package:${sha256}`);
  }

  async function isDestroyed(caseId: string, sha256: string): Promise<boolean> {
    const entry = storage.query.selectFrom('archive_entries').select('state').where('case_id', '=', caseId);
    return (await entry.where('sha256', '=', sha256).executeTakeFirst())?.state === 'destroyed';
  }

  return {
    kick: loop.kick,
    async search(query, filter) {
      const hits = await index.search(query, filter, hitsShown).catch((error: unknown) => {
        if (!(error instanceof TextIndexLost)) throw error;
        beginAnew();
        loop.kick();
        return [];
      });
      if (hits.length === 0) return { hits: [] };
      const { services } = await register();
      const cases = await storage.query
        .selectFrom('cases')
        .select(['id', 'number', 'service_id as serviceId'])
        .where('id', 'in', [...new Set(hits.map(({ caseId }) => caseId))])
        .execute();
      return {
        hits: hits.flatMap(({ kind, ...hit }) => {
          const found = cases.find(({ id }) => id === hit.caseId);
          const service = services.find(({ id }) => id === found?.serviceId);
          const title = service?.documents.find(document => document.kind === kind)?.title;
          return found
            ? [
                {
                  ...hit,
                  caseNumber: found.number,
                  title: kind === resultKind ? resultTitle : (title ?? { ru: kind, en: kind }),
                },
              ]
            : [];
        }),
      };
    },
    async stop() {
      stopped = true;
      await loop.stop();
      await index.close();
    },
  };
}
