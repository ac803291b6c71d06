import { businessDay, type Clock } from '../../platform/clock.ts';
import { wallMinute } from '../../platform/wall-time.ts';
import type {
  AppointmentView,
  AppointmentWish,
  MoveWish,
  PublicBranchView,
  SlotsView,
} from '../../protocol/api/appointments.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Appointment } from '../../protocol/appointments/appointment.ts';
import { newAppointmentCode, readAppointmentCode } from '../../protocol/appointments/code.ts';
import { freeDays, freeOn, type Offer } from '../../protocol/appointments/free-days.ts';
import { slotsFor } from '../../protocol/appointments/timetable.ts';
import type { Register } from '../../protocol/register.ts';
import type { CentreConfig } from '../config.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Queries, Storage, Transaction } from '../storage/storage.ts';
import type { CentreTables } from '../storage/tables.ts';

type Row = CentreTables['appointments'];

export interface AppointmentBook {
  /** Branches that receive by appointment, with the services they give so. */
  branches(): Promise<PublicBranchView[]>;
  slots(box: string, serviceId: string): Promise<SlotsView>;
  /** A repeated request gets the same appointment. Throws `appointment.slot-taken`, `appointment.too-many`. */
  book(box: string, wish: AppointmentWish, device: string | null): Promise<AppointmentView>;
  /** Throws `appointment.unknown-code`, as all that take a code. */
  find(code: string): Promise<AppointmentView>;
  /** Into a place of the centre, at the same branch. */
  move(code: string, wish: MoveWish): Promise<AppointmentView>;
  cancel(code: string): Promise<AppointmentView>;
}

/** Appointments that one device may have ahead of it. */
const deviceLimit = 3;

/**
 * Appointments that the centre gives: on its own places of each slot, under a lock, and told to the branch
 * through its log. Several centres share the book.
 */
export function openAppointmentBook(parts: {
  storage: Storage;
  downLogs: DownLogs;
  register: () => Promise<Register>;
  boxes: CentreConfig['boxes'];
  clock: Clock;
}): AppointmentBook {
  const { storage, downLogs, boxes, clock } = parts;

  const nameOf = (box: string) => boxes.find(each => each.box === box)?.name ?? { ru: box, en: box };

  /** `apartFrom` is the appointment that is moved: its own place is free for itself. */
  async function offerOf(
    within: Queries,
    register: Register,
    box: string,
    serviceId: string,
    apartFrom = '',
  ) {
    const service = register.services.find(({ id }) => id === serviceId);
    if (!service) throw new AppError('queue.unknown-service', { serviceId });
    const timetable = register.appointments?.timetables.find(each => each.box === box);
    if (!register.appointments || !timetable || !gives(timetable.serviceIds, serviceId))
      throw new AppError('appointment.none-here', { serviceId });
    const now = clock.now();
    const today = businessDay(now, timetable.timeZone);
    const booked = await within.query
      .selectFrom('appointments')
      .select(['day', 'at', 'slots'])
      .where('box', '=', box)
      .where('day', '>=', today)
      .where('share', '=', 'centre')
      .where('state', 'in', ['booked', 'checked-in'])
      .where('id', '<>', apartFrom)
      .execute();
    const offer: Offer = {
      timetable,
      calendar: register.appointments.calendar,
      places: timetable.places.centre,
      receptionMinutes: service.receptionMinutes,
      today,
      minuteNow: wallMinute(now, timetable.timeZone),
      booked: day => booked.filter(each => each.day === day),
    };
    return { offer, service, slots: slotsFor(timetable, service.receptionMinutes) };
  }

  async function shown(row: Row): Promise<AppointmentView> {
    const { services } = await parts.register();
    const service = services.find(({ id }) => id === row.service_id);
    return {
      appointmentId: row.id,
      code: row.code,
      serviceId: row.service_id,
      serviceTitle: service?.title ?? { ru: row.service_id, en: row.service_id },
      day: row.day,
      at: row.at,
      state: row.state,
      branch: { box: row.box, name: nameOf(row.box), address: null },
    };
  }

  async function byCode({ query }: Queries, typed: string): Promise<Row> {
    const code = readAppointmentCode(typed);
    const rows = query
      .selectFrom('appointments')
      .selectAll()
      .where('code', '=', code ?? '');
    const row = await rows.orderBy('day', 'desc').limit(1).executeTakeFirst();
    if (!row) throw new AppError('appointment.unknown-code');
    return row;
  }

  async function tell(transaction: Transaction, { box, id, service_id: serviceId, ...row }: Row) {
    if (row.state !== 'booked' && row.state !== 'cancelled') throw new AppError('appointment.over');
    const { code, day, at, slots, share, state, version } = row;
    const appointment: Appointment = { code, serviceId, day, at, slots, share, state, version, by: 'centre' };
    const body = { appointmentId: id, appointment };
    await downLogs.append(transaction, box, { type: 'appointment.put', body });
  }

  /** Under the lock of its branch: reads, changes and tells. */
  async function change(
    typed: string,
    to: (row: Row, within: Transaction, register: Register) => Promise<Partial<Row> | undefined>,
  ): Promise<AppointmentView> {
    const { box } = await byCode(storage, typed);
    const register = await parts.register();
    const row = await storage.transaction(async transaction => {
      await transaction.lock([lockOf(box)]);
      const found = await byCode(transaction, typed);
      const changed = await to(found, transaction, register);
      if (!changed) return found;
      const timetable = register.appointments?.timetables.find(each => each.box === box);
      const today = businessDay(clock.now(), timetable?.timeZone ?? 'UTC');
      if (found.state !== 'booked' || found.day < today) throw new AppError('appointment.over');
      const next = { ...found, ...changed, version: found.version + 1 };
      await transaction.query.updateTable('appointments').set(next).where('id', '=', found.id).execute();
      await tell(transaction, next);
      return next;
    });
    return await shown(row);
  }

  return {
    async branches() {
      const { appointments, services } = await parts.register();
      return (appointments?.timetables ?? [])
        .filter(({ places }) => places.centre > 0)
        .map(({ box, timeZone, serviceIds }) => ({
          box,
          name: nameOf(box),
          timeZone,
          services: services
            .filter(({ id }) => gives(serviceIds, id))
            .map(({ id, title, keywords, receptionMinutes }) => ({ id, title, keywords, receptionMinutes })),
        }));
    },
    async slots(box, serviceId) {
      const { offer } = await offerOf(storage, await parts.register(), box, serviceId);
      return { timeZone: offer.timetable.timeZone, days: freeDays(offer) };
    },
    async book(box, { requestId, serviceId, day, at }, device) {
      const register = await parts.register();
      const row = await storage.transaction(async transaction => {
        await transaction.lock([lockOf(box)]);
        const { query } = transaction;
        const all = query.selectFrom('appointments');
        const known = await all.selectAll().where('id', '=', requestId).executeTakeFirst();
        if (known) return known;
        const { offer, slots } = await offerOf(transaction, register, box, serviceId);
        if (!freeOn(offer, day).includes(at)) throw new AppError('appointment.slot-taken', { at });
        if (device !== null) {
          const ahead = all.select('id').where('device', '=', device).where('state', '=', 'booked');
          const held = await ahead.where('day', '>=', offer.today).execute();
          if (held.length >= deviceLimit) throw new AppError('appointment.too-many', { limit: deviceLimit });
        }
        const made: Row = {
          ...{
            id: requestId,
            box,
            code: await freshCode(transaction),
            service_id: serviceId,
            day,
            at,
            slots,
          },
          ...{ share: 'centre', state: 'booked', version: 1, device, made_at: clock.now().toISOString() },
        };
        await query.insertInto('appointments').values(made).execute();
        await tell(transaction, made);
        return made;
      });
      return await shown(row);
    },
    find: async code => await shown(await byCode(storage, code)),
    move: (code, { day, at }) =>
      change(code, async (row, within, register) => {
        if (row.day === day && row.at === at) return undefined;
        const { offer, slots } = await offerOf(within, register, row.box, row.service_id, row.id);
        if (!freeOn(offer, day).includes(at)) throw new AppError('appointment.slot-taken', { at });
        return { day, at, slots, share: 'centre' };
      }),
    cancel: code =>
      change(code, async ({ state }) => (state === 'cancelled' ? undefined : { state: 'cancelled' })),
  };
}

const lockOf = (box: string) => `appointments of ${box}`;

const gives = (serviceIds: readonly string[] | 'all', serviceId: string) =>
  serviceIds === 'all' || serviceIds.includes(serviceId);

async function freshCode({ query }: Queries): Promise<string> {
  for (;;) {
    const code = newAppointmentCode();
    const known = query.selectFrom('appointments').select('id').where('code', '=', code);
    if (!(await known.executeTakeFirst())) return code;
  }
}
