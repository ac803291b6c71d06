import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Login } from '../../platform/login.ts';
import { CaseWish, SearchQuery, type SearchView } from '../../protocol/api/cases.ts';
import type { PlacesView } from '../../protocol/api/documents.ts';
import { ArrangementWish, FieldsConfirmed, type ProposalView } from '../../protocol/api/documents.ts';
import { type SigningView, SignWish } from '../../protocol/api/signing.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { readPackage } from '../../protocol/package/asice.ts';
import { packageMediaType } from '../../protocol/package/metadata.ts';
import { Id, Sha256 } from '../../protocol/values.ts';
import { pageImage } from '../capture/page-image.ts';
import { pageAsJpeg, thumbnailOf } from '../capture/page-preview.ts';
import type { ArrangementDesk } from '../cases/arrangement-desk.ts';
import type { CaseDesk } from '../cases/case-desk.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { CaseViews } from '../cases/case-view.ts';
import type { DocumentDesk } from '../cases/document-desk.ts';
import type { DocumentIndex } from '../cases/document-index.ts';
import type { IncomingDesk } from '../cases/incoming-desk.ts';
import type { Proposals } from '../cases/proposals.ts';
import type { Recognitions } from '../cases/recognitions.ts';
import type { ResultDesk } from '../cases/result-desk.ts';

const IdParams = Type.Object({ id: Id });
interface ById {
  Params: Static<typeof IdParams>;
}
const byId = { schema: { params: IdParams } };
const PageParams = Type.Object({ sha256: Sha256 });
const DocumentPageParams = Type.Object({ id: Id, index: Type.String({ pattern: '^[0-9]{1,3}$' }) });
const CopyParams = Type.Object({ id: Id, copyNumber: Type.String({ pattern: '^[1-9][0-9]{0,5}$' }) });
const PlacesQuery = Type.Object({ q: Type.String({ maxLength: 200 }) });

const hitsShown = 20;

/** The clerk's work on cases and documents. */
export function addCaseRoutes(
  server: FastifyInstance,
  parts: {
    login: Login;
    blobs: BlobStore;
    store: CaseStore;
    views: CaseViews;
    cases: CaseDesk;
    arrangements: ArrangementDesk;
    proposals: Proposals;
    documents: DocumentDesk;
    incoming: IncomingDesk;
    results: ResultDesk;
    recognitions: Recognitions;
    index: DocumentIndex;
  },
): void {
  const {
    login,
    blobs,
    store,
    views,
    arrangements,
    proposals,
    cases,
    documents,
    incoming,
    results,
    recognitions,
    index,
  } = parts;

  /** The PDF that is signed. An XML original is none, and no page of ours opens it. */
  function pdfOf(documentId: string): string {
    const { pdf_sha256: pdf, original_media_type: type } = store.getDocument(documentId);
    if (type === 'application/xml') throw new AppError('internal.not-found');
    if (!pdf) throw new AppError('case.not-recognised');
    return pdf;
  }

  server.get('/api/cases', async request => {
    login.require(request, 'clerk');
    return views.list();
  });
  server.get<ById>('/api/cases/:id', byId, async request => {
    login.require(request, 'clerk');
    return views.get(request.params.id);
  });
  server.post<{ Body: Static<typeof CaseWish> }>(
    '/api/cases',
    { schema: { body: CaseWish } },
    async request => views.get(await cases.open(login.require(request, 'clerk'), request.body)),
  );

  server.get<ById>('/api/cases/:id/proposal', byId, async (request): Promise<ProposalView> => {
    login.require(request, 'clerk');
    return proposals.propose(request.params.id);
  });
  server.put<ById & { Body: Static<typeof ArrangementWish> }>(
    '/api/cases/:id/arrangement',
    { schema: { params: IdParams, body: ArrangementWish }, bodyLimit: limits.arrangementBytes },
    async request => {
      const me = login.require(request, 'clerk');
      await arrangements.arrange(me, request.params.id, request.body.documents);
      return views.get(request.params.id);
    },
  );
  server.put<ById & { Body: Static<typeof FieldsConfirmed> }>(
    '/api/documents/:id/fields',
    { schema: { params: IdParams, body: FieldsConfirmed } },
    async request => {
      const me = login.require(request, 'clerk');
      return views.get(await documents.confirmFields(me, request.params.id, request.body.fields));
    },
  );
  server.post<ById>('/api/documents/:id/discard', byId, async request =>
    views.get(await documents.discard(login.require(request, 'clerk'), request.params.id)),
  );
  server.post<ById>('/api/documents/:id/recognise', byId, async request => {
    login.require(request, 'clerk');
    return views.get(await documents.recogniseAgain(request.params.id));
  });
  server.get<ById>('/api/documents/:id/text', byId, async request => {
    login.require(request, 'clerk');
    const { recognition_sha256: recognition } = store.getDocument(request.params.id);
    if (!recognition) throw new AppError('case.not-recognised');
    return { pages: (await recognitions.get(recognition)).pages.map(page => page.text) };
  });
  server.get<ById & { Querystring: Static<typeof PlacesQuery> }>(
    '/api/documents/:id/places',
    { schema: { params: IdParams, querystring: PlacesQuery } },
    async (request): Promise<PlacesView> => {
      login.require(request, 'clerk');
      return { places: await index.places(request.params.id, request.query.q) };
    },
  );
  server.get<ById>('/api/documents/:id/pdf', byId, async (request, reply) => {
    login.require(request, 'clerk');
    const pdf = pdfOf(request.params.id);
    return reply.type('application/pdf').send(await blobs.get(pdf));
  });

  server.get<{ Params: Static<typeof DocumentPageParams> }>(
    '/api/documents/:id/pages/:index',
    { schema: { params: DocumentPageParams } },
    async (request, reply) => {
      login.require(request, 'clerk');
      const pdf = pdfOf(request.params.id);
      reply.header('cache-control', 'private, max-age=3600, immutable');
      return reply
        .type('image/jpeg')
        .send(await pageImage(await blobs.get(pdf), Number(request.params.index)));
    },
  );

  function mediaTypeOf(sha256: string): string {
    const page = store.findPage(sha256) ?? incoming.findPage(sha256);
    if (!page) throw new AppError('internal.not-found');
    return page.media_type;
  }
  const ofPage = { schema: { params: PageParams } };
  server.get<{ Params: Static<typeof PageParams> }>('/api/pages/:sha256', ofPage, async (request, reply) => {
    login.require(request, 'clerk');
    const { sha256 } = request.params;
    const mediaType = mediaTypeOf(sha256);
    const bytes = await blobs.get(sha256);
    reply.header('cache-control', 'private, max-age=3600, immutable');
    if (mediaType === 'image/tiff') return reply.type('image/jpeg').send(await pageAsJpeg(bytes));
    return reply.type(mediaType).send(bytes);
  });
  server.get<{ Params: Static<typeof PageParams> }>(
    '/api/pages/:sha256/thumbnail',
    ofPage,
    async (request, reply) => {
      login.require(request, 'clerk');
      const { sha256 } = request.params;
      mediaTypeOf(sha256);
      const small = await thumbnailOf(await blobs.get(sha256));
      reply.header('cache-control', 'private, max-age=3600, immutable');
      return reply.type('image/jpeg').send(small);
    },
  );

  server.get<{ Querystring: Static<typeof SearchQuery> }>(
    '/api/search',
    { schema: { querystring: SearchQuery } },
    async (request): Promise<SearchView> => {
      login.require(request, 'clerk');
      const { q, ...filter } = request.query;
      const hits = await Promise.all(
        (await index.search(q, filter, hitsShown)).map(async hit => {
          const view = await views.get(hit.caseId);
          const document = view.documents.find(({ documentId }) => documentId === hit.documentId);
          return document && { ...hit, caseNumber: view.number, title: document.title };
        }),
      );
      return { hits: hits.filter(hit => hit !== undefined) };
    },
  );

  server.post<ById & { Body: Static<typeof SignWish> }>(
    '/api/cases/:id/sign',
    { schema: { params: IdParams, body: SignWish } },
    async request => {
      await cases.sign(login.require(request, 'clerk'), request.params.id, request.body.pin ?? null);
      return views.get(request.params.id);
    },
  );
  server.get<ById>('/api/cases/:id/signing', byId, async (request): Promise<SigningView> => {
    login.require(request, 'clerk');
    return cases.signing(request.params.id);
  });
  server.post<ById>('/api/cases/:id/send', byId, async request => {
    await cases.send(login.require(request, 'clerk'), request.params.id);
    return views.get(request.params.id);
  });
  server.post<ById>('/api/cases/:id/paper-copy', byId, async request => {
    await results.makeCopy(login.require(request, 'clerk'), request.params.id);
    return views.get(request.params.id);
  });
  server.post<{ Params: Static<typeof CopyParams> }>(
    '/api/cases/:id/copies/:copyNumber/print',
    { schema: { params: CopyParams } },
    async request => {
      const { id, copyNumber } = request.params;
      await results.printCopy(login.require(request, 'clerk'), id, Number(copyNumber));
      return views.get(id);
    },
  );
  server.get<{ Params: Static<typeof CopyParams> }>(
    '/api/cases/:id/copies/:copyNumber',
    { schema: { params: CopyParams } },
    async (request, reply) => {
      login.require(request, 'clerk');
      const { id, copyNumber } = request.params;
      const copy = store.copies(id).find(row => row.copy_number === Number(copyNumber));
      if (!copy) throw new AppError('internal.not-found');
      return reply.type('application/pdf').send(await blobs.get(copy.pdf_sha256));
    },
  );
  server.post<ById>('/api/cases/:id/hand-out', byId, async request => {
    await results.handOut(login.require(request, 'clerk'), request.params.id);
    return views.get(request.params.id);
  });
  server.get<ById>('/api/cases/:id/result-document', byId, async (request, reply) => {
    login.require(request, 'clerk');
    const { result_sha256: sha256 } = store.getCase(request.params.id);
    if (!sha256) throw new AppError('case.no-result');
    const source = await blobs.open(sha256);
    const first = async () => readPackage(source).documents[0]?.content.bytes();
    const pdf = await first().finally(source.close);
    if (!pdf) throw new AppError('case.no-result');
    return reply.type('application/pdf').send(Buffer.from(pdf));
  });
  for (const what of ['package', 'result'] as const)
    server.get<ById>(`/api/cases/:id/${what}`, byId, async (request, reply) => {
      login.require(request, 'clerk');
      const row = store.getCase(request.params.id);
      const sha256 = what === 'package' ? row.package_sha256 : row.result_sha256;
      const sizeBytes = sha256 ? await blobs.sizeOf(sha256) : undefined;
      if (!sha256 || sizeBytes === undefined) throw new AppError('internal.not-found');
      return reply.type(packageMediaType).header('content-length', sizeBytes).send(blobs.read(sha256));
    });
}
