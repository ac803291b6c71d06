import Type, { type Static } from 'typebox';
import type { AppointmentState, Arrival } from '../appointments/appointment.ts';
import { WallTime } from '../appointments/timetable.ts';
import { Day, Id, Key, type Text } from '../values.ts';
import type { ApiError } from './common.ts';
import type { TicketView } from './tickets.ts';

/*
 * Appointments, the same on the pages of a box and on those of the centre; there paths begin with
 * `/api/public/branches/{box}`. Days and times are those of the branch's wall clock.
 */

/** `GET …/appointments/slots?serviceId=` */
export const SlotsQuery = Type.Object({ serviceId: Key });
export interface SlotsView {
  timeZone: string;
  /** Days on which somebody may come, soonest first, with the times that are free. */
  days: { day: string; free: string[] }[];
}

/** `POST …/appointments`; a repeated request gets the same appointment. */
export const AppointmentWish = Type.Object({ requestId: Id, serviceId: Key, day: Day, at: WallTime });
export type AppointmentWish = Static<typeof AppointmentWish>;

/** `POST …/appointments/{code}/move` */
export const MoveWish = Type.Object({ day: Day, at: WallTime });
export type MoveWish = Static<typeof MoveWish>;

/** `GET …/appointments/{code}`; `POST …/appointments/{code}/cancel` */
export interface AppointmentView {
  appointmentId: string;
  code: string;
  serviceId: string;
  serviceTitle: Text;
  day: string;
  at: string;
  state: AppointmentState;
  branch: { box: string; name: Text; address: Text | null };
}

/** `POST …/appointments/{code}/check-in` on a box: the ticket, or why it is not given yet. */
export type CheckInView =
  | { arrival: Extract<Arrival, 'in-time' | 'late'>; appointment: AppointmentView; ticket: TicketView }
  | { arrival: Extract<Arrival, 'early' | 'other-day'>; appointment: AppointmentView; comeBackAt: string };

/**
 * `POST /api/appointments/{code}/print` on a box: the paper with the code, once for each time that is booked. After
 * `failed` it may be asked for again; after `doubtful` somebody may hold it.
 */
export type AppointmentSlipView = { state: 'printed' | 'doubtful' } | { state: 'failed'; error: ApiError };

/** `GET /api/appointments?day=` on a box, for clerks: in the order of their times. */
export interface AppointmentsView {
  day: string;
  appointments: (AppointmentView & { ticketNumber: string | null })[];
}

/** `GET /api/public/branches` of the centre */
export interface PublicBranchView {
  box: string;
  name: Text;
  timeZone: string;
  services: { id: string; title: Text; keywords: string[]; receptionMinutes: number }[];
}
