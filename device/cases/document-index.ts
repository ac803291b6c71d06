import { businessDay } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type OpenTextIndex, TextIndexLost } from '../../platform/text-index/open-text-index.ts';
import type { TextFilter, TextHit } from '../../platform/text-index/text-index.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { FactBody } from '../../protocol/facts.ts';
import type { Box } from '../capture/recognised.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseStore } from './case-store.ts';
import type { Recognitions } from './recognitions.ts';

/** Finds documents by what is written on them. */
export interface DocumentIndex {
  search(query: string, filter: TextFilter, limit: number): Promise<TextHit[]>;
  /** Where the words of a query stand on the pages of a document. Throws `capture.unknown-document`, `case.not-recognised`. */
  places(documentId: string, query: string): Promise<{ page: number; box: Box }[]>;
  /** Puts in what the index lacks and takes out what was thrown away: after a start, and after a loss of the index. */
  catchUp(): Promise<void>;
  /** Resolves when nothing is under way. */
  stop(): Promise<void>;
}

/**
 * Keeps a text index in step with the documents. It follows the journal and is no part of it: a power cut
 * leaves it behind, `catchUp` brings it back, and a damaged one is built anew from the recognitions.
 */
export function createDocumentIndex(parts: {
  journal: Journal;
  store: CaseStore;
  recognitions: Recognitions;
  index: OpenTextIndex;
  timeZone: string;
  log: Log;
}): DocumentIndex {
  const { journal, store, recognitions, index, timeZone, log } = parts;
  let work = Promise.resolve();
  let stopped = false;

  const unsubscribe = journal.onCommit(facts => {
    for (const { type, subject, body } of facts)
      if (type === 'document.recognised' || type === 'document.discarded') void later(() => refresh(subject));
      else if (type === 'case.pages-arranged')
        for (const { documentId } of (body as FactBody<'case.pages-arranged'>).documents)
          void later(() => refresh(documentId));
      else if (type === 'case.content-destroyed')
        for (const { id } of store.documents(subject)) void later(() => index.remove(id));
  });

  /** One after the other, so that the newest state of a document is what stays. Never rejects. */
  function later(step: () => Promise<void>): Promise<void> {
    work = work
      .then(() => (stopped ? undefined : step()))
      .catch(error => (!stopped && error instanceof TextIndexLost ? putEverything() : tell(error)))
      .catch(tell);
    return work;
  }

  /** What is found is fewer documents, and the next start puts in what lacks; nothing else depends on it. */
  function tell(error: unknown): void {
    if (!stopped)
      log.error({ code: codeOf(error), err: error }, 'a document could not be put into the text index');
  }

  async function refresh(documentId: string): Promise<void> {
    const document = store.findDocument(documentId);
    if (document?.state === 'discarded') return index.remove(documentId);
    const version = document?.recognition_sha256;
    if (!document || !version) return;
    const { opened_at: openedAt } = store.getCase(document.case_id);
    const recognition = await recognitions.get(version).catch(gone);
    // Destroyed with its case.
    if (!recognition) return index.remove(documentId);
    const { pages } = recognition;
    await index.put({
      documentId,
      caseId: document.case_id,
      kind: document.kind,
      day: businessDay(new Date(openedAt), timeZone),
      version,
      pages: pages.map(page => page.text),
    });
  }

  async function putEverything(): Promise<void> {
    const known = await index.versions();
    for (const { id, recognition_sha256: version } of store.recognised()) {
      if (stopped) return;
      const there = known.get(id);
      known.delete(id);
      // One document that cannot be read must not keep the others out.
      if (there !== version) await refresh(id).catch(rethrowIfLost);
    }
    for (const id of known.keys()) await index.remove(id);
  }

  function rethrowIfLost(error: unknown): void {
    if (error instanceof TextIndexLost) throw error;
    tell(error);
  }

  return {
    async search(query, filter, limit) {
      try {
        return await index.search(query, filter, limit);
      } catch (error) {
        if (!(error instanceof TextIndexLost)) throw error;
        void later(putEverything);
        return [];
      }
    },
    async places(documentId, query) {
      const { recognition_sha256: version } = store.getDocument(documentId);
      if (!version) throw new AppError('case.not-recognised');
      // With them come the word forms of a language, which a box that nobody searches need not hold.
      const { parseQuery } = await import('../../platform/text-index/query.ts');
      const { placesOf } = await import('../../platform/text-index/tokens.ts');
      const { isHit } = parseQuery(query);
      const { pages } = await recognitions.get(version);
      return pages.flatMap(({ words }, page) =>
        words.filter(({ text }) => placesOf(text, isHit).length > 0).map(({ box }) => ({ page, box })),
      );
    },
    catchUp: () => later(putEverything),
    async stop() {
      stopped = true;
      unsubscribe();
      await work;
      await index.close();
    },
  };
}

function gone(error: unknown): undefined {
  if (codeOf(error) !== 'journal.blob-missing') throw error;
}
