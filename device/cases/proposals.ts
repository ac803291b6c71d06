import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProposalView } from '../../protocol/api/documents.ts';
import type { KindRules } from '../../protocol/kind-rules.ts';
import { looksLike } from '../capture/kinds/looks-like.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { binKind, pileKind, withTakenOut } from '../core/arrangement.ts';
import { type PageClue, proposeDocuments } from '../core/pile.ts';
import type { CaseStore } from './case-store.ts';
import type { Recognitions } from './recognitions.ts';

/** How the pages of a case may be sorted. */
export interface Proposals {
  /** All unsigned documents and the bin, as they are and with the pile taken apart. Throws `case.unknown`. */
  propose(caseId: string): Promise<ProposalView>;
}

export function createProposals(parts: {
  store: CaseStore;
  recognitions: Recognitions;
  register: RegisterHolder;
  rules: { current(): KindRules };
}): Proposals {
  const { store, recognitions, register, rules } = parts;

  return {
    async propose(caseId) {
      const { service_id: serviceId } = store.getCase(caseId);
      const checklist = register.getService(serviceId).documents.map(({ kind }) => kind);
      const here = store
        .allDocuments(caseId)
        .filter(
          ({ state, kind, original_sha256: original }) =>
            original === null && state !== 'signed' && (state !== 'discarded' || kind === binKind),
        );
      const now = here
        .map(({ id, kind }) => ({
          documentId: id,
          kind,
          pages: store.pages(id).map(({ sha256, turn }) => ({ sha256, turn })),
        }))
        .filter(({ pages }) => pages.length > 0);
      const pile = here.find(({ kind }) => kind === pileKind);
      if (!pile?.recognition_sha256) return { isRead: !pile, now, documents: now };
      const { pages } = await recognitions.get(pile.recognition_sha256);
      const scanned = store.pages(pile.id);
      const clues: PageClue[] = [];
      for (const [index, { sha256 }] of scanned.entries()) {
        const page = pages[index];
        clues.push({
          sha256,
          isBlank: page?.isBlank ?? false,
          barcodes: (page?.barcodes ?? []).map(({ text }) => text),
          looksLike: page ? looksLike(page, checklist, rules.current()) : null,
        });
        // A pile of two hundred pages takes seconds, and the hall goes on meanwhile.
        await nextTurn();
      }
      const turns = new Map(scanned.map(({ sha256, turn }) => [sha256, turn]));
      const proposed = proposeDocuments(clues, checklist, randomUUID).map(document => ({
        ...document,
        pages: document.pages.map(({ sha256 }) => ({ sha256, turn: turns.get(sha256) ?? 0 })),
      }));
      const sorted = now.flatMap(document =>
        document.documentId === pile.id
          ? [...proposed.filter(({ kind }) => kind !== binKind), { ...document, pages: [] }]
          : [document],
      );
      const out = proposed.filter(({ kind }) => kind === binKind).flatMap(bin => bin.pages);
      const documents = withTakenOut(sorted, out, randomUUID);
      return { isRead: true, now, documents };
    },
  };
}
