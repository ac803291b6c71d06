import type { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../protocol/app-error.ts';
import type { Blob } from '../../protocol/values.ts';
import type { CaseRow, CopyRow } from '../journal/projections/cases.ts';
import type { DocumentRow, PageRow } from '../journal/projections/documents.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';

/** Reads the projections of cases and documents. */
export interface CaseStore {
  /** Throws `case.unknown`. */
  getCase(caseId: string): CaseRow;
  findCase(caseId: string): CaseRow | undefined;
  findByNumber(number: string): CaseRow | undefined;
  /** The case that is being worked on for a ticket. */
  findOpenCase(ticketId: string): CaseRow | undefined;
  newest(limit: number): (CaseRow & { ticket_number: string })[];
  /** The highest running number behind a prefix; 0 when there is none. */
  lastNumberOf(prefix: string): number;
  /** Throws `queue.unknown-ticket`. */
  getTicket(ticketId: string): TicketRow;
  /** Undefined for one that was lost with a database. */
  findTicket(ticketId: string): TicketRow | undefined;
  /** Without the discarded ones, in the order of their first page. */
  documents(caseId: string): DocumentRow[];
  /** With the discarded ones. */
  allDocuments(caseId: string): DocumentRow[];
  /** Also a discarded one. */
  findDocument(documentId: string): DocumentRow | undefined;
  /** Throws `capture.unknown-document`, also for a discarded one. */
  getDocument(documentId: string): DocumentRow;
  pages(documentId: string): PageRow[];
  /** Documents of open cases that wait for recognition, oldest first. */
  unrecognised(): DocumentRow[];
  /** Documents with recognised text that were not thrown away, oldest first. */
  recognised(): Iterable<Pick<DocumentRow, 'id' | 'recognition_sha256'>>;
  /** Whether a page with this digest belongs to some document, with its media type. */
  findPage(sha256: string): PageRow | undefined;
  copies(caseId: string): CopyRow[];
  /** The newest copies that the branch made in a span of time (ISO 8601, from and until), with their cases, the newest first. */
  copyRegister(
    from: string,
    until: string,
    limit: number,
  ): (CopyRow & Pick<CaseRow, 'number' | 'service_id'>)[];
  findByResult(sha256: string): CaseRow | undefined;
}

export function createCaseStore(db: DatabaseSync): CaseStore {
  const one = db.prepare('select * from cases where id = ?');
  const numbered = db.prepare('select * from cases where number = ?');
  const newest = db.prepare(`select cases.*, coalesce(tickets.number, '') as ticket_number from cases
    left join tickets on tickets.id = cases.ticket_id order by cases.rowid desc limit ?`);
  const openOf = db.prepare(`select * from cases where ticket_id = ? and state = 'open' limit 1`);
  const ofYear = db.prepare(
    'select max(cast(substr(number, length(?1) + 1) as integer)) as n from cases where substr(number, 1, length(?1)) = ?1',
  );
  const ticket = db.prepare('select * from tickets where id = ?');
  const documents = db.prepare(
    `select * from documents where case_id = ? and state <> 'discarded' order by first_seq, rowid`,
  );
  const allDocuments = db.prepare('select * from documents where case_id = ? order by first_seq, rowid');
  const document = db.prepare('select * from documents where id = ?');
  const pages = db.prepare('select * from pages where document_id = ? order by page_index');
  const unrecognised = db.prepare(`select documents.* from documents join cases on cases.id = case_id
    where documents.state = 'recognising' and cases.state = 'open' order by first_seq`);
  const recognised = db.prepare(`select id, recognition_sha256 from documents
    where recognition_sha256 is not null and state <> 'discarded' order by first_seq`);
  const page = db.prepare('select * from pages where sha256 = ? limit 1');
  const copyRegister = db.prepare(
    `select paper_copies.*, cases.number, cases.service_id from paper_copies
     join cases on cases.id = case_id where made_at >= ? and made_at < ? order by made_at desc, copy_number desc limit ?`,
  );
  const copies = db.prepare('select * from paper_copies where case_id = ? order by copy_number');

  const byResult = db.prepare('select * from cases where result_sha256 = ?');

  const findCase = (caseId: string) => one.get(caseId) as CaseRow | undefined;
  const findTicket = (ticketId: string) => ticket.get(ticketId) as TicketRow | undefined;
  const findDocument = (documentId: string) => document.get(documentId) as DocumentRow | undefined;
  return {
    getCase(caseId) {
      const row = findCase(caseId);
      if (!row) throw new AppError('case.unknown');
      return row;
    },
    findCase,
    findByNumber: number => numbered.get(number) as CaseRow | undefined,
    findOpenCase: ticketId => openOf.get(ticketId) as CaseRow | undefined,
    newest: limit => newest.all(limit) as unknown as (CaseRow & { ticket_number: string })[],
    lastNumberOf: prefix => (ofYear.get(prefix) as { n: number | null }).n ?? 0,
    findTicket,
    getTicket(ticketId) {
      const row = findTicket(ticketId);
      if (!row) throw new AppError('queue.unknown-ticket');
      return row;
    },
    documents: caseId => documents.all(caseId) as unknown as DocumentRow[],
    allDocuments: caseId => allDocuments.all(caseId) as unknown as DocumentRow[],
    findDocument,
    getDocument(documentId) {
      const row = findDocument(documentId);
      if (!row || row.state === 'discarded') throw new AppError('capture.unknown-document');
      return row;
    },
    pages: documentId => pages.all(documentId) as unknown as PageRow[],
    unrecognised: () => unrecognised.all() as unknown as DocumentRow[],
    recognised: () => recognised.all() as unknown as DocumentRow[],
    findPage: sha256 => page.get(sha256) as PageRow | undefined,
    findByResult: sha256 => byResult.get(sha256) as CaseRow | undefined,
    copyRegister: (from, until, limit) =>
      copyRegister.all(from, until, limit) as unknown as ReturnType<CaseStore['copyRegister']>,
    copies: caseId => copies.all(caseId) as unknown as CopyRow[],
  };
}

/** The bytes of a digital original, or undefined for paper. */
export function originalOf(document: DocumentRow): Blob | undefined {
  const { original_sha256: sha256, original_media_type: mediaType, original_bytes: sizeBytes } = document;
  return sha256 !== null && mediaType !== null && sizeBytes !== null
    ? { sha256, mediaType, sizeBytes }
    : undefined;
}
