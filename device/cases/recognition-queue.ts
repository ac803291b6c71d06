import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { recognisedXml } from '../capture/originals/xml-text.ts';
import type { Recogniser } from '../capture/recognised.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { Journal } from '../journal/journal.ts';
import type { DocumentRow, PageRow } from '../journal/projections/documents.ts';
import { type CaseStore, originalOf } from './case-store.ts';
import type { Recognition } from './recognitions.ts';

/** Has the documents read that wait for it, a few at a time, and writes what came out into the journal. */
export interface RecognitionQueue {
  /** Begins with what waits; a repeat is harmless. */
  begin(): void;
  /** Resolves when nothing is under way for this document. */
  settled(documentId: string): Promise<void>;
  /** Begins nothing more; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** Documents whose pages are looked at at once; the others wait on the disk. */
const atOnce = 4;
const postponedMs = 30_000;

export function createRecognitionQueue(parts: {
  journal: Journal;
  store: CaseStore;
  blobs: BlobStore;
  recogniser: Recogniser;
  register: RegisterHolder;
  log: Log;
}): RecognitionQueue {
  const { journal, store, blobs, recogniser, register, log } = parts;
  /** Documents handed to the recogniser; a page that comes meanwhile begins the document anew. */
  const underWay = new Map<string, Promise<void>>();
  /** Documents whose end did not fit on the disk. They are tried again after a while, and when anything else comes. */
  const postponed = new Set<string>();
  let later: NodeJS.Timeout | undefined;
  let stopped = false;

  const stored = ({ sha256 }: PageRow) => ({ sha256, read: () => blobs.get(sha256) });

  async function recognise(document: DocumentRow): Promise<void> {
    const pages = store.pages(document.id);
    const caseRow = store.getCase(document.case_id);
    const service = register.get().services.find(({ id }) => id === caseRow.service_id);
    const title = service?.documents.find(({ kind }) => kind === document.kind)?.title.ru ?? document.kind;
    const digests = (of: PageRow[]) => of.map(({ sha256, turn }) => `${sha256} ${turn}`).join();
    const isCurrent = () =>
      digests(store.pages(document.id)) === digests(pages) &&
      store.findDocument(document.id)?.kind === document.kind &&
      store.unrecognised().some(({ id }) => id === document.id);
    try {
      // An engine that was stopped must not be started again by a page that was on its way to it.
      if (stopped) return;
      const original = originalOf(document);
      const result =
        original?.mediaType === 'application/xml'
          ? await recognisedXml(await blobs.get(original.sha256))
          : await recogniser.recognise(pages.map(stored), {
              kind: document.kind,
              title: `${title}, дело ${caseRow.number}`,
              createdAt: new Date(caseRow.opened_at),
              turns: pages.map(({ turn }) => turn),
            });
      const recognition: Recognition = { pages: result.pages, fields: result.fields };
      // A digital original is signed and sent as it came; what was read of it is for people and the search.
      const pdf = original ?? (await blobs.put(result.pdf, 'application/pdf'));
      const data = await blobs.put(Buffer.from(JSON.stringify(recognition)), 'application/json');
      if (!isCurrent()) return;
      const isDamaged = result.pages.some(page => page.trouble === 'capture.damaged');
      await journal.commit([
        {
          type: 'document.recognised',
          subject: document.id,
          body: {
            caseId: document.case_id,
            pdf,
            recognition: data,
            characters: result.characters,
            confidence: Math.round(result.confidence * 10) / 10,
          },
        },
        // What was read can be looked at and found; a document with a gap must not be signed.
        ...(isDamaged ? [failure(document, 'capture.pages-damaged')] : []),
      ]);
    } catch (error) {
      if (stopped) return;
      // Also an error nobody knows: it would come back at every start, and the hall with it would never open.
      if (error instanceof AppError) log.warn({ code: error.code }, 'a document was not recognised');
      else log.error({ err: error }, 'recognition failed unexpectedly');
      if (!isCurrent()) return;
      await journal.commit([failure(document, codeOf(error))]).catch((refusal: unknown) => {
        // Not even that fits. The hall must not end over it: there it is told as well.
        if (codeOf(refusal) !== 'journal.disk-full') throw refusal;
        postponed.add(document.id);
        later ??= setTimeout(begin, postponedMs).unref();
      });
    }
  }

  function begin(): void {
    clearTimeout(later);
    later = undefined;
    postponed.clear();
    recogniseNext();
  }

  function recogniseNext(): void {
    if (stopped) return;
    for (const document of store.unrecognised())
      if (underWay.size < atOnce && !postponed.has(document.id)) start(document);
  }

  function start(document: DocumentRow): void {
    if (underWay.has(document.id)) return;
    const work = recognise(document)
      .catch((error: unknown) => {
        log.fatal({ err: error }, 'recognition failed unexpectedly');
        throw error;
      })
      .finally(() => {
        underWay.delete(document.id);
        recogniseNext();
      });
    underWay.set(document.id, work);
  }

  return {
    begin,
    async settled(documentId) {
      await underWay.get(documentId);
    },
    async stop() {
      stopped = true;
      clearTimeout(later);
      await Promise.all(underWay.values());
    },
  };
}

function failure({ id, case_id: caseId }: DocumentRow, code: ErrorCode) {
  return { type: 'document.recognition-failed', subject: id, body: { caseId, code } } as const;
}
