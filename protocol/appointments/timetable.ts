import Type, { type Static } from 'typebox';
import { Day, Key } from '../values.ts';

/** Wall time of the branch. */
export const WallTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

export const Hours = Type.Object({ from: WallTime, to: WallTime });

/** Working days of the country: which days are off, and which weekends are worked instead (data of each year). */
export const ProductionCalendar = Type.Object({
  daysOff: Type.Array(Day),
  /** Days that are worked by the hours of another weekday, Monday = 1. */
  movedDays: Type.Array(Type.Object({ day: Day, as: Type.Integer({ minimum: 1, maximum: 7 }) })),
});
export type ProductionCalendar = Static<typeof ProductionCalendar>;

/** When a branch receives people by appointment, and how many at once. */
export const Timetable = Type.Object({
  /** The box of the branch. */
  box: Key,
  /** IANA name of the branch's zone. */
  timeZone: Type.String(),
  slotMinutes: Type.Integer({ minimum: 5, maximum: 120 }),
  /** Hours by weekday, Monday first; breaks are the gaps between them. An empty list is a day off. */
  week: Type.Array(Type.Array(Hours), { minItems: 7, maxItems: 7 }),
  /** Days on which this branch receives nobody. */
  closedDays: Type.Array(Day),
  serviceIds: Type.Union([Type.Array(Key), Type.Literal('all')]),
  /**
   * People who may come to one slot, parted between those who book: neither side ever gives places of the
   * other away, so that no line between them is needed and no slot is booked twice.
   */
  places: Type.Object({
    centre: Type.Integer({ minimum: 0, maximum: 100 }),
    branch: Type.Integer({ minimum: 0, maximum: 100 }),
  }),
  /** How many days ahead somebody may book; today counts as 0. */
  horizonDays: Type.Integer({ minimum: 0, maximum: 90 }),
  /** Who comes earlier is asked to wait, who comes later than `lateMinutes` stands in the common line. */
  earlyMinutes: Type.Integer({ minimum: 0, maximum: 120 }),
  lateMinutes: Type.Integer({ minimum: 0, maximum: 120 }),
});
export type Timetable = Static<typeof Timetable>;
export type Share = keyof Timetable['places'];

/** How many slots a visit of so many minutes takes. */
export const slotsFor = ({ slotMinutes }: Timetable, receptionMinutes: number): number =>
  Math.max(1, Math.ceil(receptionMinutes / slotMinutes));

/** Wall times at which slots of a day begin, in order. A slot that does not end before the break is none. */
export function slotsOf(timetable: Timetable, calendar: ProductionCalendar, day: string): string[] {
  const weekday = workedAs(calendar, day);
  if (weekday === undefined || timetable.closedDays.includes(day)) return [];
  const { slotMinutes } = timetable;
  return (timetable.week[weekday - 1] ?? []).flatMap(({ from, to }) => {
    const [first, end] = [minutesOf(from), minutesOf(to)];
    const count = Math.max(0, Math.floor((end - first) / slotMinutes));
    return Array.from({ length: count }, (_, n) => wallTime(first + n * slotMinutes));
  });
}

/** A visit that is booked: its slots follow each other from `at`. */
export interface Occupied {
  at: string;
  slots: number;
}

/**
 * Slots of a day from which a visit of `slots` slots fits without a break in it, where in none of them more
 * than `places` people would be booked.
 */
export function freeStarts(parts: {
  timetable: Timetable;
  calendar: ProductionCalendar;
  day: string;
  slots: number;
  places: number;
  booked: readonly Occupied[];
}): string[] {
  const { timetable, calendar, day, slots, places, booked } = parts;
  const { slotMinutes } = timetable;
  const all = new Set(slotsOf(timetable, calendar, day));
  const covered = ({ at, slots: count }: Occupied) =>
    Array.from({ length: count }, (_, n) => wallTime(minutesOf(at) + n * slotMinutes));
  const taken = new Map<string, number>();
  for (const slot of booked.flatMap(covered)) taken.set(slot, (taken.get(slot) ?? 0) + 1);
  return [...all].filter(at =>
    covered({ at, slots }).every(slot => all.has(slot) && (taken.get(slot) ?? 0) < places),
  );
}

/** The weekday by whose hours a day is worked, Monday = 1; undefined on a day off. */
export function workedAs({ daysOff, movedDays }: ProductionCalendar, day: string): number | undefined {
  const moved = movedDays.find(each => each.day === day);
  if (moved) return moved.as;
  if (daysOff.includes(day)) return undefined;
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** The day so many days after another. */
export function dayAfter(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function wallTime(minutes: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
