import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobStore } from './blob-store.ts';
import type { Log } from './log.ts';

export interface Scrub {
  /** Looks through everything once, now; resolves with the digests that were found damaged. */
  round(): Promise<string[]>;
  stop(): void;
}

/** Slow enough that nobody at a window notices. */
const bytesPerSecond = 2 * 1024 * 1024;
const firstAfterMs = 10 * 60_000;
const againAfterMs = 24 * 60 * 60_000;

/**
 * Reads all blobs by and by and compares them with their names: a disk may lose bits years after it took
 * them. A damaged one is put aside, so that nobody is given it, and told. What is aside already and has
 * not come again is told at each start.
 */
export function startScrub(parts: {
  blobs: BlobStore;
  onDamaged: (sha256: string) => Promise<void>;
  log: Log;
}): Scrub {
  const { blobs, onDamaged, log } = parts;
  const stopped = new AbortController();
  const { signal } = stopped;

  async function isSound(sha256: string): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      for await (const chunk of blobs.read(sha256)) {
        hash.update(chunk);
        await sleep((chunk.length * 1000) / bytesPerSecond, undefined, { signal });
      }
    } catch (error) {
      signal.throwIfAborted();
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return true;
      // A sector that cannot be read is as good as gone; anything else is not the blob's fault.
      if (code !== 'EIO') throw error;
      return false;
    }
    return hash.digest('hex') === sha256;
  }

  async function tell(sha256: string): Promise<void> {
    log.error({ sha256, code: 'journal.blob-corrupt' }, 'a blob is damaged and was put aside');
    await onDamaged(sha256);
  }

  async function round(): Promise<string[]> {
    const damaged: string[] = [];
    for await (const sha256 of blobs.digests()) {
      signal.throwIfAborted();
      if (await isSound(sha256)) continue;
      await blobs.setAside(sha256);
      damaged.push(sha256);
      await tell(sha256);
    }
    return damaged;
  }

  async function forever(): Promise<void> {
    for (const sha256 of await blobs.aside()) if (!(await blobs.has(sha256))) await tell(sha256);
    for (let waitMs = firstAfterMs; ; waitMs = againAfterMs) {
      await sleep(waitMs, undefined, { signal, ref: false });
      await round();
    }
  }

  forever().catch(error => {
    if (!signal.aborted) log.error({ err: error }, 'the scrub of blobs ended');
  });
  return { round, stop: () => stopped.abort() };
}
