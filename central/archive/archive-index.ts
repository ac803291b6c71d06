import type { BlobStore } from '../../platform/blob-store.ts';
import { businessDay } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type OpenTextIndex, TextIndexLost } from '../../platform/text-index/open-text-index.ts';
import type { TextFilter } from '../../platform/text-index/text-index.ts';
import type { SearchView } from '../../protocol/api.ts';
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

  let stopped = false;
  const loop = startLoop(async () => {
    try {
      while ((await nextEvents()) === atOnce) if (stopped) break;
    } catch (error) {
      if (isAway(error)) throw error;
      // Nothing but the search depends on it; a lost index begins anew with the next round.
      log.error({ code: codeOf(error), err: error }, 'the archive cannot be put into its text index');
    }
    return pauseMs;
  });
  /** How many were new. */
  async function nextEvents(): Promise<number> {
    const done = Number((await index.version(position)) ?? 0);
    const events = await storage.query
      .selectFrom('case_events')
      .innerJoin('relays', 'relays.case_id', 'case_events.case_id')
      .select(['case_events.number', 'case_events.case_id as caseId', 'event', 'sent_by_box_at as sentAt'])
      .select('case_events.content')
      .where('case_events.event', 'in', ['package-verified', 'result-received'])
      .where('case_events.number', '>', done - looksBack)
      .orderBy('case_events.number')
      .limit(atOnce + looksBack)
      .execute();
    for (const { number, caseId, event, sentAt, content: sha256 } of events) {
      if (stopped) return 0;
      const isResult = event === 'result-received';
      const day = businessDay(new Date(sentAt), timeZone);
      if (sha256)
        await putPackage({ caseId, sha256, day, isResult }).catch((error: unknown) => {
          if (error instanceof TextIndexLost || isAway(error)) throw error;
          // Our own disk spoilt it, or it is not a package: the others must not wait for it.
          log.error({ code: codeOf(error), caseId, sha256 }, 'a package cannot be put into the text index');
        });
      if (number > done) await moveTo(number);
    }
    return events.filter(({ number }) => number > done).length;
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
    const { documents, metadata } = readPackage(await blobs.get(sha256));
    const about = readMetadata(metadata)?.documents ?? [];
    for (const [at, { name, bytes }] of documents.entries()) {
      const known = about.find(each => each.name === name);
      await index.put({
        documentId: known?.documentId ?? `${sha256}:${at}`,
        kind: isResult ? resultKind : (known?.kind ?? ''),
        ...{ caseId, day, version: sha256, pages: await textOfPdf(bytes) },
      });
    }
    await index.put({ documentId: mark, caseId: '', kind: '', day: '', version: '1', pages: [] });
  }

  return {
    kick: loop.kick,
    async search(query, filter) {
      const hits = await index.search(query, filter, hitsShown).catch((error: unknown) => {
        if (!(error instanceof TextIndexLost)) throw error;
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
