import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type S3Credentials, signed } from './s3-signature.ts';

export interface S3LineOptions extends S3Credentials {
  /** Address of the bucket, path-style: `https://host:9000/okno`. */
  url: string;
  /** PEM of the authority of the store; without it, the public ones. */
  ca?: string | undefined;
  /** Longest silence. */
  timeoutMs: number;
  clock: Clock;
}

/** A body that can be sent again from its start. */
export interface S3Body {
  sha256: string;
  sizeBytes: number;
  open: () => Readable;
}

/**
 * Objects of one bucket. Anything but the answers that are named here rejects with
 * `internal.content-away`, and the call may be repeated.
 */
export interface S3Line {
  /**
   * The object appears when all of it is there. The digest is part of the signed request: a store takes
   * no other bytes. Throws `journal.blob-corrupt` when they are not the ones that were announced.
   */
  put(key: string, body: S3Body): Promise<void>;
  /** Size in bytes, or undefined when there is none. */
  sizeOf(key: string): Promise<number | undefined>;
  /** Removes the object; a repeat is harmless. */
  remove(key: string): Promise<void>;
  /** The bytes, or undefined when there is no such object. `range` includes its end. */
  read(key: string, range?: { start: number; end: number }): Promise<IncomingMessage | undefined>;
  /** Every key of the bucket, in order. */
  keys(): AsyncIterable<string>;
  /** Throws `setup.bad-configuration` when there is no such bucket, or it is not for us. */
  assertBucket(): Promise<void>;
}

const empty: S3Body = {
  sha256: createHash('sha256').digest('hex'),
  sizeBytes: 0,
  open: () => {
    throw new Error('there is no body to send');
  },
};

export function s3Line(options: S3LineOptions): S3Line {
  const { timeoutMs, clock } = options;
  const base = options.url.replace(/\/+$/, '');
  const ca = options.ca === undefined ? {} : { ca: options.ca };
  const agent = new Agent({ keepAlive: true, maxSockets: 8, minVersion: 'TLSv1.2', ...ca });

  async function ask(
    method: 'GET' | 'HEAD' | 'PUT' | 'DELETE',
    key: string,
    headers: Record<string, string> = {},
    body = empty,
    query = '',
  ): Promise<IncomingMessage> {
    const url = new URL(`${base}${key && '/'}${key}${query && '?'}${query}`);
    for (;;) {
      const wish = { method, url, headers, payloadSha256: body.sha256 };
      const sending = request(url, {
        ...{ method, agent, timeout: timeoutMs },
        headers: signed(wish, options, clock.now()),
      });
      // What happens after the answer began is told by the answer's own stream.
      sending.on('error', () => {});
      sending.on('timeout', () => sending.destroy(new Error(`silent for ${timeoutMs} ms`)));
      const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
      const sent = body === empty ? sending.end() : pipeline(body.open(), sending);
      try {
        const [[response]] = await Promise.all([answered, Promise.race([answered, sent])]);
        // An answer that comes before all is sent wins: the store need not read what it does not want.
        if (!sending.writableEnded) response.once('end', () => sending.destroy());
        return response;
      } catch (error) {
        // The store may close an idle connection in the instant in which we use it (RFC 9112 section 9.3.1).
        if (sending.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET') continue;
        throw away(error);
      }
    }
  }

  return {
    async put(key, body) {
      const response = await ask('PUT', key, { 'content-length': String(body.sizeBytes) }, body);
      if (response.statusCode === 200) return void response.resume();
      const code = await codeOfAnswer(response);
      if (code === 'XAmzContentSHA256Mismatch')
        throw new AppError('journal.blob-corrupt', { sha256: body.sha256 });
      throw away(code);
    },
    async sizeOf(key) {
      const response = await ask('HEAD', key);
      response.resume();
      if (response.statusCode === 404) return undefined;
      if (response.statusCode !== 200) throw away(`HEAD: ${response.statusCode}`);
      return Number(response.headers['content-length']);
    },
    async read(key, range) {
      const response = await ask('GET', key, range && { range: `bytes=${range.start}-${range.end}` });
      if (response.statusCode === (range ? 206 : 200)) return response;
      const code = await codeOfAnswer(response);
      if (code === 'NoSuchKey') return undefined;
      throw away(code);
    },
    async remove(key) {
      const response = await ask('DELETE', key);
      if (response.statusCode === 204 || response.statusCode === 404) return void response.resume();
      throw away(await codeOfAnswer(response));
    },
    async *keys() {
      // Names of parameters in order, as the signature wants them. Keys come escaped: XML has no form for some.
      const query = `encoding-type=url&list-type=2&max-keys=${keysPerList}`;
      for (let after = ''; ; ) {
        const next = after === '' ? '' : `&start-after=${escaped(after)}`;
        const response = await ask('GET', '', {}, empty, query + next);
        if (response.statusCode !== 200) throw away(await codeOfAnswer(response));
        const page = await textOf(response, listBytes);
        const keys = [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) =>
          decodeURIComponent(key),
        );
        yield* keys;
        const last = keys.at(-1);
        if (last === undefined || !page.includes('<IsTruncated>true</IsTruncated>')) return;
        after = last;
      }
    },
    async assertBucket() {
      const response = await ask('HEAD', '');
      response.resume();
      if (response.statusCode === 403 || response.statusCode === 404)
        throw new AppError('setup.bad-configuration', { what: `${base}: ${response.statusCode}` });
      if (response.statusCode !== 200) throw away(`HEAD: ${response.statusCode}`);
    },
  };
}

/** A fault of the line or of the store. The reason is for the technician. */
export function away(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const reason = typeof cause === 'string' ? cause : String((cause as NodeJS.ErrnoException).code ?? cause);
  return new AppError('internal.content-away', { reason }, { cause });
}

const answerBytes = 64 * 1024;
const keysPerList = 1000;
/** A key has up to 1024 bytes, and three times as many when escaped. */
const listBytes = keysPerList * 4096;

/** RFC 3986: `encodeURIComponent` leaves some reserved characters as they are. */
const escaped = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** `<Code>` of an error answer, or its status. */
async function codeOfAnswer(response: IncomingMessage): Promise<string> {
  const text = await textOf(response, answerBytes);
  return /<Code>([A-Za-z0-9]+)<\/Code>/.exec(text)?.[1] ?? `status ${response.statusCode}`;
}

async function textOf(response: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      size += (chunk as Buffer).length;
      if (size > limitBytes) throw new Error('the answer is too long');
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw away(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}
