import {
  dayAfter,
  freeStarts,
  minutesOf,
  type Occupied,
  type ProductionCalendar,
  slotsFor,
  type Timetable,
} from './timetable.ts';

/** What one side knows of its own places when it offers times. */
export interface Offer {
  timetable: Timetable;
  calendar: ProductionCalendar;
  places: number;
  /** Usual minutes at the window. */
  receptionMinutes: number;
  /** Day and minute of the branch's wall clock. */
  today: string;
  minuteNow: number;
  /** Visits that take places of this side on a day. */
  booked: (day: string) => readonly Occupied[];
}

/** Times from which somebody may still come on a day, on places of this side. */
export function freeOn(offer: Offer, day: string): string[] {
  const { timetable, calendar, places, receptionMinutes, today, minuteNow, booked } = offer;
  const isUnreal = dayAfter(day, 0) !== day;
  if (isUnreal || day < today || day > dayAfter(today, timetable.horizonDays)) return [];
  const slots = slotsFor(timetable, receptionMinutes);
  const free = freeStarts({ timetable, calendar, day, slots, places, booked: booked(day) });
  return day === today ? free.filter(at => minutesOf(at) > minuteNow) : free;
}

/** Every day of the horizon on which there is a time. */
export function freeDays(offer: Offer): { day: string; free: string[] }[] {
  return Array.from({ length: offer.timetable.horizonDays + 1 }, (_, n) => dayAfter(offer.today, n))
    .map(day => ({ day, free: freeOn(offer, day) }))
    .filter(({ free }) => free.length > 0);
}
