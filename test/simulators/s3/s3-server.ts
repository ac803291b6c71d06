import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { judge } from './signature.ts';

/** A simulated S3 store on this machine, with one bucket and one pair of keys. */
export interface S3Server {
  /** Path-style address of the bucket. */
  url: string;
  port: number;
  bucket: string;
  accessKey: string;
  secretKey: string;
  region: string;
  /** What the bucket holds, by key. A test may spoil it. */
  objects: Map<string, Buffer>;
  /** Requests that were answered, as `PUT key`. */
  requests: string[];
  /** From now on every request is answered with 503 SlowDown, or is served again. */
  overload(on: boolean): void;
  /** From now on the line breaks in the middle of each upload, or no more. */
  breakUploads(on: boolean): void;
  close(): Promise<void>;
}

const credentials = { accessKey: 'OKNOTESTKEY', secretKey: 'okno-test-secret/+=', region: 'us-east-1' };
const bucket = 'okno';
const keysPerList = 1000;

interface Answer {
  status: number;
  headers?: Record<string, string | number>;
  body?: string | Buffer;
}

/**
 * Answers as Amazon S3 does to the requests that Okno and common tools make: whole objects with PUT, GET
 * with ranges, HEAD, DELETE, and lists. Signatures and digests of bodies are checked before anything is
 * done; an object appears when its last byte is there. No versions, no parts, no access lists.
 */
export async function startS3Server(tls: { cert: string; key: string }): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const requests: string[] = [];
  const keys = new Map([[credentials.accessKey, credentials.secretKey]]);
  let overloaded = false;
  let breaking = false;

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (breaking && request.method === 'PUT') request.once('data', () => request.socket.resetAndDestroy());
    const body = await buffer(request);
    if (overloaded) return refusal(503, 'SlowDown');
    const judgement = judge(request, keys);
    if ('refused' in judgement) return refusal(403, judgement.refused);
    const { payloadSha256 } = judgement;
    const digest = createHash('sha256').update(body).digest('hex');
    if (payloadSha256 !== 'UNSIGNED-PAYLOAD' && payloadSha256 !== digest)
      return refusal(400, 'XAmzContentSHA256Mismatch');
    const { pathname, searchParams } = new URL(request.url ?? '', 'https://s3');
    const [, name, ...rest] = decodeURIComponent(pathname).split('/');
    const key = rest.join('/');
    if (name !== bucket) return refusal(404, 'NoSuchBucket');
    requests.push(`${request.method} ${key}`);
    return key === '' ? ofBucket(request, searchParams) : ofObject(request, key, body);
  }

  function ofBucket({ method }: IncomingMessage, query: URLSearchParams): Answer {
    if (method === 'HEAD') return { status: 200 };
    if (method !== 'GET') return refusal(501, 'NotImplemented');
    if (query.has('location'))
      return xml('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>');
    const [prefix, after] = [query.get('prefix') ?? '', query.get('start-after') ?? ''];
    const shown = (key: string) =>
      query.get('encoding-type') === 'url' ? key.split('/').map(encodeURIComponent).join('/') : key;
    const found = [...objects].filter(([key]) => key.startsWith(prefix) && key > after).sort();
    const listed = found.slice(0, Math.min(keysPerList, Number(query.get('max-keys') ?? keysPerList)));
    const rows = listed.map(
      ([key, bytes]) =>
        `<Contents><Key>${shown(key)}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"${etag(bytes)}"</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    );
    return xml(
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${prefix}</Prefix><MaxKeys>${keysPerList}</MaxKeys><IsTruncated>${listed.length < found.length}</IsTruncated>${rows.join('')}</ListBucketResult>`,
    );
  }

  function ofObject({ method, headers }: IncomingMessage, key: string, body: Buffer): Answer {
    if (method === 'PUT') {
      if (headers['content-length'] === undefined) return refusal(411, 'MissingContentLength');
      objects.set(key, body);
      return { status: 200, headers: { etag: `"${etag(body)}"` } };
    }
    const bytes = objects.get(key);
    if (!bytes) return refusal(404, 'NoSuchKey');
    if (method === 'DELETE') {
      objects.delete(key);
      return { status: 204 };
    }
    const described = { etag: `"${etag(bytes)}"`, 'last-modified': new Date(0).toUTCString() };
    if (method === 'HEAD') return { status: 200, headers: { ...described, 'content-length': bytes.length } };
    if (method !== 'GET') return refusal(405, 'MethodNotAllowed');
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '');
    if (!range) return { status: 200, headers: described, body: bytes };
    const [start, end] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
    if (start > end) return refusal(416, 'InvalidRange');
    const part = { 'content-range': `bytes ${start}-${end}/${bytes.length}` };
    return { status: 206, headers: { ...described, ...part }, body: bytes.subarray(start, end + 1) };
  }

  const server = createServer(tls, (request, response) => {
    answer(request).then(
      given => send(request, response, given),
      // The line broke before all of the request was there: nothing was stored.
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...credentials,
    ...{ bucket, port, objects, requests, url: `https://127.0.0.1:${port}/${bucket}` },
    overload(on) {
      overloaded = on;
    },
    breakUploads(on) {
      breaking = on;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const etag = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const xml = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});
const refusal = (status: number, code: string) =>
  xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`, status);
