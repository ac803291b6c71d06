import type { SelectQueryBuilder } from 'kysely';
import { businessDay, type Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { RegionView } from '../../protocol/api/centre.ts';
import { errorText, isErrorCode } from '../../protocol/errors.ts';
import type { CentreConfig } from '../config.ts';
import { outboxOf } from '../ledger/observations.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';
import type { Storage } from '../storage/storage.ts';
import type { CentreTables } from '../storage/tables.ts';

type BoxView = RegionView['boxes'][number];

/** The region at a glance: what each box said last and what is in trouble. */
export function createRegionView(parts: {
  storage: Storage;
  troubles: Troubles;
  registers: RegisterStore;
  config: CentreConfig;
  clock: Clock;
}): () => Promise<RegionView> {
  const { storage, troubles, registers, config, clock } = parts;
  const { query } = storage;

  async function boxesOn(day: string): Promise<BoxView[]> {
    const links = await query.selectFrom('boxes').selectAll().execute();
    const streams = await query
      .selectFrom('streams')
      .select(({ fn }) => ['box', fn.sum<number>('stored').as('stored'), fn.sum<number>('up_to').as('upTo')])
      .groupBy('box')
      .execute();
    const counts = await query
      .selectFrom('tickets')
      .select(({ fn }) => ['box', 'state', fn.countAll<number>().as('n')])
      .where('day', '=', day)
      .groupBy(['box', 'state'])
      .execute();
    return config.boxes.map(({ box, name }) => {
      const link = links.find(row => row.box === box);
      const { stored = 0, upTo = 0 } = streams.find(row => row.box === box) ?? {};
      const tickets = (state: string) => counts.find(row => row.box === box && row.state === state)?.n ?? 0;
      return {
        box,
        name,
        link: link?.link ?? 'never-seen',
        since: link?.since ?? null,
        waiting: tickets('waiting'),
        serving: tickets('serving') + tickets('called'),
        servedToday: tickets('done'),
        facts: Number(stored),
        missing: Number(stored) - Number(upTo),
        software: link?.software ?? null,
        outbox: link ? outboxView(link) : null,
      };
    });
  }

  async function caseTotals(): Promise<Omit<RegionView['totals'], 'waiting'>> {
    const open = query.selectFrom('cases').where('cases.state', '<>', 'handed-out');
    const relays = query.selectFrom('relays');
    const ready = open
      .innerJoin('relays', 'relays.case_id', 'cases.id')
      .where('relays.state', '=', 'result-ready');
    return {
      openCases: await countOf(open),
      inAgency: await countOf(relays.where('state', '=', 'in-agency')),
      resultsReady: await countOf(ready),
      refused: await countOf(relays.where('trouble_code', 'is not', null)),
    };
  }

  return async () => {
    const now = clock.now();
    const boxes = await boxesOn(businessDay(now, config.timeZone));
    const register = await registers.current();
    return {
      now: now.toISOString(),
      timeZone: config.timeZone,
      region: register.region,
      registerVersion: register.version,
      boxes,
      totals: { waiting: boxes.reduce((sum, box) => sum + box.waiting, 0), ...(await caseTotals()) },
      troubles: (await troubles.newest(50)).map(({ at, code, subject, details }) => ({
        at,
        code,
        subject,
        ru: errorText(code, 'ru', details),
        en: errorText(code, 'en', details),
      })),
    };
  };
}

function outboxView({ sample, sampled_at: at }: { sample: string | null; sampled_at: string | null }) {
  const told = outboxOf(sample);
  if (!told || at === null) return null;
  const { intake, ...counts } = told;
  return { ...counts, intake: intake !== null && isErrorCode(intake) ? apiError(intake) : null, at };
}

async function countOf(rows: Rows): Promise<number> {
  const { n } = await rows.select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  return n;
}

type Rows = SelectQueryBuilder<CentreTables, 'cases' | 'relays', object>;
