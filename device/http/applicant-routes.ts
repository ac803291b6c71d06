import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import { ApplicantSignWish, type ApplicantTokenView } from '../../protocol/api/applicant.ts';
import type { CaseView } from '../../protocol/api/cases.ts';
import { limits } from '../../protocol/limits.ts';
import { Id } from '../../protocol/values.ts';
import type { ApplicantDesk } from '../cases/applicant-desk.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { CaseViews } from '../cases/case-view.ts';

const Params = Type.Object({ id: Id });
interface ById {
  Params: Static<typeof Params>;
}

/** The applicant's own signature (`protocol/api/applicant.ts`). */
export async function addApplicantRoutes(
  server: FastifyInstance,
  parts: { login: Login; applicants: ApplicantDesk; views: CaseViews; store: CaseStore },
): Promise<void> {
  const { login, applicants, views, store } = parts;
  server.get('/api/applicant-token', async (request): Promise<ApplicantTokenView> => {
    login.require(request, 'clerk');
    return { isSetUp: applicants.hasToken };
  });
  server.post<ById & { Body: ApplicantSignWish }>(
    '/api/cases/:id/applicant-sign',
    { schema: { params: Params, body: ApplicantSignWish } },
    async (request): Promise<CaseView> => {
      await applicants.sign(login.require(request, 'clerk'), request.params.id, request.body.pin);
      return views.get(request.params.id);
    },
  );
  // A scope of its own: no other address takes bytes of this type.
  await server.register(async scope => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: 2 * limits.signatureBytes },
      (_request, body, done) => done(null, body),
    );
    scope.post<ById & { Body: Uint8Array }>(
      '/api/documents/:id/applicant-signature',
      { schema: { params: Params } },
      async (request): Promise<CaseView> => {
        const me = login.require(request, 'clerk');
        await applicants.take(me, request.params.id, request.body);
        return views.get(store.getDocument(request.params.id).case_id);
      },
    );
  });
}
