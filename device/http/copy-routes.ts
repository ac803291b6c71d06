import type { FastifyInstance } from 'fastify';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Login } from '../../platform/login.ts';
import { momentOf } from '../../platform/wall-time.ts';
import { CopiesQuery, type CopiesView, mostCopies } from '../../protocol/api/copies.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';

const dayMs = 86_400_000;
const monthDays = 30;

/** The register of paper copies (LED-3.18): number, date, clerk, sheets and case of each. */
export function addCopyRoutes(
  server: FastifyInstance,
  parts: { login: Login; store: CaseStore; register: RegisterHolder; config: BoxConfig; clock: Clock },
): void {
  const { login, store, register, config, clock } = parts;
  const { timeZone, name: branch } = config.branch;
  const startOf = (day: string) => momentOf(day, '00:00', timeZone);
  /** The day so many days after; half a day more steps over a change of the clocks. */
  const dayAfter = (day: string, days: number) =>
    businessDay(new Date(startOf(day).getTime() + (days + 0.5) * dayMs), timeZone);

  server.get<{ Querystring: CopiesQuery }>(
    '/api/copies',
    { schema: { querystring: CopiesQuery } },
    async (request): Promise<CopiesView> => {
      login.require(request, 'clerk');
      const { to = businessDay(clock.now(), timeZone) } = request.query;
      const { from = dayAfter(to, -monthDays) } = request.query;
      const [begin, end] = [startOf(from), startOf(dayAfter(to, 1))].map(at => at.toISOString());
      const found = store.copyRegister(begin ?? '', end ?? '', mostCopies + 1);
      const { services } = register.get();
      const titleOf = (serviceId: string) =>
        services.find(({ id }) => id === serviceId)?.resultTitle ?? { ru: serviceId, en: serviceId };
      return {
        ...{ branch, timeZone, from, to, isCut: found.length > mostCopies },
        copies: found.slice(0, mostCopies).map(row => ({
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
