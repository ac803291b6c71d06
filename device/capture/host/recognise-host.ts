import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import sharp from 'sharp';
import { createSlots } from '../../../platform/slots.ts';
import type { FieldView } from '../../../protocol/api/documents.ts';
import type { Turn } from '../../../protocol/values.ts';
import { readCodes } from '../barcodes/read-codes.ts';
import { fingerprintOf } from '../doubles/fingerprint.ts';
import { startEngine } from '../engines/engine.ts';
import { type Languages, languages, latin } from '../engines/reader.ts';
import { startTesseractJs } from '../engines/tesseract-js.ts';
import { startNativeTesseract } from '../engines/tesseract-native.ts';
import { findFields } from '../fields.ts';
import { checkPdfA } from '../pdfa/check.ts';
import { writePdf } from '../pdfa/pdf.ts';
import type { Barcode } from '../recognised.ts';
import { upsideDown } from '../steps/upside-down.ts';
import { type CleanPage, cleanPage } from './clean-page.ts';
import type {
  Answer,
  DocumentRequest,
  FromHost,
  HostSettings,
  PageAnswer,
  PageRequest,
  ToHost,
} from './messages.ts';
import { missingPage, pagePicture } from './page-picture.ts';
import { mayStandOnItsHead, type PageToRead, readPage } from './read-page.ts';

/*
 * The recognising process. It may run out of memory, hang or crash over a picture: the queue and the
 * windows live in another process and do not notice. It opens no file but the language data and the list of its threads, and no socket.
 */

/** Behind everything else on the box: each thread is asked alone; threads and processes of later inherit it. */
for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), 10);
sharp.concurrency(1);
sharp.cache(false);

/** While a page is cleaned, its pixels of all colours are there several times: one page after the other. */
const cleaning = createSlots(1);

const settings = JSON.parse(process.argv[2] ?? '{}') as HostSettings;
process.on('disconnect', () => process.exit(0));

const { languageDataDir, pageReader } = settings;
/** One that reads whole pages says it when Debian's program had to stand in; the others need not repeat it. */
const startReader = (read: Languages) =>
  settings.engine === 'tesseract'
    ? startNativeTesseract(languageDataDir, pageReader, read, why => {
        if (read === languages) say({ kind: 'fell-back', why: why.message });
      })
    : startTesseractJs(languageDataDir, read);
const engine = await startEngine(() => startReader(languages), {
  startLatin: () => startReader(latin),
  workers: settings.workers,
  timeoutMs: settings.pageTimeoutMs,
}).catch(() => undefined);

if (engine === undefined) say({ kind: 'unusable' });
else {
  process.on('message', (message: ToHost) => {
    void answer(message).then(found => say({ kind: 'answer', id: message.id, answer: found }));
  });
  say({ kind: 'ready' });
}

async function answer(request: ToHost): Promise<Answer> {
  if (request.kind === 'document') {
    const missing = await missingPage();
    const pdf = await writePdf(
      request.pages.map(page => page ?? missing),
      request,
    );
    const problems = checkPdfA(pdf);
    if (problems.length > 0) return { kind: 'not-archivable', problems };
    return { kind: 'document', pdf, fields: fieldsOf(request), memoryBytes: process.memoryUsage.rss() };
  }
  return (await take(request)) ?? { kind: 'damaged' };
}

/** Here, and not where the queue is: a statement of twenty pages full of dates takes seconds. */
function fieldsOf({ pages, barcodes, createdAt }: DocumentRequest): FieldView[] {
  const read = pages.map((page, index) => ({ words: page?.words ?? [], barcodes: barcodes[index] ?? [] }));
  return findFields(read, createdAt);
}

/** Undefined for a page that cannot be decoded. */
async function take({ bytes, turn, alone, pictureOnly }: PageRequest): Promise<PageAnswer | undefined> {
  const prepared = await cleaning.use(() => prepare(bytes, turn, pictureOnly));
  if (prepared === undefined) return undefined;
  const { page: clean, codes, upright, colours, width, height, blank } = prepared;
  const empty = { page: { text: '', width, height, words: [] }, upsideDown: false };
  const isRead = !pictureOnly && !blank && engine !== undefined;
  const read = isRead ? await readPage(engine, clean, alone) : empty;
  const jpeg = read.upsideDown
    ? await cleaning.use(async () => pagePicture(colours ?? (await cleanPage(bytes, turn)).picture, true))
    : upright;
  return {
    kind: 'page',
    page: {
      ...read.page,
      ...(blank && { isBlank: true }),
      ...(codes.length > 0 && { barcodes: read.upsideDown ? codes.map(turnedOver) : codes }),
      ...(isRead && { fingerprint: fingerprintOf(read.upsideDown ? upsideDown(clean.grey) : clean.grey) }),
    },
    blank,
    picture: { jpeg, width, height, dpi: clean.dpi, words: read.page.words },
  };
}

/** What reading needs of a page, and its codes. */
async function prepare(bytes: Uint8Array, turn: Turn, pictureOnly: boolean) {
  const cleaned = await cleanPage(bytes, turn).then(inBlackAndWhite, () => undefined);
  // Pictures lie outside of the heap, where Node sees no need to collect them. The search for codes takes as much.
  globalThis.gc?.();
  if (cleaned === undefined) return undefined;
  const { codesOf, ...prepared } = cleaned;
  return { ...prepared, codes: pictureOnly || prepared.blank ? [] : await readCodes(codesOf) };
}

/**
 * A page's pixels of all colours, some twelve million bytes, are kept while it is read only where it looks as if
 * it had to be turned over; a page that surprises us is cleaned once more. No variable of a caller may hold them:
 * one of a function that waits is kept to its end.
 */
async function inBlackAndWhite({ picture, codes: codesOf, blank, ...clean }: CleanPage) {
  const page: PageToRead = { ...clean, mayStandOnItsHead: !blank && mayStandOnItsHead(clean) };
  const { width, height } = picture;
  const upright = await pagePicture(picture, false);
  const colours = page.mayStandOnItsHead ? picture : undefined;
  return { page, codesOf, upright, colours, width, height, blank };
}

/** Where a code lies once its page was turned by half a turn. */
function turnedOver({ box, ...code }: Barcode): Barcode {
  return { ...code, box: { ...box, x: 1 - box.x - box.width, y: 1 - box.y - box.height } };
}

function say(message: FromHost): void {
  process.send?.(message);
}
