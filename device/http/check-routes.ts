import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Clock } from '../../platform/clock.ts';
import type { CheckView } from '../../protocol/api/cases.ts';
import { Sha256 } from '../../protocol/values.ts';
import type { CaseStore } from '../cases/case-store.ts';
import type { ResultDesk } from '../cases/result-desk.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';

const keptMs = 10 * 60_000;
const Params = Type.Object({ sha256: Sha256 });

/** Whether a paper copy in somebody's hands was made here (LED-3.18). Public; says nothing about the applicant. */
export function addCheckRoutes(
  server: FastifyInstance,
  parts: {
    store: CaseStore;
    register: RegisterHolder;
    config: BoxConfig;
    results: Pick<ResultDesk, 'whyNoCopy'>;
    clock: Clock;
  },
): void {
  const { store, register, config, results, clock } = parts;
  /** Verified a short while ago: the page is public, and a verification is work. */
  const known = new Map<string, { untilMs: number; told: Promise<NonNullable<CheckView['signature']>> }>();

  function signatureOf(sha256: string): Promise<NonNullable<CheckView['signature']>> {
    const nowMs = clock.monotonicMs();
    for (const [key, { untilMs }] of known) if (untilMs <= nowMs) known.delete(key);
    const before = known.get(sha256);
    if (before) return before.told;
    const at = clock.now().toISOString();
    const told = results.whyNoCopy(sha256).then(reasons => ({ at, reasons }));
    known.set(sha256, { untilMs: nowMs + keptMs, told });
    told.catch(() => known.delete(sha256));
    return told;
  }

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
        signature: row && copies.length > 0 ? await signatureOf(request.params.sha256) : null,
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
