import type { DatabaseSync } from 'node:sqlite';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { ForecastScore, ForecastView } from '../../protocol/api/forecast.ts';
import type { Wait } from '../../protocol/api/wait.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { ToldWaitRow } from '../journal/projections/told-waits.ts';
import type { Watched } from '../peripherals/health.ts';

export interface ForecastReport {
  view(): ForecastView;
  /** An alarm when what is told comes true too seldom. */
  watched: Watched;
}

const shownDays = 14;
/** Shares that are aimed at, and below which the forecast drifts once so many waits of the day have ended. */
const aim = { from: 0.75, to: 0.85 };
const driftsBelow = 0.7;
const enoughTold = 30;

/** How the told waits of the last days held. */
export function createForecastReport(parts: {
  db: DatabaseSync;
  clock: Clock;
  config: BoxConfig;
  now: () => { waiting: number; wait: Wait; windows: number };
}): ForecastReport {
  const { db, clock, config } = parts;
  const { timeZone } = config.branch;
  const since = db.prepare('select * from told_waits where day > ? order by day desc');
  const ofDay = db.prepare('select * from told_waits where day = ?');
  const hourOf = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  const today = () => businessDay(clock.now(), timeZone);

  function drifts(): boolean {
    const { told, inside } = scoreOf(ofDay.all(today()) as unknown as ToldWaitRow[]);
    return told >= enoughTold && inside < driftsBelow;
  }

  return {
    view() {
      const first = new Date(clock.now().getTime() - shownDays * 86_400_000);
      const rows = since.all(businessDay(first, timeZone)) as unknown as ToldWaitRow[];
      const days = Map.groupBy(rows, ({ day }) => day);
      const hours = Map.groupBy(rows, ({ issued_at }) => Number(hourOf.format(new Date(issued_at))));
      const { waiting: ahead, wait, windows } = parts.now();
      return {
        today: today(),
        days: [...days].map(([day, of]) => ({ day, ...scoreOf(of) })),
        hours: [...hours].sort(([a], [b]) => a - b).map(([hour, of]) => ({ hour, ...scoreOf(of) })),
        aim,
        drifts: drifts(),
        now: { ahead, windows, wait },
      };
    },
    watched: {
      id: 'forecast',
      kind: 'forecast',
      title: { ru: 'Прогноз ожидания', en: 'Wait forecast' },
      check: async () => (drifts() ? 'queue.forecast-drifts' : null),
      everyMs: 60_000,
    },
  };
}

function scoreOf(rows: readonly ToldWaitRow[]): ForecastScore {
  const sum = { inside: 0, later: 0, withinP80: 0, error: 0, wait: 0 };
  for (const { from_s: from, to_s: to, usual_s: usual, late_s: late, waited_s } of rows) {
    const waited = waited_s ?? 0;
    if (waited > to) sum.later++;
    else if (waited >= from) sum.inside++;
    if (waited <= late) sum.withinP80++;
    sum.error += Math.abs(waited - usual);
    sum.wait += waited;
  }
  const told = rows.length;
  const each = Math.max(1, told);
  return {
    told,
    inside: sum.inside / each,
    later: sum.later / each,
    withinP80: sum.withinP80 / each,
    meanErrorMinutes: sum.error / each / 60,
    meanWaitMinutes: sum.wait / each / 60,
  };
}
