import { apiError } from '../../platform/http.ts';
import type { CaseLine, CaseView } from '../../protocol/api/cases.ts';
import type { HistoryLine } from '../../protocol/api/common.ts';
import type { DocumentView, FieldView } from '../../protocol/api/documents.ts';
import { caseCheckCode } from '../../protocol/case-check-code.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import type { Fact } from '../../protocol/facts.ts';
import type { KindRules } from '../../protocol/kind-rules.ts';
import type { RequiredDocument } from '../../protocol/register.ts';
import type { Text } from '../../protocol/values.ts';
import type { Recogniser } from '../capture/recognised.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { binKind, pileKind } from '../core/arrangement.ts';
import { missingKinds, stepLine } from '../core/case-rules.ts';
import type { Journal } from '../journal/journal.ts';
import type { CaseRow } from '../journal/projections/cases.ts';
import type { DocumentRow } from '../journal/projections/documents.ts';
import type { CaseStore } from './case-store.ts';
import { checkDocuments } from './checks/check-documents.ts';
import type { CheckedDocument } from './checks/checked-document.ts';
import { damagedPages, type Recognitions } from './recognitions.ts';

export interface CaseViews {
  list(): CaseLine[];
  /** Throws `case.unknown`. */
  get(caseId: string): Promise<CaseView>;
}

/** Kinds that no checklist has. */
const titlesOfOurs: Record<string, Text> = {
  [pileKind]: { ru: 'Неразобранная стопка', en: 'Unsorted pile' },
};

/** Cases as the clerk's page shows them. */
export function createCaseViews(parts: {
  journal: Journal;
  store: CaseStore;
  recognitions: Recognitions;
  register: RegisterHolder;
  rules: { current(): KindRules };
  /** Whether a page of a document that is being recognised was read already. */
  isRead: Recogniser['isRead'];
  /** The branch's day, YYYY-MM-DD. */
  today: () => string;
}): CaseViews {
  const { journal, store, recognitions, register, rules } = parts;
  const serviceOf = (id: string) => register.get().services.find(service => service.id === id);

  function line(row: CaseRow, ticketNumber: string): CaseLine {
    return {
      caseId: row.id,
      number: row.number,
      state: row.state,
      serviceTitle: serviceOf(row.service_id)?.title ?? { ru: row.service_id, en: row.service_id },
      openedAt: row.opened_at,
      ticketNumber,
    };
  }

  async function fieldsOf(document: DocumentRow): Promise<FieldView[]> {
    if (document.fields_sha256) return recognitions.fields(document.fields_sha256);
    if (document.recognition_sha256) return (await recognitions.get(document.recognition_sha256)).fields;
    return [];
  }

  async function documentView(document: DocumentRow, row: CaseRow): Promise<DocumentView> {
    const { kind } = document;
    const troubles = await recognitions.troubles(document);
    const title = serviceOf(row.service_id)?.documents.find(item => item.kind === kind)?.title;
    return {
      documentId: document.id,
      pdfSha256: document.pdf_sha256,
      kind,
      title: title ?? titlesOfOurs[kind] ?? { ru: kind, en: kind },
      state: document.state as DocumentView['state'],
      pages: store.pages(document.id).map(({ sha256, source, turn }, index) => {
        const trouble = troubles[index];
        return {
          ...{ sha256, source, turn },
          isRead: document.state !== 'recognising' || parts.isRead(sha256, turn),
          error: trouble === undefined ? null : apiError(trouble),
        };
      }),
      characters: document.characters,
      confidence: document.confidence,
      fields: await fieldsOf(document),
      error: isErrorCode(document.error_code)
        ? apiError(document.error_code, { pages: damagedPages(troubles) })
        : null,
      signature:
        document.state === 'signed'
          ? {
              certificateSerial: document.certificate_serial ?? '',
              signedAt: document.signed_at ?? '',
              algorithm: document.algorithm ?? '',
            }
          : null,
      isSignedByApplicant: document.applicant_sha256 !== null,
      original:
        document.original_sha256 === null
          ? null
          : {
              format: document.original_media_type === 'application/xml' ? 'xml' : 'pdf',
              sizeBytes: document.original_bytes ?? 0,
              hasSignatureFile: document.original_signature_sha256 !== null,
            },
    };
  }

  async function warningsOf(rows: DocumentRow[], views: DocumentView[], checklist: RequiredDocument[]) {
    // What the pile holds is said when it is sorted.
    const sorted = views.filter(({ kind }) => kind !== pileKind);
    const checked = await Promise.all(
      sorted.map(async ({ documentId, kind, title, fields, pages }): Promise<CheckedDocument> => {
        const sha256 = rows.find(({ id }) => id === documentId)?.recognition_sha256;
        return {
          ...{ documentId, kind, title, fields, pages: pages.map(page => page.sha256) },
          line: checklist.find(line => line.kind === kind),
          looksLike: sha256 ? await recognitions.looksLike(sha256) : undefined,
          readings: sha256 ? (await recognitions.get(sha256)).pages : [],
        };
      }),
    );
    return checkDocuments(checklist, checked, parts.today(), rules.current());
  }

  return {
    list: () => store.newest(200).map(row => line(row, row.ticket_number)),
    async get(caseId) {
      const row = store.getCase(caseId);
      const documents = store.documents(caseId);
      const service = serviceOf(row.service_id);
      const checklist = service?.documents ?? [];
      const copies = store.copies(caseId);
      const agency = register.get().agencies.find(({ id }) => id === service?.agencyId);
      const receipted = journal.receiptedUpTo();
      const views = await Promise.all(documents.map(document => documentView(document, row)));
      return {
        ...line(row, store.findTicket(row.ticket_id)?.number ?? ''),
        checkCode: caseCheckCode(row.id),
        serviceId: row.service_id,
        agency: agency?.title ?? { ru: '', en: '' },
        checklist: checklist.map(item => ({
          kind: item.kind,
          title: item.title,
          note: item.note ?? null,
          required: item.required,
          documentId: documents.find(document => document.kind === item.kind)?.id ?? null,
        })),
        documents: views,
        removedPages: store
          .allDocuments(caseId)
          .filter(({ kind }) => kind === binKind)
          .reduce((sum, { id }) => sum + store.pages(id).length, 0),
        warnings: row.state === 'open' ? await warningsOf(documents, views, checklist) : [],
        steps: stepLine({
          state: row.state,
          documents: documents as DocumentView[] & DocumentRow[],
          missing: missingKinds(checklist, documents).length,
          copies: copies.filter(copy => copy.printed_on !== null && copy.result_sha256 === row.result_sha256)
            .length,
        }),
        package:
          row.package_id && row.package_sha256
            ? {
                packageId: row.package_id,
                sha256: row.package_sha256,
                sizeBytes: row.package_bytes ?? 0,
                sentAt: row.sent_at ?? '',
                stored: (row.sent_seq ?? Number.POSITIVE_INFINITY) <= receipted,
              }
            : null,
        result: row.result_sha256
          ? {
              sha256: row.result_sha256,
              sizeBytes: row.result_bytes ?? 0,
              receivedAt: row.result_at ?? '',
            }
          : null,
        trouble: isErrorCode(row.trouble_code)
          ? apiError(row.trouble_code, { reason: row.trouble_note })
          : null,
        copies: copies.map(copy => ({
          ofThisResult: copy.result_sha256 === row.result_sha256,
          copyNumber: copy.copy_number,
          pdfSha256: copy.pdf_sha256,
          madeAt: copy.made_at,
          printedOn: copy.printed_on,
        })),
        history: journal.history(caseId, row.ticket_id).map(fact => historyLine(fact, receipted)),
      };
    },
  };
}

function historyLine(fact: Fact, receipted: number): HistoryLine {
  const { body } = fact as {
    body: { clerk?: string; by?: string; status?: string; note?: string; saidAt?: string };
  };
  const told = fact.type === 'case.status-received';
  return {
    at: fact.at,
    event: told && body.status ? body.status : fact.type,
    by: told ? (body.by ?? 'centre') : (body.clerk ?? 'box'),
    note: body.note ?? null,
    receipted: fact.seq <= receipted,
  };
}
