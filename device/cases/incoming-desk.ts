import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { IncomingView } from '../../protocol/api/scanning.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';
import { pagesOfFile } from '../capture/pages-of-file.ts';
import type { Journal } from '../journal/journal.ts';
import {
  type FolderFile,
  type FolderVerdict,
  listRejected,
} from '../peripherals/document-scanners/folder.ts';
import type { ScannedPage } from '../peripherals/driver.ts';

/** Files of multi-function printers that belong to no document yet. */
export interface IncomingDesk {
  /** For the folder's watcher; may be offered the same file again after a power cut. All pages of a file or none. */
  accept(file: FolderFile): Promise<FolderVerdict>;
  view(): Promise<IncomingView>;
  /** The page of a file. Throws `internal.not-found` when somebody took it meanwhile. */
  page(id: string): Promise<ScannedPage>;
  /** Part of the transaction that gives the page to a document. Throws `internal.not-found` when another one has it. */
  markTaken(id: string, documentId: string): void;
  findPage(sha256: string): { media_type: string } | undefined;
}

export const incomingSchema = `
  create table if not exists incoming (
    id text primary key,
    name text not null,
    sha256 text not null,
    media_type text not null,
    size_bytes integer not null,
    arrived_at text not null,
    document_id text
  ) strict;
  drop index if exists incoming_waiting;
  create unique index if not exists incoming_waiting_page on incoming (sha256, name) where document_id is null;
  create index if not exists incoming_sha256 on incoming (sha256);
`;

/** Counted from 1, of one width, so that pages of a file stay in their order. */
function pageNumber(index: number): string {
  return String(index + 1).padStart(String(limits.documentPages).length, '0');
}

/** How many of the newest rejected files are shown. */
const rejectedShown = 20;

export function createIncomingDesk(parts: {
  db: DatabaseSync;
  journal: Journal;
  blobs: BlobStore;
  clock: Clock;
  keepDir: string;
  onChange: () => void;
}): IncomingDesk {
  const { db, journal, blobs, clock, keepDir, onChange } = parts;
  db.exec(incomingSchema);
  const insert = db.prepare(`insert into incoming (id, name, sha256, media_type, size_bytes, arrived_at)
    values (?, ?, ?, ?, ?, ?) on conflict do nothing`);
  const waiting = db.prepare('select * from incoming where document_id is null order by arrived_at, name');
  const one = db.prepare('select name, sha256 from incoming where id = ? and document_id is null');
  const taken = db.prepare('update incoming set document_id = ? where id = ? and document_id is null');
  const bySha = db.prepare('select media_type from incoming where sha256 = ? limit 1');

  return {
    async accept({ name, bytes }) {
      const stored: Blob[] = [];
      const found = await pagesOfFile(bytes, async page => {
        stored.push(await blobs.put(page.bytes, page.mediaType));
      });
      if (found.kind === 'refused') return { ...found, kind: 'rejected' };
      const at = clock.now().toISOString();
      await journal.commit([], () => {
        for (const [index, blob] of stored.entries()) {
          const shown = stored.length === 1 ? name : `${name}, ${pageNumber(index)}/${stored.length}`;
          insert.run(randomUUID(), shown, blob.sha256, blob.mediaType, blob.sizeBytes, at);
        }
      });
      onChange();
      return { kind: 'taken' };
    },
    async view() {
      const rejected = (await listRejected(keepDir)).slice(-rejectedShown).reverse();
      return {
        files: (
          waiting.all() as {
            id: string;
            name: string;
            size_bytes: number;
            arrived_at: string;
            sha256: string;
          }[]
        ).map(row => ({
          id: row.id,
          name: row.name,
          sizeBytes: row.size_bytes,
          arrivedAt: row.arrived_at,
          pageSha256: row.sha256,
        })),
        rejected: rejected.map(({ name, code, details, at }) => ({
          name,
          arrivedAt: at,
          error: apiError(code, details),
        })),
      };
    },
    async page(id) {
      const row = one.get(id) as { name: string; sha256: string } | undefined;
      if (!row) throw new AppError('internal.not-found');
      // The name stays in the table: people call files by what is in them, and the journal goes to the centre.
      return { bytes: await blobs.get(row.sha256), source: 'folder' };
    },
    markTaken(id, documentId) {
      if (taken.run(documentId, id).changes === 0) throw new AppError('internal.not-found');
    },
    findPage: sha256 => bySha.get(sha256) as { media_type: string } | undefined,
  };
}
