import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Login } from '../../platform/login.ts';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { Id } from '../../protocol/values.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { CaseViews } from '../cases/case-view.ts';
import type { BroughtFile, OriginalDesk } from '../cases/original-desk.ts';

const Params = Type.Object({ id: Id });
interface ById {
  Params: Static<typeof Params>;
}
const byId = { schema: { params: Params } };
/** The frame of a form around its two files. */
const formBytes = 64 * 1024;

/** Digital originals into a case, and back as a file. */
export async function addOriginalRoutes(
  server: FastifyInstance,
  parts: { login: Login; originals: OriginalDesk; views: CaseViews; store: CaseStore; blobs: BlobStore },
): Promise<void> {
  const { login, originals, views, store, blobs } = parts;

  // A scope of its own: no other address takes forms, or as much.
  await server.register(async scope => {
    scope.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'buffer', bodyLimit: limits.pageBytes + limits.signatureBytes + formBytes },
      (_request, body, done) => done(null, body),
    );
    // Before the body is read: a form may be large.
    scope.addHook('onRequest', async request => {
      login.require(request, 'clerk');
    });
    scope.post<ById>('/api/cases/:id/originals', byId, async request => {
      const me = login.require(request, 'clerk');
      await originals.add(me, request.params.id, await fileOf(request.headers['content-type'], request.body));
      return views.get(request.params.id);
    });
  });

  server.get<ById>('/api/documents/:id/original', byId, async (request, reply) => {
    login.require(request, 'clerk');
    const { original_sha256: sha256, original_media_type: type, kind } = store.getDocument(request.params.id);
    if (sha256 === null) throw new AppError('internal.not-found');
    const ending = type === 'application/xml' ? 'xml' : 'pdf';
    // A stranger's file is saved, never opened as a page of ours.
    reply.header('content-disposition', `attachment; filename="${kind}.${ending}"`);
    return reply.type('application/octet-stream').send(await blobs.get(sha256));
  });
}

/** The members of the form: `kind`, `file`, and `signature` where there is one. */
async function fileOf(contentType: string | undefined, body: unknown): Promise<BroughtFile> {
  const headers = { 'content-type': contentType ?? '' };
  const form = await new Response(body as Uint8Array<ArrayBuffer>, { headers })
    .formData()
    .catch(() => new FormData());
  const [kind, file, signature] = ['kind', 'file', 'signature'].map(name => form.get(name));
  if (typeof kind !== 'string' || !(file instanceof File))
    throw new AppError('internal.bad-request', { what: 'form' });
  return {
    kind,
    bytes: new Uint8Array(await file.arrayBuffer()),
    ...(signature instanceof File && { signature: new Uint8Array(await signature.arrayBuffer()) }),
  };
}
