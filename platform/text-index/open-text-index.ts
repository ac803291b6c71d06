import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import type { IndexedDocument, TextFilter, TextHit } from './text-index.ts';
import type { ThreadAnswer, ThreadRequest } from './thread-messages.ts';

/** A text index in a file, asked in a thread of its own that starts with the first question. */
export interface OpenTextIndex {
  put(document: IndexedDocument): Promise<void>;
  remove(documentId: string): Promise<void>;
  versions(): Promise<Map<string, string>>;
  search(query: string, filter: TextFilter, limit: number): Promise<TextHit[]>;
  close(): Promise<void>;
}

/** The file was damaged and has been replaced by an empty one: everything has to be put in again. */
export class TextIndexLost extends Error {}

/** SQLite's codes for a file that is malformed, and for one that is no database. */
const damaged = [11, 26];

/** Everything of it can be put in again, so it is never backed up, and thrown away when damaged. */
export function openTextIndex(path: string, log: Log): OpenTextIndex {
  type Waiting = { resolve(value: unknown): void; reject(error: Error): void };
  const waiting = new Map<number, Waiting>();
  let thread: Promise<Worker> | undefined;
  let lastId = 0;

  async function start(): Promise<Worker> {
    await mkdir(dirname(path), { recursive: true });
    const worker = new Worker(new URL('./index-thread.ts', import.meta.url), { workerData: path });
    worker.on('message', ({ id, ...answer }: ThreadAnswer & { id: number }) => {
      const { resolve, reject } = waiting.get(id) as Waiting;
      waiting.delete(id);
      if (answer.ok) resolve(answer.value);
      else reject(Object.assign(new Error(answer.reason), { errcode: answer.errcode }));
    });
    // Out of memory, for one.
    const end = (error: Error) => {
      thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('error', end);
    worker.on('exit', () => end(new Error('the thread of the text index ended')));
    worker.unref();
    return worker;
  }

  async function ask(request: ThreadRequest): Promise<unknown> {
    thread ??= start();
    const worker = await thread;
    return new Promise((resolve, reject) => {
      waiting.set(++lastId, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: lastId, ...request });
    }).finally(() => {
      if (waiting.size === 0) worker.unref();
    });
  }

  async function askOrReplace(request: ThreadRequest): Promise<unknown> {
    try {
      return await ask(request);
    } catch (error) {
      if (!damaged.includes((error as { errcode?: number }).errcode ?? 0)) throw error;
      log.error({ err: error }, 'the text index was damaged and is made anew');
      const worker = await thread?.catch(() => undefined);
      thread = undefined;
      await worker?.terminate();
      for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
      throw new TextIndexLost('the text index was damaged', { cause: error });
    }
  }

  return {
    put: async document => void (await askOrReplace({ kind: 'put', document })),
    remove: async documentId => void (await askOrReplace({ kind: 'remove', documentId })),
    versions: async () => (await askOrReplace({ kind: 'versions' })) as Map<string, string>,
    search: async (query, filter, limit) =>
      (await askOrReplace({ kind: 'search', query, filter, limit })) as TextHit[],
    async close() {
      const worker = await thread;
      if (!worker) return;
      await ask({ kind: 'close' });
      await worker.terminate();
    },
  };
}
