import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Log } from '../log.ts';
import { type IndexThread, startIndexThread } from './start-index-thread.ts';
import type { IndexedDocument, TextFilter, TextHit } from './text-index.ts';
import type { ThreadRequest } from './thread-messages.ts';

/** A text index in a file, asked in a thread of its own that starts with a question and rests without any. */
export interface OpenTextIndex {
  put(document: IndexedDocument): Promise<void>;
  remove(documentId: string): Promise<void>;
  version(documentId: string): Promise<string | undefined>;
  versions(): Promise<Map<string, string>>;
  search(query: string, filter: TextFilter, limit: number): Promise<TextHit[]>;
  close(): Promise<void>;
}

/** The file was damaged and has been replaced by an empty one: everything has to be put in again. */
export class TextIndexLost extends Error {}

/** SQLite's codes for a file that is malformed, and for one that is no database. */
const damaged = [11, 26];

/** A thread that nobody asks for so long gives its memory back. */
const restAfterMs = 10_000;

/** Everything of it can be put in again, so it is never backed up, and thrown away when damaged. */
export function openTextIndex(path: string, log: Log): OpenTextIndex {
  let thread: Promise<IndexThread> | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  let asked = 0;
  let rest: NodeJS.Timeout | undefined;

  function start(): Promise<IndexThread> {
    const starting = (async () => {
      // Two threads at one file would stand in each other's way.
      await ended;
      await mkdir(dirname(path), { recursive: true });
      return startIndexThread(path, () => {
        if (thread === starting) thread = undefined;
      });
    })();
    return starting;
  }

  async function ask(request: ThreadRequest): Promise<unknown> {
    clearTimeout(rest);
    asked++;
    thread ??= start();
    const asking = thread;
    try {
      return await (await asking).ask(request);
    } catch (error) {
      if (!damaged.includes((error as { errcode?: number }).errcode ?? 0)) throw error;
      // Requests that fail together speak of one file: the second must not take away the new one.
      if (thread === asking) throwAway(error);
      await ended;
      throw new TextIndexLost('the text index was damaged', { cause: error });
    } finally {
      if (--asked === 0) rest = setTimeout(end, restAfterMs).unref();
    }
  }

  function end(): Promise<unknown> {
    clearTimeout(rest);
    const ending = thread;
    thread = undefined;
    ended = ended.then(async () => (await ending)?.end()).catch(() => undefined);
    return ended;
  }

  function throwAway(error: unknown): void {
    log.error({ err: error }, 'the text index was damaged and is made anew');
    ended = end()
      .then(() => Promise.all(['', '-wal', '-shm'].map(part => rm(`${path}${part}`, { force: true }))))
      // Then the next request finds it damaged once more.
      .catch(reason => log.error({ err: reason }, 'the damaged text index cannot be taken away'));
  }

  return {
    put: async document => void (await ask({ kind: 'put', document })),
    remove: async documentId => void (await ask({ kind: 'remove', documentId })),
    version: async documentId => (await ask({ kind: 'version', documentId })) as string | undefined,
    versions: async () => (await ask({ kind: 'versions' })) as Map<string, string>,
    search: async (query, filter, limit) =>
      (await ask({ kind: 'search', query, filter, limit })) as TextHit[],
    close: async () => void (await end()),
  };
}
