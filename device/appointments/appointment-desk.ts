import type { DatabaseSync } from 'node:sqlite';
import { businessDay, type Clock } from '../../platform/clock.ts';
import { momentOf, wallMinute } from '../../platform/wall-time.ts';
import type {
  AppointmentSlipView,
  AppointmentsView,
  AppointmentView,
  AppointmentWish,
  CheckInView,
  MoveWish,
  SlotsView,
} from '../../protocol/api/appointments.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type Appointment, judgeArrival, replaces } from '../../protocol/appointments/appointment.ts';
import { newAppointmentCode, readAppointmentCode } from '../../protocol/appointments/code.ts';
import { freeDays, freeOn, type Offer } from '../../protocol/appointments/free-days.ts';
import { type Occupied, slotsFor, type Timetable } from '../../protocol/appointments/timetable.ts';
import type { NewFact } from '../../protocol/facts.ts';
import type { DownBody } from '../../protocol/messages.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { Journal } from '../journal/journal.ts';
import type { AppointmentRow } from '../journal/projections/appointments.ts';
import type { AppointmentPaper } from './appointment-paper.ts';
import { appointmentSlip } from './appointment-slip.ts';

export interface AppointmentDesk {
  /** Whether the register has a timetable of this branch. */
  areOffered(): boolean;
  /** Times on the branch's own places. Throws `appointment.none-here`, `queue.unknown-service`. */
  slots(serviceId: string): SlotsView;
  /** A repeated request gets the same appointment. Throws `appointment.slot-taken`. */
  book(wish: AppointmentWish): Promise<AppointmentView>;
  /** Throws `appointment.unknown-code`, as all that take a code. */
  find(code: string): AppointmentView;
  move(code: string, wish: MoveWish): Promise<AppointmentView>;
  cancel(code: string): Promise<AppointmentView>;
  /** The paper with the code. Throws `appointment.over` when there is nothing to come for. */
  print(code: string): Promise<AppointmentSlipView>;
  /** The person has come. A repeated request gets the same ticket. */
  checkIn(code: string): Promise<CheckInView>;
  onDay(day?: string): AppointmentsView;
  /** Who is still awaited today: the forecast counts with them. */
  awaited(): { serviceId: string; at: Date }[];
  /** What the centre said; facts to write with the watermark of the downlink. */
  told(body: DownBody<'appointment.put'>): NewFact[];
  /** Who did not come on an earlier day; also done with each booking and arrival. */
  closeEarlierDays(): Promise<void>;
}

/**
 * Appointments on the box. It gives only the branch's own places and honours those that the centre gave,
 * so it books, moves and lets people in without the centre. Each decision reads and writes without a pause.
 */
export function createAppointmentDesk(parts: {
  db: DatabaseSync;
  journal: Journal;
  register: RegisterHolder;
  config: BoxConfig;
  clock: Clock;
  /** Gives the ticket of somebody who has come; a repeated id gets the same ticket. */
  issue: (wish: { requestId: string; serviceId: string; isInTime: boolean }) => Promise<TicketView>;
  ticketNumber: (ticketId: string) => string | null;
  paper: AppointmentPaper;
}): AppointmentDesk {
  const { db, journal, register, config, clock } = parts;
  const { timeZone } = config.branch;
  const byId = db.prepare('select * from appointments where id = ?');
  const byCode = db.prepare('select * from appointments where code = ? order by day desc limit 1');
  const ofDay = db.prepare(
    `select * from appointments where day = ? and state <> 'cancelled' order by at, code`,
  );
  const ownOfDay = db.prepare(
    `select id, at, slots from appointments where day = ? and share = 'branch' and state in ('booked', 'checked-in')`,
  );
  const unmet = db.prepare(`select id, day from appointments where state = 'booked' and day < ?`);
  const rows = (found: unknown) => found as AppointmentRow[];
  const today = () => businessDay(clock.now(), timeZone);

  const findTimetable = () => register.get().appointments?.timetables.find(({ box }) => box === config.box);

  function timetableFor(serviceId: string): Timetable {
    const timetable = findTimetable();
    if (!timetable || (timetable.serviceIds !== 'all' && !timetable.serviceIds.includes(serviceId)))
      throw new AppError('appointment.none-here', { serviceId });
    return timetable;
  }

  /** `apartFrom` is the appointment that is moved: its own place is free for itself. */
  function offerOf(serviceId: string, apartFrom?: string): Offer {
    const { receptionMinutes } = register.getService(serviceId);
    const timetable = timetableFor(serviceId);
    return {
      timetable,
      calendar: register.get().appointments?.calendar ?? { daysOff: [], movedDays: [] },
      places: timetable.places.branch,
      receptionMinutes,
      today: today(),
      minuteNow: wallMinute(clock.now(), timeZone),
      booked: day =>
        (ownOfDay.all(day) as unknown as (Occupied & { id: string })[]).filter(({ id }) => id !== apartFrom),
    };
  }

  function rowOf(typed: string): AppointmentRow {
    const code = readAppointmentCode(typed);
    const row = code && (byCode.get(code) as AppointmentRow | undefined);
    if (!row) throw new AppError('appointment.unknown-code');
    return row;
  }

  function view(row: AppointmentRow): AppointmentView {
    // The register may have lost the service since: who booked it must see and cancel it all the same.
    const service = register.get().services.find(({ id }) => id === row.service_id);
    const { name, address } = config.branch;
    return {
      appointmentId: row.id,
      code: row.code,
      serviceId: row.service_id,
      serviceTitle: service?.title ?? { ru: row.service_id, en: row.service_id },
      day: row.day,
      at: row.at,
      state: row.state,
      branch: { box: config.box, name, address },
    };
  }

  const viewNow = (id: string) => view(byId.get(id) as unknown as AppointmentRow);

  async function put(id: string, appointment: Omit<Appointment, 'by'>): Promise<AppointmentView> {
    const body = { ...appointment, by: 'branch' as const };
    await journal.commit([{ type: 'appointment.put', subject: id, body }]);
    return viewNow(id);
  }

  function changeable(code: string): AppointmentRow {
    const row = rowOf(code);
    if (row.state !== 'booked' || row.day < today()) throw new AppError('appointment.over');
    return row;
  }

  const asTold = ({ code, service_id: serviceId, day, at, slots, share, version }: AppointmentRow) => ({
    ...{ code, serviceId, day, at, slots, share },
    version: version + 1,
  });

  async function closeEarlierDays(): Promise<void> {
    const left = unmet.all(today()) as { id: string; day: string }[];
    if (left.length > 0)
      await journal.commit(
        left.map(({ id, day }) => ({ type: 'appointment.missed', subject: id, body: { day } })),
      );
  }

  return {
    areOffered: () => findTimetable() !== undefined,
    slots(serviceId) {
      return { timeZone, days: freeDays(offerOf(serviceId)) };
    },
    async book({ requestId, serviceId, day, at }) {
      await closeEarlierDays();
      // From here on without a pause: the same press may have been sent twice.
      const known = byId.get(requestId) as AppointmentRow | undefined;
      if (known) return view(known);
      const offer = offerOf(serviceId);
      if (!freeOn(offer, day).includes(at)) throw new AppError('appointment.slot-taken', { at });
      let code = newAppointmentCode();
      while (byCode.get(code)) code = newAppointmentCode();
      const slots = slotsFor(offer.timetable, offer.receptionMinutes);
      const body = { code, serviceId, day, at, slots, share: 'branch', state: 'booked', version: 1 } as const;
      return await put(requestId, body);
    },
    find: code => view(rowOf(code)),
    async move(code, { day, at }) {
      const row = changeable(code);
      if (row.day === day && row.at === at) return view(row);
      const offer = offerOf(row.service_id, row.id);
      if (!freeOn(offer, day).includes(at)) throw new AppError('appointment.slot-taken', { at });
      const slots = slotsFor(offer.timetable, offer.receptionMinutes);
      return await put(row.id, { ...asTold(row), day, at, slots, share: 'branch', state: 'booked' });
    },
    async cancel(code) {
      const row = rowOf(code);
      if (row.state === 'cancelled') return view(row);
      return await put(row.id, { ...asTold(changeable(code)), state: 'cancelled' });
    },
    async print(code) {
      const row = changeable(code);
      const service = register.getService(row.service_id);
      const timetable = timetableFor(row.service_id);
      return await parts.paper.print(row, () =>
        appointmentSlip(row, { branch: config.branch, service, timetable }),
      );
    },
    async checkIn(code) {
      await closeEarlierDays();
      const row = rowOf(code);
      const timetable = timetableFor(row.service_id);
      const due = momentOf(row.day, row.at, timeZone);
      const minutes = (clock.now().getTime() - due.getTime()) / 60_000;
      const arrival = judgeArrival(minutes, row.day === today(), timetable);
      if (row.state === 'cancelled' || row.state === 'missed') throw new AppError('appointment.over');
      if (row.state === 'booked' && (arrival === 'early' || arrival === 'other-day')) {
        if (row.day < today()) throw new AppError('appointment.over');
        const from = new Date(due.getTime() - timetable.earlyMinutes * 60_000);
        return { arrival, appointment: view(row), comeBackAt: from.toISOString() };
      }
      const isInTime = arrival === 'in-time' || arrival === 'early';
      const ticket = await parts.issue({ requestId: row.id, serviceId: row.service_id, isInTime });
      // A power cut before this fact leaves a ticket that the same code finds again.
      if (rowOf(code).state === 'booked')
        await journal.commit([
          { type: 'appointment.checked-in', subject: row.id, body: { ticketId: ticket.id } },
        ]);
      return { arrival: isInTime ? 'in-time' : 'late', appointment: viewNow(row.id), ticket };
    },
    onDay(day = today()) {
      return {
        day,
        appointments: rows(ofDay.all(day)).map(row => ({
          ...view(row),
          ticketNumber: row.ticket_id === null ? null : parts.ticketNumber(row.ticket_id),
        })),
      };
    },
    awaited: () =>
      rows(ofDay.all(today()))
        .filter(({ state }) => state === 'booked')
        .map(({ service_id: serviceId, day, at }) => ({ serviceId, at: momentOf(day, at, timeZone) })),
    told({ appointmentId, appointment }) {
      const known = byId.get(appointmentId) as AppointmentRow | undefined;
      return replaces(appointment, known)
        ? [{ type: 'appointment.put', subject: appointmentId, body: appointment }]
        : [];
    },
    closeEarlierDays,
  };
}
