import type { ActLine, ActView } from '../../protocol/api/archive.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Register } from '../../protocol/register.ts';
import type { Storage } from '../storage/storage.ts';

export interface ActViews {
  /** The newest first. */
  list(): Promise<ActLine[]>;
  /** Throws `internal.not-found`. */
  get(act: number): Promise<ActView>;
}

const shown = 100;

export function createActViews(storage: Storage, register: () => Promise<Register>): ActViews {
  const { query } = storage;
  const all = () =>
    query
      .selectFrom('archive_acts')
      .innerJoin('archive_act_entries', 'archive_act_entries.act', 'archive_acts.number')
      .innerJoin('archive_entries', join =>
        join
          .onRef('archive_entries.case_id', '=', 'archive_act_entries.case_id')
          .onRef('archive_entries.sha256', '=', 'archive_act_entries.sha256'),
      )
      .selectAll('archive_acts')
      .select(({ fn }) => [fn.countAll<number>().as('entries'), fn.sum<number>('size_bytes').as('bytes')])
      .groupBy('archive_acts.number')
      .orderBy('archive_acts.number', 'desc')
      .limit(shown);
  type Row = Awaited<ReturnType<ReturnType<typeof all>['execute']>>[number];

  return {
    list: async () => (await all().execute()).map(line),
    async get(act) {
      const row = await all().where('archive_acts.number', '=', act).executeTakeFirst();
      if (!row) throw new AppError('internal.not-found');
      const listed = await query
        .selectFrom('archive_act_entries')
        .innerJoin('archive_entries', join =>
          join
            .onRef('archive_entries.case_id', '=', 'archive_act_entries.case_id')
            .onRef('archive_entries.sha256', '=', 'archive_act_entries.sha256'),
        )
        .innerJoin('cases', 'cases.id', 'archive_act_entries.case_id')
        .select(['cases.id as caseId', 'cases.number as caseNumber', 'cases.box', 'service_id as serviceId'])
        .select(['kind', 'archive_entries.sha256', 'size_bytes as sizeBytes', 'retention'])
        .select(['archive_entries.handed_out_at as handedOutAt', 'keep_until as keepUntil', 'outcome'])
        .where('archive_act_entries.act', '=', act)
        .orderBy('cases.number')
        .orderBy('kind')
        .execute();
      const { services } = await register();
      const titleOf = (serviceId: string) =>
        services.find(({ id }) => id === serviceId)?.title ?? { ru: serviceId, en: serviceId };
      const list = listed.map(({ serviceId, ...entry }) => ({ ...entry, serviceTitle: titleOf(serviceId) }));
      return { ...line(row), list };
    },
  };

  function line(row: Row): ActLine {
    return {
      number: row.number,
      kind: row.kind,
      state: row.state,
      reason: row.reason,
      prepared: { login: row.prepared_by, name: row.prepared_name, at: row.prepared_at },
      decided:
        row.decided_at === null
          ? null
          : {
              login: row.decided_by ?? '',
              name: row.decided_name ?? '',
              at: row.decided_at,
              reason: row.decision,
            },
      doneAt: row.done_at,
      entries: Number(row.entries),
      sizeBytes: Number(row.bytes),
    };
  }
}
