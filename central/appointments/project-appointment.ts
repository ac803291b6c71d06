import { replaces } from '../../protocol/appointments/appointment.ts';
import type { KnownFact } from '../../protocol/facts.ts';
import type { Transaction } from '../storage/storage.ts';

type AppointmentFact = Extract<
  KnownFact,
  { type: 'appointment.put' | 'appointment.checked-in' | 'appointment.missed' }
>;

/**
 * What a branch says of appointments: those it gave, moved or cancelled, and who came. Its repetition of what
 * the centre said changes nothing, unless the centre was put back from a copy and has forgotten it (F21).
 */
export async function projectAppointment({ query }: Transaction, box: string, fact: AppointmentFact) {
  const { subject: id, at: madeAt } = fact;
  const own = query.updateTable('appointments').where('id', '=', id).where('box', '=', box);
  if (fact.type === 'appointment.checked-in') {
    await own.set({ state: 'checked-in' }).execute();
    return;
  }
  if (fact.type === 'appointment.missed') {
    // Moved or cancelled here before the branch heard of it: nobody was awaited that day.
    const awaited = own.where('day', '=', fact.body.day).where('state', '=', 'booked');
    await awaited.set({ state: 'missed' }).execute();
    return;
  }
  const known = await query
    .selectFrom('appointments')
    .select(['box', 'version', 'state', 'day'])
    .where('id', '=', id)
    .executeTakeFirst();
  if ((known && known.box !== box) || !replaces(fact.body, known)) return;
  const { code, serviceId, day, at, slots, share, state, version } = fact.body;
  const row = { code, service_id: serviceId, day, at, slots, share, state, version };
  if (known) await own.set(row).execute();
  else
    await query
      .insertInto('appointments')
      .values({ id, box, ...row, device: null, made_at: madeAt })
      .execute();
}
