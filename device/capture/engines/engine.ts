import { createSlots } from '../../../platform/slots.ts';
import type { Grey } from '../steps/grey.ts';
import type { Reader } from './reader.ts';
import { type EngineWord, wordsOf } from './tsv.ts';

export type Reading = { kind: 'read'; words: EngineWord[] } | { kind: 'timed-out' } | { kind: 'failed' };

export interface Engine {
  /** Waits for a free worker. A worker that fails is replaced, and the picture is read once more. */
  read(grey: Grey, dpi: number): Promise<Reading>;
  /** Reads a picture of Latin letters alone, by a worker that is there for it only: few pages have one. */
  readLatin(grey: Grey, dpi: number): Promise<Reading>;
}

/**
 * Workers of one engine. The first is started here, so that missing or broken language data shows at once;
 * the others when a picture would have to wait. `timeoutMs` is for one picture, without its wait.
 */
export async function startEngine(
  start: () => Promise<Reader>,
  {
    startLatin,
    workers,
    timeoutMs,
  }: { startLatin: () => Promise<Reader>; workers: number; timeoutMs: number },
): Promise<Engine> {
  const free: Reader[] = [await start()];
  const waiting: ((reader: Reader | undefined) => void)[] = [];
  let started = 1;
  /** One at a time: each holds a model of its own. */
  const latinOnes = createSlots(1);

  /** Undefined: there is room for a new one. */
  async function take(): Promise<Reader> {
    const reader =
      free.pop() ?? (started < workers ? undefined : await new Promise(next => waiting.push(next)));
    if (reader !== undefined) return reader;
    started++;
    return await start().catch(error => {
      giveUp();
      throw error;
    });
  }

  function giveBack(reader: Reader): void {
    const next = waiting.shift();
    if (next === undefined) free.push(reader);
    else next(reader);
  }

  /** The place of a reader that is no more. */
  function giveUp(): void {
    started--;
    waiting.shift()?.(undefined);
  }

  async function attempt(grey: Grey, dpi: number): Promise<Reading> {
    const reader = await take().catch(() => undefined);
    if (reader === undefined) return { kind: 'failed' };
    const reading = await limited(reader.read(grey, dpi), timeoutMs);
    if (reading.kind === 'read') giveBack(reader);
    else {
      // Nobody waits for it: a reader that hangs may never say that it ended.
      reader.stop().catch(() => undefined);
      giveUp();
    }
    return reading;
  }

  return {
    async read(grey, dpi) {
      const reading = await attempt(grey, dpi);
      return reading.kind === 'failed' ? await attempt(grey, dpi) : reading;
    },
    readLatin: (grey, dpi) =>
      latinOnes.use(async () => {
        const reader = await startLatin().catch(() => undefined);
        if (reader === undefined) return { kind: 'failed' };
        const reading = await limited(reader.read(grey, dpi), timeoutMs);
        await reader.stop().catch(() => undefined);
        return reading;
      }),
  };
}

async function limited(reading: Promise<string>, timeoutMs: number): Promise<Reading> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Reading>(resolve => {
    timer = setTimeout(() => resolve({ kind: 'timed-out' }), timeoutMs);
  });
  const read = reading.then(
    (tsv): Reading => ({ kind: 'read', words: wordsOf(tsv) }),
    (): Reading => ({ kind: 'failed' }),
  );
  return await Promise.race([read, late]).finally(() => clearTimeout(timer));
}
