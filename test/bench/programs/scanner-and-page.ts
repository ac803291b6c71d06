import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPty } from '../../simulators/ticket-printer/pty.ts';
import { answer, tell } from './conversation.ts';

/**
 * `scanner-and-page LINK`: the scanner's end of a serial cable and the page that hears of its codes in one process,
 * so that one clock measures from the one to the other.
 */
const [link = ''] = process.argv.slice(2);
const cable = await openPty(link, () => {});
/** Nobody shows codes faster. */
const betweenCodesMs = 30;

type Wait = (id: string) => Promise<void>;

/** Shows codes, one at a time, and notes how long each takes to be heard. */
async function show(seconds: number, heard: Wait): Promise<number[]> {
  const latenciesMs: number[] = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const id = randomUUID();
    const coming = heard(id);
    const shownMs = performance.now();
    cable.send(Buffer.from(`http://okno.test/t/${id}\r`));
    await coming;
    latenciesMs.push(performance.now() - shownMs);
    await sleep(betweenCodesMs);
  }
  return latenciesMs;
}

/** Resolves when a text has come; texts may come in pieces. */
function listener(chunks: AsyncIterable<string | Buffer>): Wait {
  let text = '';
  let waiting: { id: string; resolve: () => void } | undefined;
  void (async () => {
    for await (const chunk of chunks) {
      text += chunk;
      if (!waiting || !text.includes(waiting.id)) continue;
      waiting.resolve();
      text = '';
    }
  })().catch(() => {});
  return id =>
    new Promise(resolve => {
      waiting = { id, resolve };
    });
}

answer({
  /** The same cable, read without a box. */
  async bare({ seconds }) {
    const reader = createReadStream(link);
    await new Promise(resolve => reader.once('open', resolve));
    const latenciesMs = await show(Number(seconds), listener(reader));
    // A read of a terminal ends with the next byte only.
    reader.destroy();
    cable.send(Buffer.from('\r'));
    return { latenciesMs };
  },
  async run({ port, seconds }) {
    const abort = new AbortController();
    const response = await fetch(`http://127.0.0.1:${port}/api/live?place=kiosk`, { signal: abort.signal });
    if (!response.body) throw new Error('no stream');
    const latenciesMs = await show(
      Number(seconds),
      listener(response.body.pipeThrough(new TextDecoderStream())),
    );
    abort.abort();
    return { latenciesMs };
  },
});
tell({ ready: true });
process.on('SIGTERM', () => {
  void cable.close().then(() => process.exit(0));
});
