import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { keepToOwner } from '../sqlite.ts';
import { createTextIndex, type TextIndex } from './text-index.ts';
import type { ThreadAnswer, ThreadRequest } from './thread-messages.ts';

/* The thread of an index: neither a long document nor a query over a million pages holds up the program. */

let opened: { db: DatabaseSync; index: TextIndex } | undefined;

parentPort?.on('message', ({ id, ...request }: ThreadRequest & { id: number }) => {
  parentPort?.postMessage({ id, ...answerTo(request) });
});

function answerTo(request: ThreadRequest): ThreadAnswer {
  try {
    return { ok: true, value: perform(request) };
  } catch (error) {
    return { ok: false, reason: String(error), errcode: (error as { errcode?: number }).errcode ?? 0 };
  }
}

/** By the first question, so that what is wrong with the file is that question's answer. */
function open() {
  keepToOwner(workerData as string);
  const db = new DatabaseSync(workerData as string);
  // A power cut may take the newest documents out of it, never tear it; its keeper puts them in again.
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000;');
  return { db, index: createTextIndex(db) };
}

function perform(request: ThreadRequest): ReturnType<TextIndex[keyof TextIndex]> {
  opened ??= open();
  const { db, index } = opened;
  switch (request.kind) {
    case 'put':
      return index.put(request.document);
    case 'remove':
      return index.remove(request.documentId);
    case 'version':
      return index.version(request.documentId);
    case 'versions':
      return index.versions();
    case 'search':
      return index.search(request.query, request.filter, request.limit);
    case 'close':
      return db.close();
  }
}
