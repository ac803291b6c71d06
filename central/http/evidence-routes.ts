import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import type { Login } from '../../platform/login.ts';
import { AppError } from '../../protocol/app-error.ts';
import { Sha256 } from '../../protocol/values.ts';
import { rights } from '../access/rights.ts';
import { evidenceArchive } from '../evidence/evidence-archive.ts';
import type { EvidenceViews } from '../evidence/evidence-views.ts';
import { pieceName } from '../evidence/piece-name.ts';

const byContent = { schema: { params: Type.Object({ sha256: Sha256 }) } };
const byPiece = { schema: { params: Type.Object({ sha256: Sha256, piece: Sha256 }) } };
interface ByContent {
  Params: { sha256: string };
}

/** What proves a package or a result and what of it is still awaited, and all of it as files (`protocol/api/evidence.ts`). */
export function addEvidenceRoutes(
  server: FastifyInstance,
  { login, evidence }: { login: Login; evidence: EvidenceViews },
): void {
  server.get<ByContent>('/api/evidence/:sha256', byContent, request => {
    login.require(request, ...rights.archive);
    return evidence.get(request.params.sha256);
  });
  server.get<ByContent>('/api/evidence/:sha256/files', byContent, async (request, reply) => {
    login.require(request, ...rights.archive);
    const { sha256 } = request.params;
    const pieces = await evidence.files(sha256);
    if (pieces.length === 0) throw new AppError('internal.not-found');
    // Beside the file of this name `okno verify` finds it by itself.
    reply.header('content-disposition', `attachment; filename="${sha256}.asice.evidence.zip"`);
    return reply.type('application/zip').send(await evidenceArchive(sha256, pieces));
  });
  server.get<{ Params: { sha256: string; piece: string } }>(
    '/api/evidence/:sha256/files/:piece',
    byPiece,
    async (request, reply) => {
      login.require(request, ...rights.archive);
      const pieces = await evidence.files(request.params.sha256);
      const piece = pieces.find(({ sha256 }) => sha256 === request.params.piece);
      if (!piece) throw new AppError('internal.not-found');
      reply.header('content-disposition', `attachment; filename="${pieceName(piece)}"`);
      return reply.type('application/octet-stream').send(piece.bytes);
    },
  );
}
