import { randomUUID } from 'node:crypto';
import { looksLike } from '../capture/kinds/looks-like.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { type Arrangement, pileKind } from '../core/arrangement.ts';
import { type PageClue, proposeDocuments } from '../core/pile.ts';
import type { CaseStore } from './case-store.ts';
import type { Recognitions } from './recognitions.ts';

/** How the pile of a case may be sorted. */
export interface Proposals {
  /**
   * All unsigned documents of the case, those of the pile taken apart; `isRead` is false while recognition
   * has not come to the pile, and then it is proposed as it is. Throws `case.unknown`.
   */
  propose(caseId: string): Promise<{ isRead: boolean; documents: Arrangement }>;
}

export function createProposals(parts: {
  store: CaseStore;
  recognitions: Recognitions;
  register: RegisterHolder;
}): Proposals {
  const { store, recognitions, register } = parts;

  return {
    async propose(caseId) {
      const { service_id: serviceId } = store.getCase(caseId);
      const checklist = register.getService(serviceId).documents.map(({ kind }) => kind);
      const documents = store.documents(caseId).filter(({ state }) => state !== 'signed');
      const asIs = documents.map(({ id, kind }) => ({
        documentId: id,
        kind,
        pages: store.pages(id).map(({ sha256, turn }) => ({ sha256, turn })),
      }));
      const pile = documents.find(({ kind }) => kind === pileKind);
      if (!pile?.recognition_sha256) return { isRead: !pile, documents: asIs };
      const { pages } = await recognitions.get(pile.recognition_sha256);
      const scanned = store.pages(pile.id);
      const clues = scanned.map(({ sha256 }, index): PageClue => {
        const page = pages[index];
        return {
          sha256,
          isBlank: page?.isBlank ?? false,
          barcodes: (page?.barcodes ?? []).map(({ text }) => text),
          looksLike: page ? looksLike(page, checklist) : null,
        };
      });
      const turns = new Map(scanned.map(({ sha256, turn }) => [sha256, turn]));
      const proposed = proposeDocuments(clues, checklist, randomUUID).map(document => ({
        ...document,
        pages: document.pages.map(({ sha256 }) => ({ sha256, turn: turns.get(sha256) ?? 0 })),
      }));
      return {
        isRead: true,
        documents: asIs.flatMap(document =>
          document.documentId === pile.id ? [...proposed, { ...document, pages: [] }] : [document],
        ),
      };
    },
  };
}
