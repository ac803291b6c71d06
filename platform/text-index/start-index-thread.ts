import { Worker } from 'node:worker_threads';
import type { ThreadAnswer, ThreadRequest } from './thread-messages.ts';

export interface IndexThread {
  /** Rejects with SQLite's `errcode`, or when the thread ends before it answered. */
  ask(request: ThreadRequest): Promise<unknown>;
  /** Closes the file and ends the thread. */
  end(): Promise<void>;
}

/** A thread that holds the index in a file; `onEnd` when it ended, wanted or not. It keeps no program alive that waits for no answer. */
export function startIndexThread(path: string, onEnd: () => void): IndexThread {
  type Waiting = { resolve(value: unknown): void; reject(error: Error): void };
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  const worker = new Worker(new URL('./index-thread.ts', import.meta.url), { workerData: path });
  worker.on('message', ({ id, ...answer }: ThreadAnswer & { id: number }) => {
    const { resolve, reject } = waiting.get(id) as Waiting;
    waiting.delete(id);
    if (answer.ok) resolve(answer.value);
    else reject(Object.assign(new Error(answer.reason), { errcode: answer.errcode }));
  });
  // Out of memory, for one.
  const end = (error: Error) => {
    onEnd();
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('error', end);
  worker.on('exit', () => end(new Error('the thread of the text index ended')));
  worker.unref();

  function ask(request: ThreadRequest): Promise<unknown> {
    return new Promise((resolve, reject) => {
      waiting.set(++lastId, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: lastId, ...request });
    }).finally(() => {
      if (waiting.size === 0) worker.unref();
    });
  }
  return {
    ask,
    async end() {
      await ask({ kind: 'close' }).catch(() => undefined);
      await worker.terminate();
    },
  };
}
