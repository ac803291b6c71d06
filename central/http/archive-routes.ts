import type { FastifyInstance, FastifyReply } from 'fastify';
import Type, { type Static } from 'typebox';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Login } from '../../platform/login.ts';
import { ActWish, ArchiveQuery, LookParams, LookQuery, Reason } from '../../protocol/api/archive.ts';
import type { Register } from '../../protocol/register.ts';
import { Id } from '../../protocol/values.ts';
import { rights } from '../access/rights.ts';
import { actAsXml } from '../archive/act-list.ts';
import type { ActViews } from '../archive/act-views.ts';
import type { Acts } from '../archive/acts.ts';
import type { ArchiveViews } from '../archive/archive-views.ts';
import type { Holds } from '../archive/holds.ts';
import type { openLooks } from '../archive/looks.ts';
import type { ExportPackage } from '../evidence/export-package.ts';

/** What the pages of the archive need of it. */
export interface ArchiveDesk {
  views: ArchiveViews;
  actViews: ActViews;
  acts: Acts;
  holds: Holds;
  look: ReturnType<typeof openLooks>;
  exportPackage: ExportPackage;
  /** An act was approved. */
  kick(): void;
}

const ActNumber = Type.Object({ number: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) });
interface ByNumber {
  Params: Static<typeof ActNumber>;
}
const byNumber = { schema: { params: ActNumber } };
const byCase = { schema: { params: Type.Object({ caseId: Id }) } };
interface ByCase {
  Params: { caseId: string };
}

/** The archive's addresses (`protocol/api/archive.ts`). */
export function addArchiveRoutes(
  server: FastifyInstance,
  parts: {
    login: Login;
    desk: ArchiveDesk;
    blobs: BlobStore;
    register: () => Promise<Register>;
    timeZone: string;
    /** Pages show cases anew. */
    changed: () => void;
  },
): void {
  const { login, desk, blobs, register, timeZone, changed } = parts;
  const { views, actViews, acts, holds } = desk;

  async function give(reply: FastifyReply, sha256: string, file: ShownFile) {
    const source = await blobs.open(sha256);
    reply.header('content-length', source.sizeBytes);
    source.close();
    return headed(reply, file).send(blobs.read(sha256));
  }

  server.get('/api/archive', request => {
    login.require(request, ...rights.archive);
    return views.overview();
  });
  server.get<{ Querystring: ArchiveQuery }>(
    '/api/archive/cases',
    { schema: { querystring: ArchiveQuery } },
    request => {
      login.require(request, ...rights.archive);
      return views.list(request.query);
    },
  );
  server.get<ByCase>('/api/archive/cases/:caseId', byCase, request => {
    login.require(request, ...rights.archive);
    return views.get(request.params.caseId);
  });
  server.get<{ Params: Static<typeof LookParams>; Querystring: Static<typeof LookQuery> }>(
    '/api/archive/cases/:caseId/:sha256/:what',
    { schema: { params: LookParams, querystring: LookQuery } },
    async (request, reply) => {
      const me = login.require(request, ...rights.archive);
      const given = await desk.look(me, { ...request.params, why: request.query.why });
      changed();
      const { sha256, what } = request.params;
      // The whole digest: records of evidence name the original so (ADR 48).
      const name = `${sha256}${{ original: '', readable: '.pdf', 'with-evidence': '.lta' }[what]}`;
      if (what === 'readable') return await give(reply, given.sha256, ['inline', name, 'application/pdf']);
      const file = ['attachment', `${name}.asice`, 'application/vnd.etsi.asic-e+zip'] as const;
      if (what === 'original') return await give(reply, given.sha256, file);
      const stream = await desk.exportPackage(sha256, given.kind);
      return headed(reply, file).send(stream);
    },
  );

  server.post<ByCase & { Body: Static<typeof Reason> }>(
    '/api/archive/cases/:caseId/holds',
    { schema: { ...byCase.schema, body: Reason } },
    async request => {
      const me = login.require(request, ...rights.keepArchive);
      await holds.place(me, request.params.caseId, request.body.reason);
      changed();
      return await views.get(request.params.caseId);
    },
  );
  server.post<ByNumber & { Body: Static<typeof Reason> }>(
    '/api/archive/holds/:number/lift',
    { schema: { params: ActNumber, body: Reason } },
    async request => {
      const me = login.require(request, ...rights.keepArchive);
      await holds.lift(me, Number(request.params.number), request.body.reason);
      changed();
      return {};
    },
  );

  server.get('/api/archive/acts', request => {
    login.require(request, ...rights.archive);
    return actViews.list();
  });
  server.get<ByNumber>('/api/archive/acts/:number', byNumber, request => {
    login.require(request, ...rights.archive);
    return actViews.get(Number(request.params.number));
  });
  server.post<{ Body: Static<typeof ActWish> }>(
    '/api/archive/acts',
    { schema: { body: ActWish } },
    async request => {
      const me = login.require(request, ...rights.keepArchive);
      const act = await acts.prepare(me, request.body.kind, request.body.reason);
      changed();
      return await actViews.get(act);
    },
  );
  server.post<ByNumber>('/api/archive/acts/:number/approve', byNumber, async request => {
    const me = login.require(request, ...rights.keepArchive);
    const act = Number(request.params.number);
    await acts.approve(me, act);
    desk.kick();
    changed();
    return await actViews.get(act);
  });
  server.post<ByNumber & { Body: Static<typeof Reason> }>(
    '/api/archive/acts/:number/reject',
    { schema: { params: ActNumber, body: Reason } },
    async request => {
      const me = login.require(request, ...rights.keepArchive);
      const act = Number(request.params.number);
      await acts.reject(me, act, request.body.reason);
      changed();
      return await actViews.get(act);
    },
  );
  server.get<ByNumber>('/api/archive/acts/:number/list.xml', byNumber, async (request, reply) => {
    login.require(request, ...rights.archive);
    const act = await actViews.get(Number(request.params.number));
    reply.header('content-disposition', `attachment; filename="act-${act.number}.xml"`);
    return reply.type('application/xml').send(actAsXml(act, (await register()).region.ru));
  });
  server.get<ByNumber>('/api/archive/acts/:number/list.pdf', byNumber, async (request, reply) => {
    login.require(request, ...rights.archive);
    const act = await actViews.get(Number(request.params.number));
    // With it comes a PDF library that few requests need.
    const { actAsPdf } = await import('../archive/act-sheets.ts');
    const pdf = await actAsPdf(act, (await register()).region.ru, timeZone);
    reply.header('content-disposition', `inline; filename="act-${act.number}.pdf"`);
    return reply.type('application/pdf').send(pdf);
  });
}

type ShownFile = readonly [show: 'inline' | 'attachment', name: string, type: string];

function headed(reply: FastifyReply, [show, name, type]: ShownFile): FastifyReply {
  return reply.header('content-disposition', `${show}; filename="${name}"`).type(type);
}
