import { randomUUID } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Blob } from '../../protocol/values.ts';
import { inspectOriginal } from '../capture/originals/inspect-original.ts';
import { pileKind } from '../core/arrangement.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseStore } from './case-store.ts';
import type { DocumentDesk } from './document-desk.ts';

/** A file as the applicant brought it, with its detached signature when there is one. */
export interface BroughtFile {
  kind: string;
  bytes: Uint8Array;
  signature?: Uint8Array;
}

/** Digital originals: files that are passed on byte for byte, with the signatures that are in or beside them (ADR 22). */
export interface OriginalDesk {
  /**
   * Stores the file durably as a document of its own and begins to read it. The same file again is the same
   * document. Throws `capture.*`, `case.disk-low`, `case.outbox-full`, `case.wrong-state`.
   */
  add(me: Me, caseId: string, file: BroughtFile): Promise<void>;
}

export function createOriginalDesk(parts: {
  journal: Journal;
  store: CaseStore;
  blobs: BlobStore;
  documents: Pick<DocumentDesk, 'assertIntake' | 'recogniseWaiting'>;
  clock: Clock;
}): OriginalDesk {
  const { journal, store, blobs, documents, clock } = parts;

  return {
    async add(me, caseId, { kind, bytes, signature }) {
      if (kind === pileKind) throw new AppError('internal.bad-request', { what: 'kind' });
      await documents.assertIntake(caseId, kind);
      const pages: Blob[] = [];
      const inspected = await inspectOriginal(bytes, signature, clock.now(), async page => {
        pages.push(await blobs.put(page.bytes, page.mediaType));
      });
      if (inspected.kind === 'refused') throw new AppError(inspected.code, inspected.details);
      const original = await blobs.put(bytes, inspected.mediaType);
      const beside = signature && (await blobs.put(signature, 'application/pkcs7-signature'));
      const { number, state } = store.getCase(caseId);
      if (state !== 'open') throw new AppError('case.wrong-state', { number, state });
      const isThere = store
        .documents(caseId)
        .some(
          document =>
            document.kind === kind &&
            document.original_sha256 === original.sha256 &&
            document.original_signature_sha256 === (beside?.sha256 ?? null),
        );
      if (isThere) return;
      await journal.commit([
        {
          type: 'document.original-added',
          subject: randomUUID(),
          body: { caseId, kind, original, ...(beside && { signature: beside }), pages, clerk: me.login },
        },
      ]);
      documents.recogniseWaiting();
    },
  };
}
