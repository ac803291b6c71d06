import type { FastifyInstance } from 'fastify';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Login } from '../../platform/login.ts';
import { CopiesQuery, type CopiesView } from '../../protocol/api/copies.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';

/** The register of paper copies (LED-3.18): number, date, clerk, sheets and case of each. */
export function addCopyRoutes(
  server: FastifyInstance,
  parts: { login: Login; store: CaseStore; register: RegisterHolder; config: BoxConfig; clock: Clock },
): void {
  const { login, store, register, config, clock } = parts;
  const { timeZone, name: branch } = config.branch;
  const dayOf = (at: string) => businessDay(new Date(at), timeZone);

  server.get<{ Querystring: CopiesQuery }>(
    '/api/copies',
    { schema: { querystring: CopiesQuery } },
    async (request): Promise<CopiesView> => {
      login.require(request, 'clerk');
      const { from = '', to = '9999-12-31' } = request.query;
      const { services } = register.get();
      const titleOf = (serviceId: string) =>
        services.find(({ id }) => id === serviceId)?.resultTitle ?? { ru: serviceId, en: serviceId };
      return {
        ...{ branch, timeZone, today: businessDay(clock.now(), timeZone) },
        copies: store
          .copyRegister()
          .filter(({ made_at }) => from <= dayOf(made_at) && dayOf(made_at) <= to)
          .map(row => ({
            caseId: row.case_id,
            caseNumber: row.number,
            title: titleOf(row.service_id),
            copyNumber: row.copy_number,
            madeAt: row.made_at,
            clerk: config.users.find(user => user.login === row.clerk)?.name ?? row.clerk,
            pages: row.pages,
            printedOn: row.printed_on,
            result: row.result_sha256,
          })),
      };
    },
  );
}
