import { randomUUID } from 'node:crypto';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import type { FieldView } from '../../protocol/api/documents.ts';
import type { Me } from '../../protocol/api/people.ts';
import { AppError } from '../../protocol/app-error.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { inspectPage } from '../capture/intake.ts';
import type { Recogniser } from '../capture/recognised.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { pileKind } from '../core/arrangement.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseRow } from '../journal/projections/cases.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';
import type { ScannedPage } from '../peripherals/driver.ts';
import type { CaseStore } from './case-store.ts';
import { confirmedFields } from './confirmed-fields.ts';
import type { IntakeGuard } from './intake-guard.ts';
import { createRecognitionQueue } from './recognition-queue.ts';
import type { Recognitions } from './recognitions.ts';

/** Paper of a case: pages in, recognised, looked at, thrown away. */
export interface DocumentDesk {
  /** Throws `case.disk-low`, `case.outbox-full`, `case.wrong-state` before any paper is taken. */
  assertIntake(caseId: string, kind: string): Promise<void>;
  /** Stores one page durably and adds it to a document; `documentId` of an earlier page continues it. Throws `capture.*`. */
  addPage(wish: {
    caseId: string;
    kind: string;
    documentId: string;
    page: ScannedPage;
    /** The page, from 0, whose place this one takes. Throws `internal.not-found` when there is none. */
    replaces?: number;
    /** Runs in the transaction that adds the page. */
    also?: () => void;
  }): Promise<void>;
  /** The unsigned document of this kind that further pages continue, or the id of a new one. */
  documentFor(caseId: string, kind: string): string;
  /** Begins to read a page whose document still grows. */
  readAhead(page: Uint8Array): Promise<void>;
  /** Begins recognition of what waits for it. */
  recogniseWaiting(): void;
  /** The clerk looked at the fields; those that differ or were added are marked as corrected. Throws `internal.bad-request`. */
  confirmFields(me: Me, documentId: string, fields: { name: string; value: string }[]): Promise<string>;
  discard(me: Me, documentId: string): Promise<string>;
  /** Tries again after a failure; answers with the case. */
  recogniseAgain(documentId: string): Promise<string>;
  idle(): Promise<void>;
}

export function createDocumentDesk(parts: {
  journal: Journal;
  store: CaseStore;
  blobs: BlobStore;
  recogniser: Recogniser;
  recognitions: Recognitions;
  register: RegisterHolder;
  intake: IntakeGuard;
  log: Log;
}): DocumentDesk {
  const { journal, store, blobs, recogniser, recognitions, register } = parts;
  const queue = createRecognitionQueue(parts);

  function open(caseId: string): CaseRow {
    const row = store.getCase(caseId);
    if (row.state !== 'open')
      throw new AppError('case.wrong-state', { number: row.number, state: row.state });
    return row;
  }

  const signedAlready = (caseId: string) =>
    new AppError('case.wrong-state', { number: store.getCase(caseId).number, state: 'signed' });

  function ofOpenCase(documentId: string): DocumentRow {
    const document = store.getDocument(documentId);
    open(document.case_id);
    return document;
  }

  /** One that has fields to look at. Throws `case.*`, or why it was not recognised. */
  function readDocument(documentId: string): DocumentRow {
    const document = ofOpenCase(documentId);
    if (document.state === 'ready' || document.state === 'confirmed') return document;
    if (document.state === 'signed') throw signedAlready(document.case_id);
    const { error_code: code } = document;
    throw new AppError(document.state === 'failed' && isErrorCode(code) ? code : 'case.not-recognised');
  }

  return {
    async assertIntake(caseId, kind) {
      const row = open(caseId);
      const service = register.getService(row.service_id);
      if (kind !== pileKind && !service.documents.some(line => line.kind === kind))
        throw new AppError('internal.bad-request', { what: 'kind' });
      await parts.intake.assertOpen();
    },
    documentFor(caseId, kind) {
      // Paper never gets into a digital original.
      const existing = store
        .documents(caseId)
        .find(document => document.kind === kind && document.original_sha256 === null);
      if (existing?.state === 'signed') throw signedAlready(caseId);
      return existing?.id ?? randomUUID();
    },
    async addPage({ caseId, kind, documentId, page, replaces, also }) {
      const inspected = await inspectPage(page.bytes);
      if (inspected.kind === 'refused') throw new AppError(inspected.code, inspected.details);
      const blob = await blobs.put(page.bytes, inspected.mediaType);
      open(caseId);
      const state = store.findDocument(documentId)?.state;
      // It was discarded or signed while the page was on its way.
      if (state === 'discarded') throw new AppError('capture.unknown-document');
      if (state === 'signed') throw signedAlready(caseId);
      if (store.findDocument(documentId)?.original_sha256) throw new AppError('capture.original-whole');
      const before = store.pages(documentId).length;
      if (replaces === undefined && before >= limits.documentPages) throw new AppError('internal.too-large');
      if (replaces !== undefined && replaces >= before) throw new AppError('internal.not-found');
      await journal.commit(
        [
          {
            type: 'document.page-added',
            subject: documentId,
            body: { caseId, kind, page: blob, index: replaces ?? before, source: page.source },
          },
        ],
        also,
      );
    },
    readAhead: page => recogniser.readAhead(page),
    recogniseWaiting: queue.begin,
    async confirmFields(me, documentId, wished) {
      const document = readDocument(documentId);
      const found: FieldView[] = document.fields_sha256
        ? await recognitions.fields(document.fields_sha256)
        : document.recognition_sha256
          ? (await recognitions.get(document.recognition_sha256)).fields
          : [];
      const { opened_at: openedAt } = store.getCase(document.case_id);
      const fields = confirmedFields(found, wished, new Date(openedAt));
      const blob = await blobs.put(Buffer.from(JSON.stringify(fields)), 'application/json');
      // A page that came meanwhile makes other fields.
      if (readDocument(documentId).recognition_sha256 !== document.recognition_sha256)
        throw new AppError('case.not-recognised');
      await journal.commit([
        {
          type: 'document.fields-confirmed',
          subject: documentId,
          body: {
            caseId: document.case_id,
            fields: blob,
            corrected: fields.filter(field => field.corrected).length,
            clerk: me.login,
          },
        },
      ]);
      return document.case_id;
    },
    async discard(me, documentId) {
      const { case_id: caseId } = ofOpenCase(documentId);
      await journal.commit([
        { type: 'document.discarded', subject: documentId, body: { caseId, clerk: me.login } },
      ]);
      return caseId;
    },
    async recogniseAgain(documentId) {
      const document = ofOpenCase(documentId);
      await queue.settled(documentId);
      const isUnread = (await recognitions.troubles(ofOpenCase(documentId))).some(Boolean);
      // Last, with no pause before the commit: somebody else may have pressed the button too.
      const { state } = ofOpenCase(documentId);
      if (state !== 'failed' && !(state === 'ready' && isUnread)) return document.case_id;
      await journal.commit([
        {
          type: 'document.recognition-restarted',
          subject: documentId,
          body: { caseId: document.case_id },
        },
      ]);
      queue.begin();
      return document.case_id;
    },
    idle: queue.stop,
  };
}
