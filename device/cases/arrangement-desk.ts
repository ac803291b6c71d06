import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { type Arrangement, binKind, inParts, keepsAllPages, pileKind } from '../core/arrangement.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseStore } from './case-store.ts';
import type { DocumentDesk } from './document-desk.ts';

/** Pages of a case sorted into documents, turned, joined, split and taken out, by the clerk. */
export interface ArrangementDesk {
  /**
   * All of it or nothing. The arrangement before, sent again, is undo: a document that was thrown away comes
   * back with its pages. Throws `case.wrong-state`, `case.pages-changed` when the pages are no longer those
   * that the clerk saw, `internal.bad-request` for a kind that the service does not ask for, `internal.too-large`.
   */
  arrange(me: Me, caseId: string, wanted: Arrangement): Promise<void>;
}

export function createArrangementDesk(parts: {
  journal: Journal;
  store: CaseStore;
  register: RegisterHolder;
  documents: Pick<DocumentDesk, 'recogniseWaiting'>;
}): ArrangementDesk {
  const { journal, store, register, documents } = parts;

  return {
    async arrange(me, caseId, wanted) {
      const { number, state, service_id: serviceId } = store.getCase(caseId);
      if (state !== 'open') throw new AppError('case.wrong-state', { number, state });
      const kinds = new Set([
        pileKind,
        binKind,
        ...register.getService(serviceId).documents.map(({ kind }) => kind),
      ]);
      const before = store.allDocuments(caseId);
      for (const { documentId, kind, pages } of wanted) {
        const document = before.find(({ id }) => id === documentId);
        if (document?.state === 'signed') throw new AppError('case.wrong-state', { number, state: 'signed' });
        // An id of another case's document would take it over.
        if (!document && store.findDocument(documentId)) throw new AppError('capture.unknown-document');
        if (!kinds.has(kind) && kind !== document?.kind)
          throw new AppError('internal.bad-request', { what: 'kind' });
        if (document?.original_sha256 && !isUntouched(store.pages(documentId), pages))
          throw new AppError('capture.original-whole');
        if (pages.length > limits.documentPages) throw new AppError('internal.too-large');
      }
      const pagesBefore = before.map(({ id }) => ({
        documentId: id,
        pages: store.pages(id).map(({ sha256, turn }) => ({ sha256, turn })),
      }));
      if (!keepsAllPages(pagesBefore, wanted)) throw new AppError('case.pages-changed');
      // The page tells all documents of the case; what stays as it is needs no words.
      const changed = wanted.filter(({ documentId, kind, pages }) => {
        const isKept = before.some(({ id, kind: now }) => id === documentId && now === kind);
        return !isKept || !isUntouched(store.pages(documentId), pages);
      });
      if (changed.length === 0) return;
      const parts = inParts(pagesBefore, changed, inOneFact);
      await journal.commit(
        parts.map(part => ({
          type: 'case.pages-arranged',
          subject: caseId,
          body: { documents: part, clerk: me.login },
        })),
      );
      documents.recogniseWaiting();
    },
  };
}

/** What the other fields of the fact need is far less than what is left for them. */
const inOneFact = { bytes: limits.factBytes - 1024, documents: 200 };

/** The same pages in the same order and turn: only the kind may change. */
function isUntouched(
  before: readonly { sha256: string; turn: number }[],
  wanted: readonly { sha256: string; turn: number }[],
): boolean {
  return (
    before.length === wanted.length &&
    before.every(({ sha256, turn }, at) => wanted[at]?.sha256 === sha256 && wanted[at].turn === turn)
  );
}
