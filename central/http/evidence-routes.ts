import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Login } from '../../platform/login.ts';
import { AppError } from '../../protocol/app-error.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { writeZip } from '../../protocol/package/zip-writer.ts';
import { Sha256 } from '../../protocol/values.ts';
import { rights } from '../access/rights.ts';
import type { EvidenceBook } from '../evidence/evidence-book.ts';
import { pieceName } from '../evidence/piece-name.ts';

const Params = Type.Object({ sha256: Sha256 });

/** What proves a package or a result, and what of it is still awaited; all of it as files for `okno verify`. */
export function addEvidenceRoutes(
  server: FastifyInstance,
  parts: { login: Login; evidence: EvidenceBook; blobs: BlobStore },
): void {
  const { login, evidence, blobs } = parts;
  server.get<{ Params: { sha256: string } }>(
    '/api/evidence/:sha256',
    { schema: { params: Params } },
    async request => {
      login.require(request, ...rights.proofs);
      const { sha256 } = request.params;
      return { held: await evidence.of(sha256), awaited: await evidence.awaitedOf(sha256) };
    },
  );
  server.get<{ Params: { sha256: string } }>(
    '/api/evidence/:sha256/files',
    { schema: { params: Params } },
    async (request, reply) => {
      login.require(request, ...rights.proofs);
      const pieces = await evidence.of(request.params.sha256);
      if (pieces.length === 0) throw new AppError('internal.not-found');
      const entries = [];
      for (const { kind, sha256 } of pieces)
        entries.push({
          name: pieceName({ kind, sha256 }),
          content: sourceOf(await blobs.get(sha256)),
        });
      const zip: Uint8Array[] = [];
      await writeZip(entries, async bytes => void zip.push(Uint8Array.from(bytes)));
      reply.header('content-disposition', 'attachment; filename="evidence.zip"');
      return reply.type('application/zip').send(Buffer.concat(zip));
    },
  );
}
