import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createAppointmentDesk } from '../../device/appointments/appointment-desk.ts';
import { createAppointmentPaper } from '../../device/appointments/appointment-paper.ts';
import { openTicketPrinter } from '../../device/peripherals/open-peripherals.ts';
import { openTestJournal } from '../fixtures/books.ts';
import { silentLog } from '../fixtures/branch.ts';
import { openQuickHall } from '../fixtures/quick-hall.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { startTicketPrinter } from '../simulators/ticket-printer/start.ts';

const serviceId = 'housing-subsidy';

/** A desk of a branch of the demonstration, with its printer on a line. */
async function openDesk(t: TestContext) {
  const simulator = await startTicketPrinter();
  const quick = openQuickHall({ clock: testClock('2026-11-23T06:00:00.000Z') });
  const { db, journal } = openTestJournal();
  const host = '127.0.0.1';
  const line = { line: 'tcp', host, port: simulator.port, model: 'epson-80mm' } as const;
  const printer = openTicketPrinter(line, silentLog);
  t.after(async () => {
    await printer.close();
    await simulator.close();
    await journal.close();
    db.close();
    await quick.close();
  });
  const config = { ...quick.config, box: 'mfc-041' };
  const open = () =>
    createAppointmentDesk({
      ...{ db, journal, config, register: quick.register, clock: quick.clock },
      issue: () => Promise.reject(new Error('nobody comes')),
      ticketNumber: () => null,
      paper: createAppointmentPaper({ journal, printer, log: silentLog }),
    });
  const desk = open();
  const { days } = desk.slots(serviceId);
  const [first, second] = days.slice(-2);
  assert.ok(first && second);
  const book = (nth = 0) =>
    desk.book({ requestId: randomUUID(), serviceId, day: first.day, at: first.free.at(nth) ?? '' });
  return { desk, open, book, simulator, journal, later: { day: second.day, at: second.free[0] ?? '' } };
}

test('KEM-5 an appointment is printed once: day, time, service, what to bring, code; a new time is a new paper', async t => {
  const { desk, book, simulator, later } = await openDesk(t);
  const { code, at } = await book();
  const both = await Promise.all([desk.print(code), desk.print(code)]);
  assert.deepEqual([...both, await desk.print(code)], Array(3).fill({ state: 'printed' }));
  assert.equal(simulator.tickets().length, 1);
  const [paper] = simulator.tickets();
  assert.ok(paper);
  assert.deepEqual([paper.qr, paper.cut, paper.violations], [[code], true, []]);
  const words = paper.lines.join(' ').replaceAll(/\s+/g, ' ');
  for (const expected of [
    ...['Вы записаны на приём', at, 'Субсидия на оплату', 'Возьмите с собой', 'СНИЛС', 'Я по записи'],
    code.slice(0, 3),
  ])
    assert.match(words, new RegExp(expected));
  await desk.move(code, later);
  assert.deepEqual(await desk.print(code), { state: 'printed' });
  assert.equal(simulator.tickets().length, 2);
  assert.match(simulator.tickets()[1]?.lines.join(' ') ?? '', new RegExp(later.at));
  await desk.cancel(code);
  await assert.rejects(desk.print(code), { code: 'appointment.over' });
});

test('F26 a printer without paper says so and may be asked again; F01 a paper that a power cut left in doubt is not', async t => {
  const { desk, open, book, simulator, journal } = await openDesk(t);
  const { code } = await book();
  simulator.faults.set({ paper: 'out' });
  const failed = await desk.print(code);
  assert.equal(failed.state === 'failed' && failed.error.code, 'printer.paper-out');
  simulator.faults.clear();
  assert.deepEqual(await desk.print(code), { state: 'printed' });

  const other = await book(-1);
  // What the disk holds when the power goes between the first byte and the answer.
  await journal.commit([
    { type: 'appointment.slip', subject: other.appointmentId, body: { version: 1, outcome: 'begun' } },
  ]);
  const papers = simulator.tickets().length;
  assert.deepEqual(await open().print(other.code), { state: 'doubtful' });
  assert.equal(simulator.tickets().length, papers);
});
