import Type, { type Static } from 'typebox';
import { Day, Key } from '../values.ts';
import { WallTime } from './timetable.ts';

/**
 * An appointment as both sides tell it each other: always whole, with a version that grows with every change.
 * It names no person: whoever has the code is the one who comes.
 */
export const Appointment = Type.Object({
  code: Type.String({ pattern: '^\\d{10}$' }),
  serviceId: Key,
  /** Day and wall time of the branch. */
  day: Day,
  at: WallTime,
  /** How many slots of the timetable it takes. */
  slots: Type.Integer({ minimum: 1, maximum: 100 }),
  /** Whose place it takes: only that side may give it. */
  share: Type.Union([Type.Literal('centre'), Type.Literal('branch')]),
  state: Type.Union([Type.Literal('booked'), Type.Literal('cancelled')]),
  version: Type.Integer({ minimum: 1 }),
  /** Which side said it. */
  by: Type.Union([Type.Literal('centre'), Type.Literal('branch')]),
});
export type Appointment = Static<typeof Appointment>;

/** Only the branch says `checked-in`, which is final, and `missed`, which is of the day that it knew. */
export type AppointmentState = Appointment['state'] | 'checked-in' | 'missed';

/**
 * Whether what was told replaces what is known. Of two changes that were made at once on both sides the
 * centre's counts on both sides; who stands at the kiosk has come, whatever was changed elsewhere. Who was
 * missed by a branch that had not heard of the centre's change was not awaited that day.
 */
export function replaces(
  told: Appointment,
  known: { version: number; state: AppointmentState; day: string } | undefined,
): boolean {
  if (!known) return true;
  if (known.state === 'checked-in') return false;
  const isNewer = told.version > known.version;
  const isOther = isNewer || (told.version === known.version && told.day !== known.day);
  if (known.state === 'missed') return told.by === 'centre' && isOther;
  return told.by === 'centre' ? told.version >= known.version : isNewer;
}

/** `early`: asked to come back; `late`: stands in the common line. */
export type Arrival = 'early' | 'in-time' | 'late' | 'other-day';

/** `minutes` from the appointed time to now: negative when the person is early. */
export function judgeArrival(
  minutes: number,
  isToday: boolean,
  { earlyMinutes, lateMinutes }: { earlyMinutes: number; lateMinutes: number },
): Arrival {
  if (!isToday) return 'other-day';
  if (minutes < -earlyMinutes) return 'early';
  return minutes <= lateMinutes ? 'in-time' : 'late';
}
