import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Login } from '../../platform/login.ts';
import { Id } from '../../protocol/values.ts';
import type { ReceiptDesk } from '../cases/receipts/receipt-desk.ts';

const Params = Type.Object({ id: Id });
interface ById {
  Params: Static<typeof Params>;
}

/** `POST /api/cases/{id}/receipt` prints what the applicant takes home; `GET` gives the same sheet as PDF. */
export function addReceiptRoutes(
  server: FastifyInstance,
  { login, receipts }: { login: Login; receipts: ReceiptDesk },
): void {
  const schema = { schema: { params: Params } };
  server.post<ById>('/api/cases/:id/receipt', schema, async (request, reply) => {
    await receipts.print(login.require(request, 'clerk'), request.params.id);
    return reply.code(204).send();
  });
  server.get<ById>('/api/cases/:id/receipt', schema, async (request, reply) => {
    const sheet = await receipts.sheet(login.require(request, 'clerk'), request.params.id);
    return reply.type('application/pdf').send(sheet);
  });
}
