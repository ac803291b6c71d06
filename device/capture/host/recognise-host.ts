import { setPriority } from 'node:os';
import sharp from 'sharp';
import type { PdfPage } from '../pdf.ts';
import { writePdf } from '../pdf.ts';
import { type CleanPage, cleanPage } from './clean-page.ts';
import { type Engine, startEngine } from './engine.ts';
import type { Answer, FromHost, HostSettings, ToHost } from './messages.ts';

/*
 * The recognising process. It may run out of memory, hang or crash over a picture: the queue and the
 * windows live in another process and do not notice. It opens no file but the language data, and no socket.
 */

/** Behind everything else on the box; threads started from here on inherit it. */
setPriority(10);
sharp.concurrency(1);
sharp.cache(false);

const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings;
/** Pages that wait for their document, by job and page number. */
const jobs = new Map<number, Map<number, PdfPage>>();

process.on('disconnect', () => process.exit(0));

const engine = await startEngine(settings).catch(() => undefined);
if (engine === undefined) say({ kind: 'unusable' });
else {
  process.on('message', (message: ToHost) => {
    void answer(engine, message).then(found => say({ kind: 'answer', id: message.id, answer: found }));
  });
  say({ kind: 'ready' });
}

async function answer(running: Engine, request: ToHost): Promise<Answer> {
  switch (request.kind) {
    case 'page': {
      const clean = await cleanPage(request.bytes).catch(() => undefined);
      if (clean === undefined) return { kind: 'failed', code: 'capture.damaged' };
      return await read(running, request.job, request.page, clean).catch(
        (): Answer => ({ kind: 'failed', code: 'capture.engine-failed' }),
      );
    }
    case 'finish': {
      const pages = [...(jobs.get(request.job) ?? [])].sort(([one], [other]) => one - other);
      jobs.delete(request.job);
      const pdf = await writePdf(
        pages.map(([, page]) => page),
        request,
      );
      return { kind: 'document', pdf, memoryBytes: process.memoryUsage.rss() };
    }
    case 'forget':
      jobs.delete(request.job);
      return { kind: 'forgotten' };
  }
}

async function read(running: Engine, job: number, number: number, clean: CleanPage): Promise<Answer> {
  const { width, height, dpi, jpeg, blank } = clean;
  const page = blank ? { text: '', width, height, words: [] } : await running.read(clean.grey, dpi);
  const pages = jobs.get(job) ?? new Map<number, PdfPage>();
  jobs.set(job, pages.set(number, { jpeg, width, height, dpi, words: page.words }));
  return { kind: 'page', page, blank };
}

function say(message: FromHost): void {
  process.send?.(message);
}
