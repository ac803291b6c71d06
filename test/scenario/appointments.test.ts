import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openAppointmentBook } from '../../central/appointments/appointment-book.ts';
import { createAppointmentDesk } from '../../device/appointments/appointment-desk.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { minutesOf } from '../../protocol/appointments/timetable.ts';
import { type DownBody, protocolVersion } from '../../protocol/messages.ts';
import type { Register } from '../../protocol/register.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };
import { openTestCentre, openTestJournal, seededRandom } from '../fixtures/books.ts';
import { minuteMs, testClock } from '../fixtures/test-clock.ts';

const box = 'mfc-041'; // two places of a slot are the centre's, one the branch's
const oneSlot = 'inn-certificate'; // 10 minutes
const twoSlots = 'foreign-passport'; // 20 minutes
const day = '2026-11-23';
const times = ['09:00', '09:15', '09:30', '09:45'];
const provisioned = seed as Register;

/** A box and the centre with a line between them that only the test moves. */
async function bothSides(t: TestContext) {
  let register = provisioned;
  const dir = mkdtempSync(join(tmpdir(), 'okno-appointments-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const clock = testClock('2026-11-22T09:00:00.000Z');
  const centre = await openTestCentre();
  t.after(() => centre.storage.close());
  const names = { ru: 'Первый отдел', en: 'First branch' };
  const book = openAppointmentBook({
    ...{ storage: centre.storage, downLogs: centre.downLogs, clock, register: async () => register },
    boxes: [{ box, name: names }],
  });
  const tickets = new Map<string, boolean>();

  function openBox() {
    const { db, journal, state } = openTestJournal(join(dir, 'box.db'));
    const desk = createAppointmentDesk({
      ...{ db, journal, clock },
      register: {
        get: () => register,
        getService(id: string) {
          const service = register.services.find(each => each.id === id);
          if (!service) throw new AppError('queue.unknown-service', { serviceId: id });
          return service;
        },
      } as never,
      config: { box, branch: { name: names, address: names, timeZone: 'Europe/Moscow' } } as never,
      async issue({ requestId, isInTime }) {
        if (!tickets.has(requestId)) tickets.set(requestId, isInTime);
        return { id: requestId, number: 'А01' } as TicketView;
      },
      ticketNumber: () => 'А01',
      paper: { print: () => Promise.reject(new Error('no printer here')) },
    });
    return { db, journal, state, desk };
  }
  let branch = openBox();
  t.after(async () => {
    await branch.journal.close();
    branch.db.close();
  });

  return {
    ...{ book, clock, tickets, centre },
    branch: () => branch,
    withoutService(id: string) {
      register = { ...register, services: register.services.filter(service => service.id !== id) };
    },
    /** A power cut of the box and a start. */
    async restart() {
      await branch.journal.close();
      branch.db.close();
      branch = openBox();
    },
    /** Some facts go up; `again` of them went before, as after a lost receipt. */
    async up(count: number, again = 0) {
      const { journal, state } = branch;
      const sent = Number(state.get('session') ?? 0);
      const facts = journal.read(Math.max(0, sent - again), count + Math.min(again, sent));
      if (facts.length === 0) return;
      await centre.ledger.accept([{ box, envelope: { v: protocolVersion, epoch: journal.epoch, facts } }]);
      await journal.commit([], () => state.set('session', String(facts.at(-1)?.seq)));
    },
    /** Some entries come down. */
    async down(count: number) {
      const { journal, state, desk } = branch;
      const applied = Number(state.get('down-applied') ?? 0);
      for (const entry of await centre.downLogs.entries(box, applied, count))
        await journal.commit(desk.told(entry.body as DownBody<'appointment.put'>), () =>
          state.set('down-applied', String(entry.seq)),
        );
    },
    /** Visits that take a place of one side in each slot, as that side knows them. */
    async taken(share: 'centre' | 'branch') {
      const rows =
        share === 'centre'
          ? await centre.storage.query.selectFrom('appointments').selectAll().execute()
          : (branch.db.prepare('select * from appointments').all() as never[]);
      const counts = new Map<number, number>();
      for (const row of rows as { share: string; state: string; at: string; slots: number }[])
        if (row.share === share && row.state !== 'cancelled')
          for (let slot = 0; slot < row.slots; slot++) {
            const at = minutesOf(row.at) + 15 * slot;
            counts.set(at, (counts.get(at) ?? 0) + 1);
          }
      return Math.max(0, ...counts.values());
    },
  };
}

test('KEM-5 F15 whatever is booked, moved and cancelled on both sides of a cut line, no slot is over its places, and both sides agree in the end', async t => {
  const expected = new Set(['appointment.slot-taken', 'appointment.over', 'appointment.unknown-code']);
  for (let round = 1; round <= 12; round++) {
    const random = seededRandom(round);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const sides = await bothSides(t);
    const codes: string[] = [];
    let refused = 0;
    for (let step = 0; step < 60; step++) {
      const serviceId = random() < 0.7 ? oneSlot : twoSlots;
      const wish = { requestId: randomUUID(), serviceId, day, at: pick(times) };
      const { desk } = sides.branch();
      // The first two are there to be moved and cancelled.
      const acts = [
        async () => codes.push((await desk.book(wish)).code),
        async () => codes.push((await sides.book.book(box, wish, null)).code),
        async () => desk.move(pick(codes), { day, at: pick(times) }),
        async () => sides.book.move(pick(codes), { day, at: pick(times) }),
        async () => (random() < 0.4 ? desk.cancel(pick(codes)) : undefined),
        async () => (random() < 0.4 ? sides.book.cancel(pick(codes)) : undefined),
        async () => sides.up(1 + Math.floor(random() * 3), Math.floor(random() * 3)),
        async () => sides.down(1 + Math.floor(random() * 3)),
        async () => (random() < 0.2 ? sides.restart() : undefined),
      ];
      const act = pick(step < 2 ? acts.slice(0, 2) : acts);
      try {
        await act();
      } catch (error) {
        const code = codeOf(error);
        if (!expected.has(code)) throw error;
        refused++;
      }
      assert.ok((await sides.taken('centre')) <= 2, `round ${round}, step ${step}: the centre gave too much`);
      assert.ok((await sides.taken('branch')) <= 1, `round ${round}, step ${step}: the branch gave too much`);
    }
    // Each side’s last word may be answered by the other’s.
    for (let pass = 0; pass < 3; pass++) {
      await sides.up(1000);
      await sides.down(1000);
    }
    assert.ok(refused > 3, 'the places were fought for');
    for (const code of codes) {
      const [here, there] = [sides.branch().desk.find(code), await sides.book.find(code)];
      assert.deepEqual([here.day, here.at, here.state], [there.day, there.at, there.state], `round ${round}`);
    }
  }
});

test('KEM-5 who comes in time gets a ticket once, early is asked back, late stands in the common line; a power cut between costs nothing', async t => {
  const sides = await bothSides(t);
  const wish = (at: string) => ({ requestId: randomUUID(), serviceId: oneSlot, day, at });
  const [early, late] = [
    await sides.branch().desk.book(wish('10:00')),
    await sides.book.book(box, wish('10:00'), null),
  ];
  await assert.rejects(sides.branch().desk.checkIn(late.code), { code: 'appointment.unknown-code' });
  await sides.down(10);
  const arrive = async (code: string) => sides.branch().desk.checkIn(code);
  assert.equal((await arrive(early.code)).arrival, 'other-day');
  sides.clock.set('2026-11-23T06:40:00.000Z'); // 09:40 in Moscow
  const told = await arrive(early.code);
  assert.ok(told.arrival === 'early' && told.comeBackAt === '2026-11-23T06:45:00.000Z');
  sides.clock.advance(5 * minuteMs);
  assert.equal((await arrive(early.code)).arrival, 'in-time');
  await sides.restart();
  assert.equal((await arrive(early.code)).arrival, 'in-time');
  sides.clock.set('2026-11-23T07:16:00.000Z');
  assert.equal((await arrive(late.code)).arrival, 'late');
  assert.deepEqual([...sides.tickets.values()], [true, false]);
  await assert.rejects(sides.branch().desk.cancel(late.code), { code: 'appointment.over' });
  await sides.up(100);
  assert.equal((await sides.book.find(late.code)).state, 'checked-in');
  assert.deepEqual(
    sides
      .branch()
      .desk.onDay()
      .appointments.map(({ state }) => state),
    ['checked-in', 'checked-in'],
  );
});

test('F15 who moved or cancelled while the line was cut over the day is not the one who never came', async t => {
  const sides = await bothSides(t);
  const wish = (at: string) => ({ requestId: randomUUID(), serviceId: oneSlot, day, at });
  const codes: string[] = [];
  for (const at of times.slice(0, 3)) codes.push((await sides.book.book(box, wish(at), null)).code);
  const [moved = '', cancelled = '', missed = ''] = codes;
  await sides.down(10);
  await sides.book.move(moved, { day: '2026-11-26', at: '10:00' });
  await sides.book.cancel(cancelled);
  sides.clock.set('2026-11-24T05:00:00.000Z');
  await sides.branch().desk.closeEarlierDays();
  await sides.up(100);
  await sides.down(10);
  await sides.branch().desk.closeEarlierDays();
  await sides.restart();
  await sides.up(100);
  const both = async (code: string) =>
    [sides.branch().desk.find(code), await sides.book.find(code)].map(each => `${each.day} ${each.state}`);
  assert.deepEqual(await both(moved), Array(2).fill('2026-11-26 booked'));
  assert.deepEqual(await both(cancelled), Array(2).fill(`${day} cancelled`));
  assert.deepEqual(await both(missed), Array(2).fill(`${day} missed`));
});

test('an appointment of a service that the register has no more can be seen, and the others with it', async t => {
  const { clock, branch, withoutService } = await bothSides(t);
  const { desk } = branch();
  const first = await desk.book({ requestId: randomUUID(), serviceId: oneSlot, day, at: '10:00' });
  await desk.book({ requestId: randomUUID(), serviceId: twoSlots, day, at: '11:00' });
  clock.set('2026-11-23T06:00:00.000Z');
  withoutService(oneSlot);
  assert.equal(desk.onDay().appointments.length, 2);
  assert.equal(desk.find(first.code).serviceTitle.ru, oneSlot);
  assert.equal((await desk.cancel(first.code)).state, 'cancelled');
});

test('a booking that is sent twice by one press is one appointment with one code', async t => {
  const { branch, clock } = await bothSides(t);
  const { desk, journal } = branch();
  await desk.book({ requestId: randomUUID(), serviceId: oneSlot, day, at: '09:00' });
  // Somebody of the day before did not come: the first booking of a day writes that down first.
  clock.set('2026-11-24T05:00:00.000Z');
  const wish = { requestId: randomUUID(), serviceId: oneSlot, day: '2026-11-25', at: '10:00' };
  const [one, other] = await Promise.all([desk.book(wish), desk.book(wish)]);
  assert.equal(one.code, other.code);
  const put = journal
    .read(0, 100)
    .filter(({ type, subject }) => type === 'appointment.put' && subject === wish.requestId);
  assert.equal(put.length, 1);
});

test('who never came is told as missed on the next day, and who is awaited today is known to the forecast', async t => {
  const sides = await bothSides(t);
  const { code } = await sides
    .branch()
    .desk.book({ requestId: randomUUID(), serviceId: twoSlots, day, at: '12:00' });
  assert.deepEqual(sides.branch().desk.awaited(), []);
  sides.clock.set('2026-11-23T05:00:00.000Z');
  assert.deepEqual(sides.branch().desk.awaited(), [
    { serviceId: twoSlots, at: new Date('2026-11-23T09:00:00.000Z') },
  ]);
  await sides.branch().desk.closeEarlierDays();
  assert.equal(sides.branch().desk.find(code).state, 'booked');
  sides.clock.set('2026-11-24T05:00:00.000Z');
  await sides.branch().desk.closeEarlierDays();
  await sides.branch().desk.closeEarlierDays();
  assert.equal(sides.branch().desk.find(code).state, 'missed');
  await sides.up(100);
  assert.equal((await sides.book.find(code)).state, 'missed');
});
