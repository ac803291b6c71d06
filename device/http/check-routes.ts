import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { CheckView } from '../../protocol/api.ts';
import { Sha256 } from '../../protocol/values.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';

const Params = Type.Object({ sha256: Sha256 });

/** Whether a paper copy in somebody's hands was made here (LED-3.18). Public; says nothing about the applicant. */
export function addCheckRoutes(
  server: FastifyInstance,
  parts: { store: CaseStore; register: RegisterHolder; config: BoxConfig },
): void {
  const { store, register, config } = parts;
  server.get<{ Params: Static<typeof Params> }>(
    '/api/checks/:sha256',
    { schema: { params: Params } },
    async (request): Promise<CheckView> => {
      const row = store.findByResult(request.params.sha256);
      const service = row && register.get().services.find(({ id }) => id === row.service_id);
      const copies = row ? store.copies(row.id) : [];
      return {
        branch: config.branch.name,
        timeZone: config.branch.timeZone,
        copy:
          row && copies.length > 0
            ? {
                caseNumber: row.number,
                title: service?.resultTitle ?? { ru: row.service_id, en: row.service_id },
                copies: copies.map(copy => ({ copyNumber: copy.copy_number, madeAt: copy.made_at })),
              }
            : null,
      };
    },
  );
}
