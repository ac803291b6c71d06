import { businessDay, type Clock } from '../../platform/clock.ts';
import { momentOf } from '../../platform/wall-time.ts';
import { type ProductionCalendar, workedAs } from '../../protocol/appointments/timetable.ts';
import type { OpeningHours } from '../../protocol/opening-hours.ts';
import type { Opening } from '../core/forecast/openings.ts';

/** Today's openings of the windows, in seconds since 1970. */
export interface TodayHours {
  /** Ascending; undefined when nothing is known of the window today. */
  of(window: string): readonly Opening[] | undefined;
}

/** What the branch has told of its hours. They are reckoned once a day: every new number asks. */
export function createTodayHours(parts: {
  hours: readonly OpeningHours[];
  calendar: () => ProductionCalendar | undefined;
  timeZone: string;
  clock: Clock;
}): TodayHours {
  const { hours, calendar, timeZone, clock } = parts;
  let kept:
    | { day: string; calendar: ProductionCalendar | undefined; lines: (readonly Opening[])[] }
    | undefined;

  function linesNow(): (readonly Opening[])[] {
    const [day, working] = [businessDay(clock.now(), timeZone), calendar()];
    if (kept?.day === day && kept.calendar === working) return kept.lines;
    const weekday = workedAs(working ?? { daysOff: [], movedDays: [] }, day);
    const secondsOf = (time: string) => momentOf(day, time, timeZone).getTime() / 1000;
    const lines = hours.map(({ week }) =>
      (weekday === undefined ? [] : (week[weekday - 1] ?? []))
        .map(({ from, to }) => ({ fromSeconds: secondsOf(from), toSeconds: secondsOf(to) }))
        .sort((a, b) => a.fromSeconds - b.fromSeconds),
    );
    kept = { day, calendar: working, lines };
    return lines;
  }

  return {
    of(window) {
      const own = hours.findIndex(({ windows }) => windows?.includes(window));
      const line = own >= 0 ? own : hours.findIndex(({ windows }) => windows === undefined);
      // Whoever works on a day off keeps hours that nobody told us.
      const openings = linesNow()[line];
      return openings && openings.length > 0 ? openings : undefined;
    },
  };
}
