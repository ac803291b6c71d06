import { Agent, type RequestOptions, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBackoff } from '../../platform/backoff.ts';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';

export interface TlsIdentity {
  ca: string;
  cert: string;
  key: string;
}

export interface ContentClient {
  /** Brings a blob to the centre, trying until it is there. Asking twice for the same blob is one transfer. */
  upload(blob: Blob): Promise<void>;
  /** Brings a blob from the centre into the store, trying until it is here. */
  download(blob: Blob): Promise<void>;
  stop(): void;
}

export interface ContentClientOptions {
  url: string;
  tls: TlsIdentity;
  blobs: BlobStore;
  log: Log;
  requestTimeoutMs?: number;
  backoffMs?: { base: number; ceiling: number };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/**
 * Content apart from facts: HTTPS ranges on connections of their own, resumed from where the other side
 * is, verified by digest (DESIGN section 4).
 */
export function createContentClient(options: ContentClientOptions): ContentClient {
  const { blobs, log } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ...options.tls });
  const stopped = new AbortController();
  const underWay = new Map<string, Promise<void>>();

  function once(name: string, work: () => Promise<void>): Promise<void> {
    let running = underWay.get(name);
    if (!running) {
      running = untilDone(name, work).finally(() => underWay.delete(name));
      underWay.set(name, running);
    }
    return running;
  }

  async function untilDone(name: string, work: () => Promise<void>): Promise<void> {
    const backoff = createBackoff(options.backoffMs?.base ?? 500, options.backoffMs?.ceiling ?? 60_000);
    for (;;) {
      stopped.signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        stopped.signal.throwIfAborted();
        if (codeOf(error).startsWith('journal.'))
          log.error({ transfer: name, err: error }, 'content is missing or damaged here');
        else log.debug({ transfer: name, reason: String(error) }, 'content transfer interrupted, will go on');
        await sleep(backoff.next(), undefined, { signal: stopped.signal });
      }
    }
  }

  async function uploadOnce(blob: Blob): Promise<void> {
    const path = `/content/${blob.sha256}`;
    if (!(await blobs.has(blob.sha256))) throw new AppError('journal.blob-missing', { sha256: blob.sha256 });
    let offset = await offsetAtCentre(path);
    while (offset !== 'complete') {
      // All bytes but no blob: the centre died before it gave the part its name.
      if (offset >= blob.sizeBytes) offset = 0;
      const end = Math.min(offset + limits.contentRangeBytes, blob.sizeBytes) - 1;
      const bytes = Buffer.concat(await blobs.read(blob.sha256, { start: offset, end }).toArray());
      const answer = await call('PUT', path, bytes, {
        'content-type': 'application/octet-stream',
        'content-range': `bytes ${offset}-${end}/${blob.sizeBytes}`,
        'okno-media-type': blob.mediaType,
      });
      if (answer.status === 201) return;
      if (answer.status === 202) offset = end + 1;
      else if (answer.status === 416) offset = await offsetAtCentre(path);
      else throw new AppError('sync.centre-unreachable', { status: answer.status });
    }
  }

  async function offsetAtCentre(path: string): Promise<number | 'complete'> {
    const answer = await call('HEAD', path);
    if (answer.status === 200) return 'complete';
    if (answer.status !== 404) throw new AppError('sync.centre-unreachable', { status: answer.status });
    return Number(answer.headers['okno-part-size'] ?? 0);
  }

  async function downloadOnce(blob: Blob): Promise<void> {
    if (await blobs.has(blob.sha256)) return;
    let offset = await blobs.partSize(blob.sha256);
    // All bytes but no blob: we died before the part got its name.
    if (offset >= blob.sizeBytes) {
      await blobs.dropPart(blob.sha256);
      offset = 0;
    }
    for (;;) {
      const end = Math.min(offset + limits.contentRangeBytes, blob.sizeBytes) - 1;
      const answer = await call('GET', `/content/${blob.sha256}`, undefined, {
        range: `bytes=${offset}-${end}`,
      });
      if (answer.status !== 206) throw new AppError('sync.centre-unreachable', { status: answer.status });
      const state = await blobs.append(blob.sha256, offset, blob.sizeBytes, answer.body);
      if (state === 'complete') return;
      offset = end + 1;
    }
  }

  function call(
    method: string,
    path: string,
    body?: Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const target: RequestOptions = {
      method,
      agent,
      headers: body ? { ...headers, 'content-length': body.length } : headers,
      signal: stopped.signal,
      timeout: options.requestTimeoutMs ?? 30_000,
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, options.url), target, incoming => {
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > limits.contentRangeBytes + 65_536) incoming.destroy(new AppError('internal.too-large'));
          else chunks.push(chunk);
        });
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      outgoing.on('timeout', () => outgoing.destroy(new AppError('sync.centre-unreachable', { path })));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  return {
    upload: blob => once(`up ${blob.sha256}`, () => uploadOnce(blob)),
    download: blob => once(`down ${blob.sha256}`, () => downloadOnce(blob)),
    stop() {
      stopped.abort();
      agent.destroy();
    },
  };
}
