import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { createHttpServer } from '../../platform/http.ts';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { Blob, Sha256 } from '../../protocol/values.ts';
import type { ContentDesk } from '../ingress/content-desk.ts';
import { boxAt, type Enrolment } from '../ingress/enrolment.ts';

/** A request that breaks off loses less than this; a multiple of the chunk. */
const flushBytes = 256 * 1024;

const params = Type.Object({ sha256: Sha256 });
const query = Type.Object({
  size: Type.String({ pattern: '^[1-9]\\d{0,14}$' }),
  type: Blob.properties.mediaType,
});
interface Target {
  Params: { sha256: string };
}
interface Named extends Target {
  Querystring: { size: string; type: string };
}

/**
 * Content of boxes over HTTPS with certificates on both sides: `GET …/missing` tells what is not here yet,
 * `PUT` with `Content-Range` brings a range, `GET` with `Range` fetches what the box was told of.
 */
export async function createContentServer(
  parts: Enrolment & {
    desk: ContentDesk;
    tls: { ca: string; cert: string; key: string };
    log: Log;
  },
): Promise<FastifyInstance> {
  const { desk } = parts;
  const server = await createHttpServer(parts.log, {
    https: { ...parts.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  });
  /** Bytes of content by box since the start: a box paces itself by it. */
  const received = new Map<string, number>();
  // As it comes: what of a range has arrived is kept when the line breaks.
  server.addContentTypeParser('application/octet-stream', (_request, body, done) => done(null, body));

  async function* counted(body: AsyncIterable<Buffer>, box: string): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      received.set(box, (received.get(box) ?? 0) + chunk.length);
      yield chunk;
    }
  }

  function boxOf(request: FastifyRequest): string {
    const box = boxAt(request.raw.socket as TLSSocket, parts);
    if (box === undefined) throw new AppError('sync.identity-refused');
    return box;
  }

  /** Asked over and over beside transfers: the time of a round trip tells how full the line is. */
  server.get('/content', async (request, reply) => {
    return reply
      .header('okno-received', received.get(boxOf(request)) ?? 0)
      .code(204)
      .send();
  });

  server.get<Named>(
    '/content/:sha256/missing',
    { schema: { params, querystring: query } },
    async (request, reply) => {
      const missing = await desk.missing(boxOf(request), blobOf(request));
      return reply.send({ missing: missing === 'complete' ? [] : missing });
    },
  );

  server.put<Named & { Body: AsyncIterable<Buffer> }>(
    '/content/:sha256',
    { schema: { params, querystring: query } },
    async (request, reply) => {
      const box = boxOf(request);
      const blob = blobOf(request);
      const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers['content-range'] ?? '');
      if (!range) throw new AppError('internal.bad-request', { what: 'range' });
      const [start, end, total] = range.slice(1).map(Number) as [number, number, number];
      if (total !== blob.sizeBytes || start > end || end >= total || end - start >= limits.contentRangeBytes)
        throw new AppError('sync.bad-range', { start, end, total });
      let state: 'part' | 'complete' = 'part';
      let at = start;
      for await (const bytes of pieces(counted(request.body, box), end - start + 1)) {
        state = await desk.put(box, blob, at, bytes);
        at += bytes.length;
      }
      if (at !== end + 1) throw new AppError('sync.bad-range', { start, end, came: at - start });
      return reply.code(state === 'complete' ? 201 : 202).send({});
    },
  );

  server.get<Target>('/content/:sha256', { schema: { params } }, async (request, reply) => {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (!range) throw new AppError('sync.bad-range', {});
    const [start, end] = range.slice(1).map(Number) as [number, number];
    const { sizeBytes, bytes } = await desk.get(boxOf(request), request.params.sha256, { start, end });
    return reply
      .code(206)
      .header('content-range', `bytes ${start}-${end}/${sizeBytes}`)
      .header('content-length', end - start + 1)
      .type('application/octet-stream')
      .send(bytes);
  });
  return server;
}

const blobOf = ({ params, query: { size, type } }: FastifyRequest<Named>): Blob => ({
  sha256: params.sha256,
  sizeBytes: Number(size),
  mediaType: type,
});

/** A body in pieces that are worth a flush; what is left when it breaks off ends on a chunk. */
async function* pieces(body: AsyncIterable<Buffer>, sizeBytes: number): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let seen = 0;
  const give = (bytes: number) => {
    const all = Buffer.concat(held);
    held = [all.subarray(bytes)];
    heldBytes -= bytes;
    return all.subarray(0, bytes);
  };
  try {
    for await (const chunk of body) {
      seen += chunk.length;
      if (seen > sizeBytes) throw new AppError('sync.bad-range', { sizeBytes });
      held.push(chunk);
      heldBytes += chunk.length;
      while (heldBytes >= flushBytes) yield give(flushBytes);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The line broke; nobody is left to be answered.
    const whole = heldBytes - (heldBytes % limits.contentChunkBytes);
    if (whole > 0) yield give(whole);
    return;
  }
  if (heldBytes > 0) yield give(heldBytes);
}
