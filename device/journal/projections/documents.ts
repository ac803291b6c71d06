import type { FactBody } from '../../../protocol/facts.ts';
import type { Turn } from '../../../protocol/values.ts';
import { binKind } from '../../core/arrangement.ts';
import type { Projection } from './projection.ts';

export interface DocumentRow {
  id: string;
  case_id: string;
  kind: string;
  state: 'recognising' | 'ready' | 'failed' | 'confirmed' | 'signed' | 'discarded';
  first_seq: number;
  pdf_sha256: string | null;
  pdf_bytes: number | null;
  recognition_sha256: string | null;
  fields_sha256: string | null;
  characters: number;
  confidence: number;
  error_code: string | null;
  signature_sha256: string | null;
  certificate_serial: string | null;
  algorithm: string | null;
  signed_at: string | null;
  /** Of a digital original: what is signed and sent in the place of a PDF of ours. */
  original_sha256: string | null;
  original_media_type: string | null;
  original_bytes: number | null;
  /** The detached signature that came with it, and the clerk's signature over that. */
  original_signature_sha256: string | null;
  companion_sha256: string | null;
  /** The applicant's own signature over the PDF. */
  applicant_sha256: string | null;
}

export interface PageRow {
  document_id: string;
  page_index: number;
  sha256: string;
  media_type: string;
  size_bytes: number;
  source: string;
  /** Degrees clockwise, by the clerk. */
  turn: Turn;
}

export const documentProjection: Projection = {
  tables: ['pages', 'documents'],
  schema: `
  create table documents (
    id text primary key,
    case_id text not null references cases (id),
    kind text not null,
    state text not null,
    first_seq integer not null,
    pdf_sha256 text,
    pdf_bytes integer,
    recognition_sha256 text,
    fields_sha256 text,
    characters integer not null default 0,
    confidence real not null default 0,
    error_code text,
    signature_sha256 text,
    certificate_serial text,
    algorithm text,
    signed_at text,
    original_sha256 text,
    original_media_type text,
    original_bytes integer,
    original_signature_sha256 text,
    companion_sha256 text,
    applicant_sha256 text
  ) strict;
  create index documents_case on documents (case_id, first_seq);
  create index documents_recognising on documents (first_seq) where state = 'recognising';
  create table pages (
    document_id text not null references documents (id),
    page_index integer not null,
    sha256 text not null,
    media_type text not null,
    size_bytes integer not null,
    source text not null,
    turn integer not null default 0,
    primary key (document_id, page_index)
  ) strict;
  create index pages_sha256 on pages (sha256);
  `,
  prepare(db) {
    const begun =
      db.prepare(`insert into documents (id, case_id, kind, state, first_seq) values (?, ?, ?, 'recognising', ?)
      on conflict (id) do update set state = 'recognising', pdf_sha256 = null, pdf_bytes = null,
        recognition_sha256 = null, fields_sha256 = null, error_code = null, applicant_sha256 = null`);
    const page = db.prepare(
      `insert into pages (document_id, page_index, sha256, media_type, size_bytes, source) values (?, ?, ?, ?, ?, ?)
      on conflict (document_id, page_index) do update set sha256 = excluded.sha256,
        media_type = excluded.media_type, size_bytes = excluded.size_bytes, source = excluded.source, turn = 0`,
    );
    const discarded = db.prepare(`update documents set state = 'discarded' where id = ?`);
    const recognised =
      db.prepare(`update documents set state = 'ready', pdf_sha256 = ?, pdf_bytes = ?, recognition_sha256 = ?,
      characters = ?, confidence = ?, error_code = null, applicant_sha256 = null where id = ?`);
    const failed = db.prepare(`update documents set state = 'failed', error_code = ? where id = ?`);
    const restarted = db.prepare(
      `update documents set state = 'recognising', error_code = null where id = ?`,
    );
    const confirmed = db.prepare(`update documents set state = 'confirmed', fields_sha256 = ? where id = ?`);
    const signed =
      db.prepare(`update documents set state = 'signed', signature_sha256 = ?, certificate_serial = ?,
      algorithm = ?, signed_at = ?, companion_sha256 = ? where id = ?`);
    const byApplicant = db.prepare(
      'update documents set applicant_sha256 = ? where id = ? and pdf_sha256 = ?',
    );
    const original = db.prepare(`update documents set original_sha256 = ?, original_media_type = ?,
      original_bytes = ?, original_signature_sha256 = ? where id = ?`);
    const ofCase = db.prepare(
      'select pages.* from pages join documents on documents.id = document_id where case_id = ?',
    );
    const pagesOf = db.prepare(
      `select group_concat(sha256 || ' ' || turn, ',' order by page_index) as pages, kind
      from documents left join pages on document_id = id where id = ?`,
    );
    const clear = db.prepare('delete from pages where document_id = ?');
    const place = db.prepare(
      `insert into pages (document_id, page_index, sha256, media_type, size_bytes, source, turn) values (?, ?, ?, ?, ?, ?, ?)`,
    );
    const named = db.prepare('update documents set kind = ? where id = ?');

    function arrange(caseId: string, { documents }: FactBody<'case.pages-arranged'>, position: number): void {
      const here = new Map((ofCase.all(caseId) as unknown as PageRow[]).map(row => [row.sha256, row]));
      const changed = documents.filter(({ documentId, kind, pages }) => {
        const now = pagesOf.get(documentId) as { pages: string | null; kind: string | null };
        const wanted = pages.map(({ sha256, turn }) => `${sha256} ${turn}`).join(',');
        return now.kind !== kind || (now.pages ?? '') !== wanted;
      });
      for (const { documentId } of changed) clear.run(documentId);
      for (const { documentId, kind, pages } of changed) {
        begun.run(documentId, caseId, kind, position);
        named.run(kind, documentId);
        if (pages.length === 0 || kind === binKind) discarded.run(documentId);
        for (const [index, { sha256, turn }] of pages.entries()) {
          const { media_type: mediaType, size_bytes: sizeBytes, source } = here.get(sha256) as PageRow;
          place.run(documentId, index, sha256, mediaType, sizeBytes, source, turn);
        }
      }
    }

    return (fact, position) => {
      switch (fact.type) {
        case 'document.page-added': {
          const { caseId, kind, page: blob, index, source } = fact.body;
          begun.run(fact.subject, caseId, kind, position);
          page.run(fact.subject, index, blob.sha256, blob.mediaType, blob.sizeBytes, source);
          break;
        }
        case 'document.original-added': {
          const { caseId, kind, original: file, signature, pages } = fact.body;
          begun.run(fact.subject, caseId, kind, position);
          const { sha256, mediaType, sizeBytes } = file;
          original.run(sha256, mediaType, sizeBytes, signature?.sha256 ?? null, fact.subject);
          for (const [index, blob] of pages.entries())
            page.run(fact.subject, index, blob.sha256, blob.mediaType, blob.sizeBytes, 'original');
          break;
        }
        case 'case.pages-arranged':
          arrange(fact.subject, fact.body, position);
          break;
        case 'document.discarded':
          discarded.run(fact.subject);
          break;
        case 'document.recognised': {
          const { pdf, recognition, characters, confidence } = fact.body;
          recognised.run(pdf.sha256, pdf.sizeBytes, recognition.sha256, characters, confidence, fact.subject);
          break;
        }
        case 'document.recognition-failed':
          failed.run(fact.body.code, fact.subject);
          break;
        case 'document.recognition-restarted':
          restarted.run(fact.subject);
          break;
        case 'document.fields-confirmed':
          confirmed.run(fact.body.fields.sha256, fact.subject);
          break;
        case 'document.signed': {
          const { signature, certificateSerial, algorithm, companion } = fact.body;
          const over = companion?.sha256 ?? null;
          signed.run(signature.sha256, certificateSerial, algorithm, fact.at, over, fact.subject);
          break;
        }
        case 'document.applicant-signed':
          byApplicant.run(fact.body.signature.sha256, fact.subject, fact.body.pdf);
          break;
      }
    };
  },
};
