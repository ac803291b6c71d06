import { sql } from 'kysely';
import { businessDay, type Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type {
  ArchiveCaseLine,
  ArchiveCaseView,
  ArchiveQuery,
  ArchiveView,
} from '../../protocol/api/archive.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Register } from '../../protocol/register.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { Storage } from '../storage/storage.ts';
import { lookEvents } from './looks.ts';

export interface ArchiveViews {
  overview(): Promise<ArchiveView>;
  list(wish: ArchiveQuery): Promise<ArchiveCaseLine[]>;
  /** Throws `internal.not-found`. */
  get(caseId: string): Promise<ArchiveCaseView>;
}

const shown = 200;

/** The archive as people see it: by cases, with figures over all of it. */
export function createArchiveViews(parts: {
  storage: Storage;
  book: CaseBook;
  register: () => Promise<Register>;
  timeZone: string;
  clock: Clock;
}): ArchiveViews {
  const { storage, book, register, timeZone, clock } = parts;
  const { query } = storage;
  const isHeld = sql<number>`exists (select 1 from archive_holds where archive_holds.case_id = archive_entries.case_id and lifted_at is null)`;
  const today = () => businessDay(clock.now(), timeZone);

  const ofCases = () =>
    query
      .selectFrom('archive_entries')
      .innerJoin('cases', 'cases.id', 'archive_entries.case_id')
      .select(['case_id as caseId', 'cases.number', 'cases.box', 'service_id as serviceId'])
      .select(({ fn }) => [
        fn.max('kept_at').as('keptAt'),
        fn.max('archive_entries.handed_out_at').as('handedOutAt'),
        fn.max('retention').as('retention'),
        fn.max('keep_until').as('keepUntil'),
        // By their letters: what is kept still outweighs what was handed over, and that what was destroyed.
        fn.max('archive_entries.state').as('state'),
        fn.max('check_code').as('failed'),
        sql<number>`max(case when ${isHeld} then 1 else 0 end)`.as('held'),
      ])
      .groupBy(['case_id', 'cases.number', 'cases.box', 'service_id'])
      .orderBy('keptAt', 'desc')
      .limit(shown);
  type Row = Awaited<ReturnType<ReturnType<typeof ofCases>['execute']>>[number];

  function filtered({ show = 'all', number = '' }: ArchiveQuery) {
    let rows = ofCases();
    if (number !== '') rows = rows.where(sql`cases.number`, 'like', `%${number.replace(/[%_]/g, '')}%`);
    const kept = rows.where('archive_entries.state', '=', 'kept');
    switch (show) {
      case 'all':
        return rows;
      case 'open':
        return kept.where('archive_entries.handed_out_at', 'is', null);
      case 'due':
        return kept.where('keep_until', '<', today()).where(sql<boolean>`not ${isHeld}`);
      case 'held':
        return rows.where(sql<boolean>`${isHeld}`);
      case 'permanent':
        return rows.where('retention', '=', 'permanent');
      case 'failed':
        return rows.where('check_code', 'is not', null);
      default:
        return rows.where('archive_entries.state', '=', show);
    }
  }

  function line({ serviceId, failed, held, ...row }: Row, { services }: Register): ArchiveCaseLine {
    const title = services.find(({ id }) => id === serviceId)?.title ?? { ru: serviceId, en: serviceId };
    return { ...row, serviceTitle: title, held: Number(held) === 1, failed: failed !== null };
  }

  async function entriesOf(caseId: string): Promise<ArchiveCaseView['entries']> {
    const rows = await query
      .selectFrom('archive_entries')
      .leftJoin('archive_copies', 'archive_copies.sha256', 'archive_entries.sha256')
      .selectAll('archive_entries')
      .select(['copy_sha256', 'copy_bytes', 'pages', 'code'])
      .where('case_id', '=', caseId)
      .orderBy('kept_at')
      .execute();
    return rows.map(row => ({
      sha256: row.sha256,
      kind: row.kind,
      sizeBytes: row.size_bytes,
      keptAt: row.kept_at,
      state: row.state,
      act: row.act,
      checkedAt: row.checked_at,
      error: row.check_code ? apiError(row.check_code, { reason: row.check_note }) : null,
      copy:
        row.copy_sha256 !== null
          ? { state: 'made', sizeBytes: row.copy_bytes ?? 0, pages: row.pages ?? 0 }
          : row.code
            ? { state: 'failed', error: apiError('archive.copy-failed', { reason: row.code }) }
            : { state: 'waiting' },
    }));
  }

  async function holdsOf(caseId: string): Promise<ArchiveCaseView['holds']> {
    const holds = query.selectFrom('archive_holds').selectAll().where('case_id', '=', caseId);
    return (await holds.orderBy('number').execute()).map(row => ({
      number: row.number,
      reason: row.reason,
      placedBy: row.placed_by,
      placedAt: row.placed_at,
      lifted:
        row.lifted_at === null
          ? null
          : { by: row.lifted_by ?? '', at: row.lifted_at, reason: row.lift_reason ?? '' },
    }));
  }

  return {
    async overview() {
      const figures = await query
        .selectFrom('archive_entries')
        .select(({ fn }) => [
          'state',
          fn.countAll<number>().as('n'),
          sql<number>`sum(case when handed_out_at is null then 1 else 0 end)`.as('open'),
          sql<number>`sum(case when keep_until < ${today()} and not ${isHeld} then 1 else 0 end)`.as('due'),
          sql<number>`sum(case when ${isHeld} then 1 else 0 end)`.as('held'),
          sql<number>`sum(case when retention = 'permanent' then 1 else 0 end)`.as('permanent'),
          sql<number>`sum(case when check_code is not null then 1 else 0 end)`.as('failed'),
          fn.count<number>('checked_at').as('checked'),
          fn.min('checked_at').as('oldest'),
        ])
        .groupBy('state')
        .execute();
      const copies = await query
        .selectFrom('archive_copies')
        .select(({ fn }) => [
          fn.count<number>('copy_sha256').as('made'),
          fn.count<number>('code').as('failed'),
        ])
        .executeTakeFirstOrThrow();
      const of = (state: string) => figures.find(row => row.state === state);
      const kept = of('kept');
      const all = figures.filter(({ state }) => state !== 'destroyed');
      const sum = (name: 'checked' | 'failed') => all.reduce((total, row) => total + Number(row[name]), 0);
      return {
        timeZone,
        today: today(),
        kept: Number(kept?.n ?? 0),
        open: Number(kept?.open ?? 0),
        due: Number(kept?.due ?? 0),
        held: Number(kept?.held ?? 0),
        permanent: Number(kept?.permanent ?? 0),
        handedOver: Number(of('handed-over')?.n ?? 0),
        destroyed: Number(of('destroyed')?.n ?? 0),
        scrub: {
          checked: sum('checked'),
          oldest: all.flatMap(({ oldest }) => oldest ?? []).sort()[0] ?? null,
          failed: sum('failed'),
        },
        copies: { made: Number(copies.made), failed: Number(copies.failed) },
      };
    },
    async list(wish) {
      const rows = await filtered(wish).execute();
      const current = await register();
      return rows.map(row => line(row, current));
    },
    async get(caseId) {
      const row = await ofCases().where('case_id', '=', caseId).executeTakeFirst();
      if (!row) throw new AppError('internal.not-found');
      const events = (await book.events(caseId)).map(event => ({ ...event, receipted: true })).reverse();
      const isLook = ({ event }: { event: string }) => lookEvents.includes(event);
      return {
        ...line(row, await register()),
        entries: await entriesOf(caseId),
        holds: await holdsOf(caseId),
        looks: events.filter(isLook),
        history: events.filter(event => event.event.startsWith('archive-') && !isLook(event)),
      };
    },
  };
}
