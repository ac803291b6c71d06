import { setTimeout as sleep } from 'node:timers/promises';
import { createBackoff } from '../../platform/backoff.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { PartStore } from '../../platform/part-store.ts';
import { createSlots } from '../../platform/slots.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ByteRange } from '../../protocol/content.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';
import type { ContentWay } from './content-way.ts';
import { createWayChoice } from './way-choice.ts';

/** Ranges that are on the wire at once. */
const parallel = 4;
/** What is not larger goes without a question, which costs a round trip: what is new here is likely to be new there. */
const unaskedBytes = 4_000_000;
/** Whose parts lie on a box. */
const centre = 'centre';

type Work = (way: ContentWay, isFirst: boolean) => Promise<void>;

export interface ContentClient {
  /** Brings a blob to the centre, trying until it is there. Asking twice for the same blob is one transfer. */
  upload(blob: Blob): Promise<void>;
  /**
   * Brings a blob from the centre into the store, trying until it is here. `onLost` is called once the centre
   * has no such content, or only a damaged one; it is asked on, since it may get it back.
   */
  download(blob: Blob, onLost?: () => void): Promise<void>;
  stop(): void;
}

/** A transfer, and who wants to know that the centre has lost what it should bring. */
interface Transfer {
  done: Promise<void>;
  isLost: boolean;
  onLost: (() => void)[];
}

/** The centre does not have it, has it damaged, or has it shorter or longer than it is. */
const lossAtCentre: ReadonlySet<string> = new Set([
  'internal.not-found',
  'sync.content-mismatch',
  'sync.bad-range',
]);
/** A centre that is just being put in order may lack for a moment what it has. */
const lostAfterAnswers = 2;

export interface ContentClientOptions {
  /** The one to be preferred first. */
  ways: readonly ContentWay[];
  blobs: BlobStore;
  parts: PartStore;
  clock: Clock;
  log: Log;
  backoffMs?: { base: number; ceiling: number };
}

/**
 * Content apart from facts (ADR 14): several ranges at once, resumed from what the other side
 * has, and verified by digest there.
 */
export function createContentClient(options: ContentClientOptions): ContentClient {
  const { blobs, parts, log, ways } = options;
  const choice = createWayChoice(ways, options.clock);
  const stopped = new AbortController();
  const underWay = new Map<string, Transfer>();
  const sending = createSlots(parallel);
  const fetching = createSlots(parallel);
  /** Ranges that got through, of all transfers. */
  let moved = 0;

  function once(name: string, work: Work): Transfer {
    let transfer = underWay.get(name);
    if (!transfer) {
      transfer = { done: Promise.resolve(), isLost: false, onLost: [] };
      underWay.set(name, transfer);
      transfer.done = untilDone(name, work, transfer).finally(() => underWay.delete(name));
    }
    return transfer;
  }

  async function untilDone(name: string, work: Work, transfer: Transfer): Promise<void> {
    const backoff = createBackoff(options.backoffMs?.base ?? 500, options.backoffMs?.ceiling ?? 60_000);
    let told = '';
    let lostAnswers = 0;
    for (let isFirst = true; ; isFirst = false) {
      stopped.signal.throwIfAborted();
      const way = choice.current();
      const before = moved;
      try {
        return await work(way, isFirst);
      } catch (error) {
        stopped.signal.throwIfAborted();
        const code = codeOf(error);
        if (code === 'sync.centre-unreachable' && moved === before) choice.failed(way);
        const isLost = code.startsWith('journal.') || lossAtCentre.has(code);
        // What came is compared here, and what was sent is looked at here before it is blamed on the centre.
        const isThere = (error as AppError).details?.by === 'centre' || code === 'sync.content-mismatch';
        const where = isThere ? 'at the centre' : 'here';
        lostAnswers = isLost && isThere ? lostAnswers + 1 : 0;
        if (lostAnswers === lostAfterAnswers) tellLost(transfer);
        // What waits for it may wait for weeks: somebody has to see it, but not every minute.
        if (isLost && code !== told)
          log.error({ transfer: name, code, err: error }, `content is missing or damaged ${where}`);
        else log.debug({ transfer: name, reason: String(error) }, 'content transfer interrupted, will go on');
        told = code;
        await sleep(backoff.next(), undefined, { signal: stopped.signal });
      }
    }
  }

  function tellLost(transfer: Transfer): void {
    transfer.isLost = true;
    for (const tell of transfer.onLost.splice(0)) tell();
  }

  /**
   * Runs `move` for each range of what is missing, as many at a time as workers find slots, until it says that
   * nothing more is. The first failure ends the round; ranges that are on the wire then are waited for.
   */
  async function moveAll(
    way: ContentWay,
    missing: readonly ByteRange[],
    move: (range: ByteRange) => Promise<'complete' | 'part'>,
  ): Promise<'complete' | 'part'> {
    const ranges = shrinkingRanges(missing);
    const failures: unknown[] = [];
    let state: 'complete' | 'part' = 'part';
    const worker = async () => {
      for (const range of ranges) {
        if (failures.length > 0 || state === 'complete' || stopped.signal.aborted) return;
        try {
          if ((await move(range)) === 'complete') state = 'complete';
          moved++;
          choice.worked(way);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    // One more set than slots: while an answer is awaited, the next range goes out.
    await Promise.all(Array.from({ length: 2 * parallel }, worker));
    stopped.signal.throwIfAborted();
    if (failures.length > 0) throw failures[0];
    return state;
  }

  async function uploadOnce(way: ContentWay, blob: Blob, isFirst: boolean): Promise<void> {
    if (!(await blobs.has(blob.sha256))) throw new AppError('journal.blob-missing', { sha256: blob.sha256 });
    const asksFirst = !isFirst || blob.sizeBytes > unaskedBytes;
    let missing = asksFirst ? await way.missing(blob) : [{ start: 0, end: blob.sizeBytes - 1 }];
    while (missing !== 'complete') {
      const state = await moveAll(way, missing, async range => {
        const answered = await sending.use(async () => {
          const bytes = Buffer.concat(await blobs.read(blob.sha256, range).toArray());
          const sent = Promise.withResolvers<void>();
          const answered = way.put(blob, range, bytes, sent.resolve);
          await Promise.race([sent.promise, answered]);
          return { answered };
        });
        return await answered.answered;
      });
      missing = state === 'complete' ? state : await way.missing(blob);
    }
  }

  async function downloadOnce(way: ContentWay, blob: Blob): Promise<void> {
    for (;;) {
      const missing = await parts.missing(centre, blob);
      if (missing === 'complete') return;
      await moveAll(way, missing, range =>
        fetching.use(async () => await parts.write(centre, blob, range.start, await way.get(blob, range))),
      );
    }
  }

  /** A blob that rotted here would be sent and refused for ever: nobody is given it, and it is told as ours. */
  async function blameOurs(error: unknown, { sha256 }: Blob): Promise<never> {
    if (codeOf(error) === 'sync.content-mismatch')
      try {
        (await blobs.open(sha256)).close();
      } catch (found) {
        if (codeOf(found) === 'journal.blob-corrupt') await blobs.setAside(sha256);
        throw found;
      }
    throw error;
  }

  return {
    upload: blob =>
      once(`up ${blob.sha256}`, (way, isFirst) =>
        uploadOnce(way, blob, isFirst).catch(error => blameOurs(error, blob)),
      ).done,
    download(blob, onLost) {
      const transfer = once(`down ${blob.sha256}`, way => downloadOnce(way, blob));
      if (onLost && transfer.isLost) onLost();
      else if (onLost) transfer.onLost.push(onLost);
      return transfer.done;
    },
    stop() {
      stopped.abort();
      for (const way of ways) way.close();
    },
  };
}

const smallestRangeBytes = 128 * 1024;

/** Ranges that get smaller towards the end, so that the last ones end together. */
function* shrinkingRanges(runs: readonly ByteRange[]): Generator<ByteRange> {
  let left = runs.reduce((sum, { start, end }) => sum + end - start + 1, 0);
  for (const { start, end } of runs)
    for (let at = start; at <= end; ) {
      const wish = Math.min(Math.max(left / (2 * parallel), smallestRangeBytes), limits.contentRangeBytes);
      const bytes = Math.ceil(wish / limits.contentChunkBytes) * limits.contentChunkBytes;
      const range = { start: at, end: Math.min(at + bytes - 1, end) };
      yield range;
      at = range.end + 1;
      left -= bytes;
    }
}
