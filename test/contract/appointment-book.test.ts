import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openAppointmentBook } from '../../central/appointments/appointment-book.ts';
import { projectAppointment } from '../../central/appointments/project-appointment.ts';
import type { Appointment } from '../../protocol/appointments/appointment.ts';
import { newAppointmentCode } from '../../protocol/appointments/code.ts';
import type { DownBody } from '../../protocol/messages.ts';
import type { Register } from '../../protocol/register.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };
import { eachDatabase } from '../fixtures/databases.ts';
import { testClock } from '../fixtures/test-clock.ts';

const box = 'mfc-041';
const serviceId = 'inn-certificate'; // 10 minutes: one slot
const day = '2026-11-23';
const wish = (at: string, id = randomUUID()) => ({ requestId: id, serviceId, day, at });

eachDatabase(openTestCentre => {
  async function setting() {
    const centre = await openTestCentre();
    const clock = testClock('2026-11-22T09:00:00.000Z');
    const names = { ru: 'Первый отдел', en: 'First branch' };
    const open = () =>
      openAppointmentBook({
        ...{ storage: centre.storage, downLogs: centre.downLogs, clock },
        register: async () => seed as Register,
        boxes: [{ box, name: names }],
      });
    const told = async () =>
      (await centre.downLogs.entries(box, 0, 1000)).map(
        ({ body }) => (body as DownBody<'appointment.put'>).appointment,
      );
    const fact = (id: string, type: string, body: object) =>
      centre.storage.transaction(transaction =>
        projectAppointment(transaction, box, {
          ...{ seq: 1, id: randomUUID(), at: clock.now().toISOString(), clock: 'trusted', prevHash: '' },
          ...{ epoch: randomUUID(), type, subject: id, body },
        } as unknown as Parameters<typeof projectAppointment>[2]),
      );
    return { book: open(), another: open(), clock, told, fact };
  }

  test('KEM-5 of a hundred who want one slot at two centres as many get it as it has places', async () => {
    const { book, another, told } = await setting();
    const wishes = Array.from({ length: 100 }, (_, n) =>
      (n % 2 ? book : another).book(box, wish('09:00'), null),
    );
    const got = await Promise.allSettled(wishes);
    const codes = got.flatMap(each => (each.status === 'rejected' ? [each.reason.code] : []));
    assert.deepEqual([codes.length, new Set(codes)], [98, new Set(['appointment.slot-taken'])]);
    assert.equal((await told()).length, 2);
    assert.ok(
      !(await book.slots(box, serviceId)).days.find(each => each.day === day)?.free.includes('09:00'),
    );
  });

  test('a repeated wish is one appointment, told once', async () => {
    const { book, told } = await setting();
    const id = randomUUID();
    const both = await Promise.all([
      book.book(box, wish('09:00', id), null),
      book.book(box, wish('09:00', id), null),
    ]);
    assert.equal(both[0].code, both[1].code);
    assert.equal((await told()).length, 1);
  });

  test('whoever has the code moves and cancels; a place that is left can be given again', async () => {
    const { book, told } = await setting();
    const [first, second] = [
      await book.book(box, wish('09:00'), null),
      await book.book(box, wish('09:00'), null),
    ];
    await assert.rejects(book.book(box, wish('09:00'), null), { code: 'appointment.slot-taken' });
    assert.equal((await book.move(first.code, { day, at: '09:15' })).at, '09:15');
    await book.book(box, wish('09:00'), null);
    assert.equal((await book.cancel(second.code)).state, 'cancelled');
    assert.equal((await book.cancel(second.code)).state, 'cancelled');
    await assert.rejects(book.move(second.code, { day, at: '10:00' }), { code: 'appointment.over' });
    await assert.rejects(book.find('0000000001'), { code: 'appointment.unknown-code' });
    assert.deepEqual(
      (await told()).map(({ at, state, version }) => [at, state, version]),
      [
        ['09:00', 'booked', 1],
        ['09:00', 'booked', 1],
        ['09:15', 'booked', 2],
        ['09:00', 'booked', 1],
        ['09:00', 'cancelled', 2],
      ],
    );
  });

  test('one device has at most three appointments ahead of it', async () => {
    const { book, clock } = await setting();
    for (const at of ['09:00', '10:00', '11:00']) await book.book(box, wish(at), 'device-1');
    await assert.rejects(book.book(box, wish('12:00'), 'device-1'), { code: 'appointment.too-many' });
    await book.book(box, wish('12:00'), 'device-2');
    clock.set('2026-11-24T09:00:00.000Z');
    await book.book(box, { ...wish('12:00'), day: '2026-11-25' }, 'device-1');
  });

  test('nothing is booked in the past, beyond the horizon, on a day off or where nobody receives', async () => {
    const { book } = await setting();
    for (const bad of ['2026-11-21', '2026-11-22', '2026-11-29', '2026-12-31', '2026-12-10'])
      await assert.rejects(book.book(box, { ...wish('09:00'), day: bad }, null), {
        code: 'appointment.slot-taken',
      });
    for (const at of ['08:45', '13:00', '18:50'])
      await assert.rejects(book.book(box, wish(at), null), { code: 'appointment.slot-taken' });
    await assert.rejects(book.slots('mfc-999', serviceId), { code: 'appointment.none-here' });
    await assert.rejects(book.slots(box, 'unheard-of'), { code: 'queue.unknown-service' });
  });

  test('what a branch says: its own places, moves and who came; older words and other branches change nothing', async () => {
    const { book, fact } = await setting();
    const put = (more: Partial<Appointment>): Appointment => ({
      ...{
        code,
        serviceId,
        day,
        at: '09:00',
        slots: 1,
        share: 'branch',
        state: 'booked',
        version: 1,
        by: 'branch',
      },
      ...more,
    });
    const code = newAppointmentCode();
    const id = randomUUID();
    await fact(id, 'appointment.put', put({}));
    await fact(id, 'appointment.put', put({}));
    assert.equal((await book.find(code)).at, '09:00');
    // A place of the branch is none of the centre's.
    for (const _ of [1, 2]) await book.book(box, wish('09:00'), null);
    await book.move(code, { day, at: '09:30' });
    await fact(id, 'appointment.put', put({ at: '10:00', version: 2 }));
    assert.equal((await book.find(code)).at, '09:30', 'of two changes at once the centre’s counts');
    await fact(id, 'appointment.put', put({ at: '10:15', version: 3 }));
    assert.equal((await book.find(code)).at, '10:15');
    await fact(id, 'appointment.checked-in', { ticketId: randomUUID() });
    await fact(id, 'appointment.put', put({ state: 'cancelled', version: 4 }));
    assert.equal((await book.find(code)).state, 'checked-in');
    await assert.rejects(book.cancel(code), { code: 'appointment.over' });
  });
});
