import { type MessagePort, type Transferable, Worker } from 'node:worker_threads';

/** Asks the thread something; rejects with what went wrong there. */
export type AskThread = <Answer>(question: object, transfer?: readonly Transferable[]) => Promise<Answer>;

interface Reply {
  id: number;
  answer?: unknown;
  error?: Error & { code?: unknown };
  /** An error that is copied to another thread keeps its text only. */
  code?: unknown;
}

/**
 * Starts a thread that answers questions, and waits for its first answer. When it dies later this process
 * ends too: nobody knows then what it had stored (F41).
 */
export async function startThread(script: URL, workerData: object) {
  const worker = new Worker(script, { workerData });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: unknown) => void }>();
  let lastId = 0;
  let started = false;
  worker.on('message', ({ id, answer, error, code }: Reply) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (!asker) return;
    if (error) asker.reject(code === undefined ? error : Object.assign(error, { code }));
    else asker.resolve(answer as never);
  });
  worker.on('error', error => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    if (started) throw error;
  });
  const ask: AskThread = (question, transfer = []) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, question }, transfer);
    });
  await ask({ act: 'start' });
  started = true;
  return {
    ask,
    async stop() {
      await ask({ act: 'stop' });
      await worker.terminate();
    },
  };
}

/** The thread's half: answers each question when its promise settles. */
export function answerQuestions<Question>(port: MessagePort, answerTo: (question: Question) => unknown) {
  port.on('message', async ({ id, question }: { id: number; question: Question }) => {
    try {
      port.postMessage({ id, answer: await answerTo(question) } satisfies Reply);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      port.postMessage({ id, error, code: (error as Reply['error'])?.code } satisfies Reply);
    }
  });
}
