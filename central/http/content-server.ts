import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { BlobStore } from '../../platform/blob-store.ts';
import { createHttpServer } from '../../platform/http.ts';
import type { Log } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import type { Blob } from '../../protocol/values.ts';
import type { DownLogs } from '../ledger/down-logs.ts';

interface Target {
  Params: { sha256: string };
}

/**
 * Content of boxes over HTTPS with certificates on both sides: `HEAD` tells how much is here, `PUT` with
 * `Content-Range` adds the next piece, `GET` with `Range` brings what the box was told of.
 */
export async function createContentServer(parts: {
  blobs: BlobStore;
  downLogs: DownLogs;
  isEnrolled: (box: string) => boolean;
  tls: { ca: string; cert: string; key: string };
  log: Log;
  /** The blob is whole; called before the box is answered. */
  onComplete: (blob: Blob) => Promise<void>;
}): Promise<FastifyInstance> {
  const { blobs, downLogs, isEnrolled, onComplete } = parts;
  const server = await createHttpServer(parts.log, {
    bodyLimit: limits.contentRangeBytes,
    https: { ...parts.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
  });
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );

  function boxOf(request: FastifyRequest): string {
    const subject = (request.raw.socket as TLSSocket).getPeerCertificate().subject as
      | { CN?: string }
      | undefined;
    if (!subject?.CN || !isEnrolled(subject.CN)) throw new AppError('sync.identity-refused');
    return subject.CN;
  }

  function mediaTypeOf(request: FastifyRequest): string {
    const value = request.headers['okno-media-type'];
    return typeof value === 'string' && value.length <= 100 ? value : 'application/octet-stream';
  }

  server.head<Target>('/content/:sha256', async (request, reply) => {
    boxOf(request);
    const { sha256 } = request.params;
    const sizeBytes = await blobs.sizeOf(sha256);
    if (sizeBytes === undefined)
      return reply
        .code(404)
        .header('okno-part-size', await blobs.partSize(sha256))
        .send();
    // A power cut may have come between the blob and the row that says it is here.
    await onComplete({ sha256, sizeBytes, mediaType: mediaTypeOf(request) });
    return reply.code(200).header('okno-size', sizeBytes).send();
  });

  server.put<Target & { Body: Buffer }>('/content/:sha256', async (request, reply) => {
    boxOf(request);
    const { sha256 } = request.params;
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(request.headers['content-range'] ?? '');
    if (!range || !Buffer.isBuffer(request.body))
      throw new AppError('internal.bad-request', { what: 'range' });
    const [start, end, total] = range.slice(1).map(Number) as [number, number, number];
    if (request.body.length !== end - start + 1) throw new AppError('sync.bad-range', { start, end });
    // A kill between the last byte and the name leaves a part that can only be begun anew.
    if (start === 0 && (await blobs.partSize(sha256)) >= total) await blobs.dropPart(sha256);
    const state = await blobs.append(sha256, start, total, request.body);
    if (state === 'part') return reply.code(202).send({});
    await onComplete({ sha256, sizeBytes: total, mediaType: mediaTypeOf(request) });
    return reply.code(201).send({});
  });

  server.get<Target>('/content/:sha256', async (request, reply) => {
    const box = boxOf(request);
    const { sha256 } = request.params;
    if (!(await downLogs.mayFetch(box, sha256))) throw new AppError('internal.not-found');
    const sizeBytes = await blobs.sizeOf(sha256);
    if (sizeBytes === undefined) throw new AppError('journal.blob-missing', { sha256 });
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (!range) throw new AppError('sync.bad-range', {});
    const [start, end] = range.slice(1).map(Number) as [number, number];
    if (start > end || end >= sizeBytes || end - start >= limits.contentRangeBytes)
      throw new AppError('sync.bad-range', { start, end });
    return reply
      .code(206)
      .header('content-range', `bytes ${start}-${end}/${sizeBytes}`)
      .type('application/octet-stream')
      .send(blobs.read(sha256, { start, end }));
  });
  return server;
}
