import type { DatabaseSync } from 'node:sqlite';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { RegionView } from '../../protocol/api.ts';
import { errorText } from '../../protocol/errors.ts';
import type { CentreConfig } from '../config.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { RegisterStore } from '../registry/register-store.ts';

/** The region at a glance: what each box said last and what is in trouble. */
export function createRegionView(parts: {
  db: DatabaseSync;
  ledger: Ledger;
  troubles: Troubles;
  registers: RegisterStore;
  config: CentreConfig;
  clock: Clock;
}): () => RegionView {
  const { db, ledger, troubles, registers, config, clock } = parts;
  const boxRow = db.prepare('select link, since, software from boxes where box = ?');
  const count = db.prepare('select count(*) as n from tickets where box = ? and day = ? and state = ?');
  const totals = db.prepare(`select
    (select count(*) from cases where state <> 'handed-out') as openCases,
    (select count(*) from relays where state = 'in-agency') as inAgency,
    (select count(*) from relays join cases on cases.id = case_id where relays.state = 'result-ready' and cases.state <> 'handed-out') as resultsReady,
    (select count(*) from relays where trouble_code is not null) as refused`);

  return () => {
    const now = clock.now();
    const day = businessDay(now, config.timeZone);
    const boxes = config.boxes.map(({ box, name }) => {
      const row = boxRow.get(box) as
        | { link: string; since: string | null; software: string | null }
        | undefined;
      const journals = ledger.journals(box);
      const tickets = (state: string) => (count.get(box, day, state) as { n: number }).n;
      return {
        box,
        name,
        link: (row?.link ?? 'never-seen') as RegionView['boxes'][number]['link'],
        since: row?.since ?? null,
        waiting: tickets('waiting'),
        serving: tickets('serving') + tickets('called'),
        servedToday: tickets('done'),
        facts: journals.reduce((sum, journal) => sum + journal.stored, 0),
        missing: journals.reduce((sum, journal) => sum + journal.stored - journal.upTo, 0),
        software: row?.software ?? null,
      };
    });
    return {
      now: now.toISOString(),
      timeZone: config.timeZone,
      region: registers.current().region,
      registerVersion: registers.current().version,
      boxes,
      totals: {
        waiting: boxes.reduce((sum, box) => sum + box.waiting, 0),
        ...(totals.get() as Omit<RegionView['totals'], 'waiting'>),
      },
      troubles: troubles.newest(50).map(({ at, code, subject, details }) => ({
        at,
        code,
        subject,
        ru: errorText(code, 'ru', details),
        en: errorText(code, 'en', details),
      })),
    };
  };
}
