import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../../platform/clock.ts';
import { AppError, type ErrorDetails } from '../../../protocol/app-error.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { forgetKept, keepRejected, keepTaken, type Rejection } from './kept-files.ts';
import { shownName } from './shown-name.ts';

export { listRejected, type Rejection } from './kept-files.ts';

/** A complete file that a multi-function printer put into the folder. */
export interface FolderFile {
  /** As people see it (`shownName`). */
  name: string;
  bytes: Uint8Array;
  sizeBytes: number;
}

/** `taken`: the bytes are stored for good. `rejected`: they are no page, and `code` says why. */
export type FolderVerdict = { kind: 'taken' } | { kind: 'rejected'; code: ErrorCode; details: ErrorDetails };

export interface WatchOptions {
  /** Where printers write to. Must exist; a share that is away is looked for again. */
  dir: string;
  /** Gets the folders `taken` and `rejected`, whose files go after a while; `dir` when left out. */
  keepDir?: string;
  /**
   * Stores the file. After a power cut the same bytes may be offered again, so it must be idempotent. When
   * it throws, the file stays where it is and is offered again.
   */
  onFile: (file: FolderFile) => Promise<FolderVerdict>;
  /** Told of every file set aside, those too large to be read included. */
  onRejected?: (rejection: Rejection) => void;
  /** Told of errors of the folder or of `onFile`; a process warning when left out. */
  onTrouble?: (error: unknown) => void;
  /** Milliseconds between looks. Network folders send no events, so the folder is looked at. */
  pollMs?: number;
  clock?: Clock;
}

interface Look {
  key: string;
  name: string;
  path: Buffer;
  sizeBytes: number;
  modifiedMs: number;
  /** Looks in a row that saw the same. */
  same: number;
  /** Of a file that could not be moved: it is not offered once more, or its pages would come again and again. */
  verdict?: FolderVerdict | undefined;
}

/** What programs call a file that they are still writing. */
const partial = /^(?:\.|~)|\.(?:part|partial|filepart|tmp|temp|crdownload)$/i;
/** Looks after which an unchanged file is complete; an empty one usually waits for its first byte. */
const looksUntilComplete = 1;
const looksUntilEmpty = 10;
const dayMs = 86_400_000;

/** Watches a folder for scans until `stop`, which waits for the file in hand. */
export function watchFolder(options: WatchOptions): { stop(): Promise<void> } {
  const keepDir = options.keepDir ?? options.dir;
  const report =
    options.onTrouble ?? (error => process.emitWarning(error instanceof Error ? error : String(error)));
  const clock = options.clock ?? systemClock;
  const looks = new Map<string, Look>();
  let tidiedMs = Number.NEGATIVE_INFINITY;
  const stopped = new AbortController();

  /** Once a day: each file is a paper of somebody's, and years of them fill the disk. */
  async function tidy(): Promise<void> {
    if (clock.monotonicMs() - tidiedMs < dayMs) return;
    tidiedMs = clock.monotonicMs();
    await forgetKept(keepDir, clock.now().getTime());
  }

  async function look(): Promise<void> {
    // Names are bytes: one that is no UTF-8 would not be found under the letters made of it.
    const entries = await readdir(options.dir, { withFileTypes: true, encoding: 'buffer' });
    const here = new Set<string>();
    const complete: Look[] = [];
    for (const entry of entries) {
      const name = shownName(entry.name);
      if (!entry.isFile() || partial.test(name)) continue;
      const key = entry.name.toString('latin1');
      here.add(key);
      const seen = await lookAt(key, name, Buffer.concat([Buffer.from(join(options.dir, '/')), entry.name]));
      const needed = seen?.sizeBytes === 0 ? looksUntilEmpty : looksUntilComplete;
      if (seen !== undefined && seen.same >= needed) complete.push(seen);
    }
    for (const key of looks.keys()) if (!here.has(key)) looks.delete(key);
    // In the order in which they were scanned: pages of a document follow each other.
    complete.sort((one, other) => one.modifiedMs - other.modifiedMs || one.name.localeCompare(other.name));
    for (const seen of complete) {
      if (stopped.signal.aborted) return;
      await handle(seen).catch(report);
    }
  }

  async function lookAt(key: string, name: string, path: Buffer): Promise<Look | undefined> {
    const stat = await lstat(path).catch(() => undefined); // gone between two looks
    if (stat === undefined) return undefined;
    const last = looks.get(key);
    const isSame = last !== undefined && last.sizeBytes === stat.size && last.modifiedMs === stat.mtimeMs;
    const seen = isSame
      ? last
      : { key, name, path, sizeBytes: stat.size, modifiedMs: stat.mtimeMs, same: -1 };
    seen.same++;
    looks.set(key, seen);
    return seen;
  }

  async function handle(seen: Look): Promise<void> {
    seen.verdict ??= await judge(seen);
    if (seen.verdict === undefined) return; // still growing: the next look sees it
    const { key, name, path, sizeBytes, verdict } = seen;
    if (verdict.kind === 'taken') await keepTaken(path, name, keepDir);
    else {
      const { code, details } = verdict;
      const rejection = { name, code, details, sizeBytes, at: clock.now().toISOString() };
      await keepRejected(path, keepDir, rejection);
      options.onRejected?.(rejection);
    }
    looks.delete(key);
  }

  async function judge({ name, path, sizeBytes }: Look): Promise<FolderVerdict | undefined> {
    if (sizeBytes > limits.pageBytes)
      return rejected('capture.too-large', { megabytes: Math.ceil(sizeBytes / 1024 ** 2) });
    if (sizeBytes === 0) return rejected('capture.empty');
    const bytes = await readWhole(path, sizeBytes);
    return bytes && (await options.onFile({ name, bytes, sizeBytes: bytes.length }));
  }

  const done = (async () => {
    let away = false;
    while (!stopped.signal.aborted) {
      try {
        await tidy();
        await look();
        away = false;
      } catch (error) {
        // A share may be away for hours; that is said once.
        if (!away) report(new AppError('scanner.fault', { at: 'folder' }, { cause: error }));
        away = true;
      }
      await pause(options.pollMs ?? 1000, stopped.signal);
    }
  })();

  return {
    async stop() {
      stopped.abort();
      await done;
    },
  };
}

function rejected(code: ErrorCode, details: ErrorDetails = {}): FolderVerdict {
  return { kind: 'rejected', code, details };
}

/** Undefined when the file is no longer of the size that was seen. */
async function readWhole(path: Buffer, sizeBytes: number): Promise<Uint8Array | undefined> {
  const handle = await open(path, 'r');
  try {
    if ((await handle.stat()).size !== sizeBytes) return undefined;
    const bytes = await handle.readFile();
    return bytes.length === sizeBytes ? bytes : undefined;
  } finally {
    await handle.close();
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal.addEventListener('abort', end);
  });
}
