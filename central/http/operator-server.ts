import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { limitConnections } from '../../platform/connection-limit.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream, type LiveStream } from '../../platform/live-stream.ts';
import type { Log } from '../../platform/log.ts';
import { addLogin, type User } from '../../platform/login.ts';
import { SearchQuery, type SearchView } from '../../protocol/api/cases.ts';
import type { LedgerView, RegionView } from '../../protocol/api/centre.ts';
import type { AuditProof } from '../../protocol/audit/proof.ts';
import { rights } from '../access/rights.ts';
import type { AppointmentBook } from '../appointments/appointment-book.ts';
import type { ArchiveIndex } from '../archive/archive-index.ts';
import type { ProofWish } from '../audit/prove.ts';
import type { CaseViews } from '../cases/case-views.ts';
import type { EvidenceViews } from '../evidence/evidence-views.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import { addAppointmentRoutes } from './appointment-routes.ts';
import { type ArchiveDesk, addArchiveRoutes } from './archive-routes.ts';
import { addEvidenceRoutes } from './evidence-routes.ts';

const byNumber = { schema: { querystring: Type.Object({ number: Type.String({ maxLength: 100 }) }) } };

interface OperatorParts {
  users: User[];
  uiDir: string;
  clock: Clock;
  log: Log;
  blobs: BlobStore;
  ledger: Ledger;
  cases: CaseViews;
  registers: RegisterStore;
  region: () => Promise<RegionView>;
  archive: Pick<ArchiveIndex, 'search'>;
  archiveDesk: ArchiveDesk;
  timeZone: string;
  prove: (wish: ProofWish) => Promise<AuditProof>;
  evidence: EvidenceViews;
  appointments: AppointmentBook;
}

/** The operators' room: pages and the interface behind them. */
export async function createOperatorServer(
  parts: OperatorParts,
): Promise<{ server: FastifyInstance; live: LiveStream }> {
  const server = await createHttpServer(parts.log);
  limitConnections(server.server, parts.log);
  return { server, live: await addOperatorRoutes(server, parts) };
}

/** All its addresses. */
export async function addOperatorRoutes(server: FastifyInstance, parts: OperatorParts): Promise<LiveStream> {
  const { ledger, cases, registers, region, blobs, archive, prove } = parts;
  const login = addLogin(server, parts.users, parts.clock);
  const live = addLiveStream(server);
  await server.register(fastifyStatic, { root: parts.uiDir, index: false });

  addAppointmentRoutes(server, { book: parts.appointments, login, clock: parts.clock });
  server.get('/', (_request, reply) => reply.redirect('/operator'));
  server.get('/operator', (_request, reply) => reply.sendFile('operator.html'));

  server.get('/archive', (_request, reply) => reply.sendFile('archive.html'));

  server.get('/api/region', async request => {
    login.require(request, ...rights.region);
    return region();
  });
  server.get('/api/register', async request => {
    login.require(request, ...rights.cases);
    return registers.current();
  });
  server.get('/api/cases', async request => {
    login.require(request, ...rights.cases);
    return cases.list(200);
  });
  server.get<{ Params: { id: string } }>('/api/cases/:id', async request => {
    login.require(request, ...rights.cases);
    return cases.get(request.params.id);
  });
  server.get<{ Querystring: Static<typeof SearchQuery> }>(
    '/api/search',
    { schema: { querystring: SearchQuery } },
    async (request): Promise<SearchView> => {
      login.require(request, ...rights.archive);
      const { q, ...filter } = request.query;
      return archive.search(q, filter);
    },
  );
  addArchiveRoutes(server, {
    ...{ login, blobs, desk: parts.archiveDesk, register: registers.current, timeZone: parts.timeZone },
    changed: () => live.changed('cases'),
  });
  server.get<{ Querystring: { number: string } }>('/api/audit/proof', byNumber, async (request, reply) => {
    login.require(request, ...rights.proofs);
    reply.header('content-disposition', 'attachment; filename="okno-proof.json"');
    return await prove({ cases: [request.query.number] });
  });
  server.get<{ Params: { box: string } }>('/api/ledger/:box', async (request): Promise<LedgerView> => {
    login.require(request, ...rights.proofs);
    const { box } = request.params;
    const epochs = [];
    for (const { epoch, upTo } of await ledger.journals(box))
      epochs.push({ epoch, upTo, facts: await ledger.facts(box, epoch) });
    return { box, epochs };
  });
  addEvidenceRoutes(server, { login, evidence: parts.evidence });
  return live;
}
