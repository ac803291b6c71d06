import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createBoxState } from '../../device/journal/box-state.ts';
import { createClockTrust } from '../../device/journal/clock-trust.ts';
import { openQuickHall } from '../fixtures/quick-hall.ts';
import { hourMs, minuteMs } from '../fixtures/test-clock.ts';

const serviceId = 'inn-certificate';

function open(t: TestContext, wish: Parameters<typeof openQuickHall>[0] = {}) {
  const setting = openQuickHall(wish);
  t.after(() => setting.close());
  const { hall } = setting.now();
  return { ...setting, hall, take: () => hall.issue({ requestId: randomUUID(), serviceId }) };
}

test('KEM-12 nobody of yesterday is sent to the window that opens first in the morning', async t => {
  const { hall, take, clock, clerk } = open(t, { rules: { automaticCalls: true } });
  const left = await take();
  clock.advance(21 * hourMs);
  await hall.window.open(clerk(1));
  await hall.tick();
  assert.deepEqual([hall.ticket(left.id).state, hall.waitNow().waiting], ['abandoned', 0]);
});

test('KEM-12 nobody is sent to a window that was left open in the evening', async t => {
  const { hall, take, clock, clerk, now } = open(t, { rules: { automaticCalls: true } });
  await hall.window.open(clerk(1));
  await hall.window.open(clerk(2));
  const served = await take();
  await hall.tick();
  assert.equal(hall.ticket(served.id).window, '1');
  clock.advance(21 * hourMs);
  await hall.tick();
  const early = await take();
  await hall.tick();
  assert.equal(hall.ticket(early.id).state, 'waiting');
  const states = () => hall.live().windows.map(({ state }) => state);
  // What became of the person at window 1 only its clerk can say.
  assert.deepEqual([states(), hall.ticket(served.id).state], [['open', 'closed', 'closed'], 'called']);
  await hall.window.open(clerk(2));
  await hall.tick();
  assert.equal(hall.ticket(early.id).window, '2');
  const closed = now()
    .journal.read(0, 100)
    .filter(({ type }) => type === 'window.closed');
  assert.deepEqual(
    closed.map(({ subject, body }) => [subject, (body as { by: string }).by]),
    [['2', 'day-closed']],
  );
});

test('F08 a clock that is set a day ahead at work closes no window and empties no hall', async t => {
  const { hall, take, clock, clerk } = open(t);
  await hall.window.open(clerk(1));
  const ticket = await take();
  clock.set('2026-11-24T08:00:00.000Z');
  await hall.tick();
  assert.deepEqual([hall.ticket(ticket.id).state, hall.queue(clerk(1)).window?.state], ['waiting', 'open']);
});

for (const year of ['1970-01-01T00:00:10.000Z', '2099-01-01T09:00:00.000Z'])
  test(`F07 a box that wakes up at work in ${year.slice(0, 4)} goes on with the numbers of its day`, async t => {
    const { take, clock, restart, now } = open(t, {
      calendarOf: (ticks, db) =>
        createClockTrust({
          ...{ clock: ticks, state: createBoxState(db), builtAt: '2026-11-01T00:00:00.000Z' },
          newestFactAt: '2026-11-23T08:00:00.000Z',
        }).calendar,
    });
    const morning = [await take(), await take()];
    clock.set(year);
    await restart();
    const wish = { requestId: randomUUID(), serviceId };
    const third = await now().hall.issue(wish);
    assert.deepEqual(
      [...morning, third].map(({ number }) => number),
      ['В01', 'В02', 'В03'],
    );
    assert.equal(now().hall.live().today.issued, 3);
    assert.equal(now().hall.waitNow().waiting, 3);
  });

test('F04 a number whose paper came out while the disk was full stands in line as soon as there is room', async t => {
  const { hall, take, clock, now } = open(t);
  let isFull = true;
  now().journal.follow({
    apply({ type }) {
      if (isFull && type === 'ticket.waiting') throw new Error('no room');
    },
    reset() {},
  });
  const ticket = await take();
  assert.equal(hall.ticket(ticket.id).state, 'issued');
  isFull = false;
  clock.advance(minuteMs);
  await hall.tick();
  assert.equal(hall.ticket(ticket.id).state, 'waiting');
});
