import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { other, serviceId, useQuickHall } from '../fixtures/hall-acts.ts';
import { hallAdministrator, openQuickHall } from '../fixtures/quick-hall.ts';
import { hourMs, minuteMs } from '../fixtures/test-clock.ts';

const { setting, hall, admin, first, second, issue, state, line, serve, refused } = useQuickHall();

describe('limits', () => {
  test('of a service hold for the day, and a closed service gives no tickets', async () => {
    await admin().offer(hallAdministrator, serviceId, { open: true, perDay: 2, reason: 'other' });
    const requestId = randomUUID();
    const [a] = [await issue({ requestId }), await issue()];
    await refused(issue(), 'queue.day-limit');
    assert.equal((await issue({ requestId })).id, a.id);
    assert.deepEqual(hall().visitors.hall().closed, [{ serviceId, why: 'day-limit' }]);
    setting().clock.advance(24 * hourMs);
    assert.equal((await issue()).number, 'В01');
    await admin().offer(hallAdministrator, serviceId, { open: false, perDay: null, reason: 'other' });
    await refused(issue(), 'queue.service-closed');
    assert.equal((await issue({ serviceId: other })).state, 'waiting');
  });

  test('of one person stop a second ticket for the same thing, known by a key without a name', async () => {
    const holder = 'phone-key-1';
    const a = await issue({ holder });
    await refused(issue({ holder }), 'queue.already-taken');
    assert.equal((await issue({ holder: 'phone-key-2' })).number, 'В02');
    await issue({ holder, purpose: 'consult' });
    await hall().visitors.cancel(a.id);
    for (const service of [serviceId, other, 'housing-subsidy']) await issue({ holder, serviceId: service });
    await refused(issue({ holder, serviceId: other, purpose: 'result' }), 'queue.person-limit');
    const { db } = setting().now();
    assert.equal(db.prepare(`select count(*) as n from facts where body like '%phone-key%'`).get()?.n, 0);
  });

  test('of privileges: some are granted by the administrator only, and move the person forward', async () => {
    await refused(issue({ privilege: 'unwell' }), 'queue.privilege-by-staff');
    const [, b] = [await issue(), await issue()];
    const veteran = await issue({ privilege: 'veteran' });
    assert.equal(veteran.ahead, 0);
    await admin().change(hallAdministrator, b.id, { reason: 'health', privilege: 'unwell' });
    assert.deepEqual(line(), ['В02', 'В03', 'В01']);
    await refused(
      admin().change(hallAdministrator, b.id, { reason: 'because', privilege: null }),
      'queue.unknown-reason',
    );
  });
});

describe('the hall administrator', () => {
  test('closes the day: who waits is given up, who is served is served, no tickets are given', async () => {
    const [a, b] = [await issue(), await issue()];
    await serve();
    await hall().window.open(second());
    await admin().closeDay(hallAdministrator);
    assert.deepEqual([state(a), state(b)], ['serving', 'abandoned']);
    await refused(issue(), 'queue.day-closed');
    assert.equal(hall().visitors.hall().open, false);
    await hall().finish(first(), a.id);
    assert.deepEqual(hall().windows.manned(), []);
    await admin().openDay(hallAdministrator);
    assert.equal((await issue()).number, 'В03');
  });

  test('sees everybody and the figures against the norm', async () => {
    const [a] = [await issue(), await issue(), await issue()];
    setting().clock.advance(20 * minuteMs);
    await serve();
    await hall().finish(first(), a.id);
    await hall().callNext(second());
    await hall().visitors.rate({
      requestId: randomUUID(),
      ticketId: a.id,
      marks: [{ aspect: 'courtesy', mark: 4 }],
    });
    const live = hall().live();
    const { today } = live;
    assert.deepEqual([today.issued, today.done, today.called, today.waiting], [3, 1, 2, 1]);
    assert.deepEqual([today.meanWaitMinutes, today.overNormShare], [20, 1]);
    assert.deepEqual(
      live.tickets.map(({ number, state: each }) => [number, each]),
      [
        ['В02', 'called'],
        ['В03', 'waiting'],
      ],
    );
    assert.equal(live.windows[0]?.servedToday, 1);
    assert.equal(live.windows[1]?.ticket?.number, 'В02');
    assert.deepEqual(
      today.ratings.map(({ aspect, count, mean }) => [aspect, count, mean]),
      [['courtesy', 1, 4]],
    );
    assert.equal(live.services.find(each => each.serviceId === serviceId)?.given, 3);
  });

  test('reprints a ticket, marked, and cancels one with a reason', async () => {
    setting().trouble.code = 'printer.paper-out';
    const a = await issue();
    await refused(admin().reprint(hallAdministrator, a.id), 'printer.paper-out');
    setting().trouble.code = undefined;
    await admin().reprint(hallAdministrator, a.id);
    assert.deepEqual(setting().printed, [{ number: 'В01', reprint: true, zone: '' }]);
    assert.equal(state(a), 'waiting');
    await admin().cancel(hallAdministrator, a.id, 'person-left');
    assert.equal(state(a), 'cancelled');
    await refused(admin().cancel(hallAdministrator, a.id, 'person-left'), 'queue.wrong-state');
  });

  test('issue 6: the paper names the zone of its windows, printed first or again', async t => {
    const zones = [
      { id: 'left', title: { ru: 'Зал 1', en: 'Hall 1' }, windows: ['1', '2'] },
      { id: 'right', title: { ru: 'Зал 2', en: 'Hall 2' }, windows: ['3'] },
    ];
    const zoned = openQuickHall({ rules: { zones } });
    t.after(() => zoned.close());
    const own = zoned.now().hall;
    await own.window.open(zoned.clerk(3));
    const a = await own.issue({ requestId: randomUUID(), serviceId });
    await own.administrator.reprint(hallAdministrator, a.id);
    assert.deepEqual(zoned.printed, [
      { number: 'В01', reprint: false, zone: 'Зал 2, окно 3' },
      { number: 'В01', reprint: true, zone: 'Зал 2, окно 3' },
    ]);
  });

  test('announces until a time, and is called from a kiosk once', async () => {
    const said = { ru: 'Окно 2 закрыто', en: 'Window 2 is closed' };
    await admin().announce(hallAdministrator, { requestId: randomUUID(), announcement: said, minutes: 10 });
    await admin().announce(hallAdministrator, { requestId: randomUUID(), announcement: said, minutes: null });
    assert.equal(hall().board().announcements.length, 2);
    setting().clock.advance(11 * minuteMs);
    assert.deepEqual(hall().board().announcements, [said]);
    const [left] = hall().live().announcements;
    await admin().endAnnouncement(hallAdministrator, left?.id ?? '');
    assert.deepEqual(hall().board().announcements, []);
    const call = { requestId: randomUUID(), place: 'kiosk-1' };
    for (let press = 0; press < 3; press++) await hall().visitors.callAdministrator(call);
    assert.deepEqual(
      hall()
        .live()
        .administratorCalls.map(({ place }) => place),
      ['kiosk-1'],
    );
    await admin().came(hallAdministrator, call.requestId);
    assert.deepEqual(hall().live().administratorCalls, []);
  });
});

test('KEM-16 a visit is rated once, and a repeated request counts once', async () => {
  const a = await issue();
  const rating = { requestId: randomUUID(), ticketId: a.id, marks: [{ aspect: 'wait', mark: 5 }] };
  await hall().visitors.rate(rating);
  await hall().visitors.rate(rating);
  await refused(hall().visitors.rate({ ...rating, requestId: randomUUID() }), 'queue.rated-already');
  const twice = [
    { aspect: 'wait', mark: 5 },
    { aspect: 'wait', mark: 1 },
  ];
  await refused(hall().visitors.rate({ requestId: randomUUID(), marks: twice }), 'internal.bad-request');
});

test('KEM-12 free windows are sent people by themselves when the branch wishes it', async t => {
  const sending = openQuickHall({
    rules: { automaticCalls: true, noShow: { how: 'automatic', afterSeconds: 30 }, maxCalls: 1 },
  });
  t.after(() => sending.close());
  const { hall: own } = sending.now();
  const wish = () => own.issue({ requestId: randomUUID(), serviceId });
  await own.window.open(sending.clerk(1));
  await own.tick();
  sending.clock.advance(minuteMs);
  await own.window.open(sending.clerk(2));
  const [a, b, c] = [await wish(), await wish(), await wish()];
  await own.tick();
  assert.deepEqual(
    [own.ticket(a.id).window, own.ticket(b.id).window, own.ticket(c.id).window],
    ['1', '2', null],
  );
  await own.came(sending.clerk(2), b.id);
  await own.tick();
  sending.clock.advance(31_000);
  // Nobody came to window 1: no-show by itself, and the next one is sent.
  await own.tick();
  await own.tick();
  assert.deepEqual([own.ticket(a.id).state, own.ticket(c.id).window], ['no-show', '1']);
});
