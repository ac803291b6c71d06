import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import { SeparatorWish } from '../../protocol/api/documents.ts';
import { Key } from '../../protocol/values.ts';
import type { SeparatorDesk } from '../cases/separators/separator-desk.ts';

const Params = Type.Object({ id: Key });
interface ById {
  Params: Static<typeof Params>;
}

/** Sheets that part the documents of a pile: printed, or as a file for another printer. */
export function addSeparatorRoutes(
  server: FastifyInstance,
  { login, separators }: { login: Login; separators: SeparatorDesk },
): void {
  server.post<ById & { Body: Static<typeof SeparatorWish> }>(
    '/api/services/:id/separators',
    { schema: { params: Params, body: SeparatorWish } },
    async (request, reply) => {
      login.require(request, 'clerk');
      await separators.print(request.params.id, request.body.kinds);
      return reply.code(204).send();
    },
  );
  server.get<ById>('/api/services/:id/separators', { schema: { params: Params } }, async (request, reply) => {
    login.require(request, 'clerk');
    const { id } = request.params;
    return reply.type('application/pdf').send(await separators.sheets(id, separators.kinds(id)));
  });
}
