import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { serviceId, useQuickHall } from '../fixtures/hall-acts.ts';
import { hourMs, minuteMs } from '../fixtures/test-clock.ts';

const { setting, hall, issue, line, refused } = useQuickHall();

describe('numbers leased to a station', () => {
  const leaseId = randomUUID();
  const wish = { leaseId, letter: 'В', day: '2026-11-23', count: 5 };
  const late = (running: number, more: object = {}) => ({
    ...{
      ticketId: randomUUID(),
      requestId: randomUUID(),
      serviceId,
      leaseId,
      running,
      heldBy: 'printed' as const,
    },
    takenAt: setting().clock.now().toISOString(),
    ...more,
  });
  const stations = () => hall().stations;

  test('are given by nobody else, and come in late at the place of their taking', async () => {
    await issue();
    const lease = await stations().lease('kiosk-2', wish);
    assert.deepEqual([lease.from, lease.to], [2, 6]);
    assert.deepEqual(await stations().lease('kiosk-2', wish), lease);
    const taken = late(2);
    setting().clock.advance(5 * minuteMs);
    assert.equal((await issue()).number, 'В07');
    const accepted = await stations().accept('kiosk-2', taken);
    assert.equal(accepted.number, 'В02');
    assert.deepEqual(await stations().accept('kiosk-2', taken), accepted);
    assert.deepEqual(line(), ['В01', 'В02', 'В07']);
    await setting().restart();
    assert.deepEqual(line(), ['В01', 'В02', 'В07']);
    assert.equal((await issue()).number, 'В08');
  });

  test('are refused to other stations, out of range, and twice', async () => {
    await stations().lease('kiosk-2', wish);
    await stations().accept('kiosk-2', late(1));
    for (const [station, running] of [
      ['kiosk-3', 2],
      ['kiosk-2', 6],
      ['kiosk-2', 1],
    ] as const)
      await refused(stations().accept(station, late(running)), 'queue.number-not-leased');
    await refused(
      stations().accept('kiosk-2', late(2, { leaseId: randomUUID() })),
      'queue.number-not-leased',
    );
    await refused(stations().lease('kiosk-3', wish), 'internal.bad-request');
    for (const wrong of [{ day: '2026-11-25' }, { letter: 'Щ' }])
      await refused(
        stations().lease('kiosk-3', { ...wish, ...wrong, leaseId: randomUUID() }),
        'internal.bad-request',
      );
  });

  test('F09 of a day that is over come in and are given up at once', async () => {
    await stations().lease('kiosk-2', wish);
    const taken = late(1);
    setting().clock.advance(24 * hourMs);
    const { ticketId } = await stations().accept('kiosk-2', taken);
    assert.equal(hall().ticket(ticketId).state, 'abandoned');
    assert.equal((await issue()).number, 'В01');
  });

  test('F09 of tomorrow may be had today, in the branch’s own zone', async () => {
    setting().clock.set('2026-11-23T20:30:00.000Z'); // 23:30 in Moscow
    const tomorrow = { ...wish, leaseId: randomUUID(), day: '2026-11-24' };
    assert.equal((await stations().lease('kiosk-2', tomorrow)).from, 1);
    setting().clock.advance(hourMs);
    assert.equal((await issue()).number, 'В06');
  });
});
