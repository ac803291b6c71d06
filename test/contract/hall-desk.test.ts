import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { TicketView, TicketWish } from '../../protocol/api/tickets.ts';
import { hallAdministrator, openQuickHall } from '../fixtures/quick-hall.ts';
import { hourMs, minuteMs } from '../fixtures/test-clock.ts';

const serviceId = 'inn-certificate'; // letter В
const other = 'passport-issue'; // letter Б
let setting: ReturnType<typeof openQuickHall>;
beforeEach(() => {
  setting = openQuickHall();
});
afterEach(() => setting.close());

const hall = () => setting.now().hall;
const admin = () => hall().administrator;
const [first, second] = [() => setting.clerk(1), () => setting.clerk(2)];
const issue = (wish: Partial<TicketWish> = {}) =>
  hall().issue({ requestId: randomUUID(), serviceId, ...wish });
const state = ({ id }: TicketView) => hall().ticket(id).state;
const mine = (clerk = first()) => hall().queue(clerk).mine?.number;
const line = () =>
  hall()
    .board()
    .waiting.map(({ number }) => number);
/** Somebody at the window, ready for whatever comes. */
async function serve(clerk = first()): Promise<string> {
  await hall().callNext(clerk);
  const { ticketId } = hall().queue(clerk).mine ?? {};
  assert.ok(ticketId);
  await hall().came(clerk, ticketId);
  return ticketId;
}
const refused = (act: Promise<unknown>, code: string) => assert.rejects(act, { code });

describe('a person put aside', () => {
  test('comes back alone after the time, to the old place, also over a restart', async () => {
    const [a, b] = [await issue(), await issue()];
    await hall().callNext(first());
    await hall().hold(first(), a.id, { why: 'pause', minutes: 5 });
    await refused(hall().recall(first(), a.id), 'queue.wrong-state');
    assert.deepEqual([state(a), line()], ['held', ['В02']]);
    assert.equal(hall().queue(first()).aside[0]?.number, 'В01');
    setting.clock.advance(3 * minuteMs);
    await hall().tick();
    await setting.restart();
    await hall().tick();
    assert.equal(state(a), 'held');
    setting.clock.advance(3 * minuteMs);
    await hall().tick();
    assert.deepEqual(line(), ['В01', 'В02']);
    assert.equal(state(b), 'waiting');
  });

  test('F08 does not come back by a clock that is set', async () => {
    const a = await issue();
    await hall().callNext(first());
    await hall().hold(first(), a.id, { why: 'pause', minutes: 5 });
    await hall().tick();
    setting.clock.set('2026-11-23T19:00:00.000Z');
    await hall().tick();
    assert.equal(state(a), 'held');
    setting.clock.set('2026-11-20T08:00:00.000Z');
    setting.clock.advance(5 * minuteMs);
    await hall().tick();
    assert.equal(state(a), 'waiting');
  });

  test('for papers waits until they are brought, and is called by the same window without a reason', async () => {
    const [a] = [await issue(), await issue()];
    await serve();
    await hall().hold(first(), a.id, { why: 'papers', minutes: null });
    setting.clock.advance(2 * hourMs);
    await hall().tick();
    assert.equal(state(a), 'waiting-for-papers');
    await refused(hall().choose(second(), { ticketId: a.id }), 'queue.unknown-reason');
    await hall().choose(first(), { ticketId: a.id });
    assert.deepEqual([mine(), state(a)], ['В01', 'called']);
  });

  test('can be brought back into line by hand', async () => {
    const a = await issue();
    await hall().callNext(first());
    await hall().hold(first(), a.id, { why: 'pause', minutes: null });
    await hall().back(second(), a.id);
    assert.equal(state(a), 'waiting');
    await refused(hall().back(first(), a.id), 'queue.too-late-to-return');
  });
});

describe('a transfer', () => {
  test('to a window keeps the person for it, and leads back when that was wished', async () => {
    await hall().window.open(second());
    const [a, b] = [await issue(), await issue()];
    await serve();
    await hall().transfer(first(), a.id, { window: '2', serviceId: other, comesBack: true });
    await hall().callNext(first());
    assert.equal(mine(), b.number);
    assert.equal(await serve(second()), a.id);
    assert.equal(hall().ticket(a.id).serviceId, other);
    assert.deepEqual(
      hall()
        .ticket(a.id)
        .more.map(each => each.serviceId),
      [serviceId],
    );
    await hall().finish(second(), a.id);
    assert.deepEqual([state(a), hall().ticket(a.id).serviceId], ['waiting', serviceId]);
    await refused(hall().callNext(second()), 'queue.nobody-waiting');
    await hall().noShow(first(), b.id);
    assert.equal(await serve(), a.id);
    await hall().finish(first(), a.id);
    assert.equal(state(a), 'done');
  });

  test('to a window that is closed leaves the person to anybody', async () => {
    const a = await issue();
    await serve();
    await hall().transfer(first(), a.id, { window: '3', comesBack: false });
    await hall().callNext(second());
    assert.equal(mine(second()), a.number);
    await refused(
      hall().transfer(second(), a.id, { window: '77', comesBack: false }),
      'queue.unknown-window',
    );
  });

  test('goes before those who came later than five minutes before it', async () => {
    const a = await issue();
    await serve();
    setting.clock.advance(20 * minuteMs);
    const early = await issue();
    setting.clock.advance(11 * minuteMs);
    const late = await issue();
    await hall().transfer(first(), a.id, { serviceId: other, comesBack: false });
    assert.deepEqual(line(), [early.number, a.number, late.number]);
  });
});

describe('several services on one ticket', () => {
  test('follow each other at the same window when it serves them', async () => {
    const a = await issue({ more: [other] });
    await serve();
    await hall().addService(first(), a.id, { requestId: randomUUID(), serviceId: 'housing-subsidy' });
    await hall().finish(first(), a.id);
    assert.deepEqual([state(a), hall().ticket(a.id).serviceId], ['serving', other]);
    await hall().finish(first(), a.id);
    await hall().finish(first(), a.id);
    assert.equal(state(a), 'done');
  });

  test('lead back into line when another window must do the next one', async () => {
    await admin().setSkills(hallAdministrator, first().login, { skills: [{ serviceId, weight: 10 }] });
    const a = await issue({ more: [other] });
    await serve();
    await hall().finish(first(), a.id);
    assert.equal(state(a), 'waiting');
    await refused(hall().callNext(first()), 'queue.nobody-waiting');
    assert.equal(hall().queue(first()).canCall, false);
    assert.equal(await serve(second()), a.id);
  });

  test('are refused when there is no such service', async () => {
    await refused(issue({ more: ['no-such'] }), 'queue.unknown-service');
    assert.equal((await issue()).number, 'В01');
  });
});

describe('a missed call', () => {
  test('may be repeated up to the limit, and the person may come back once to the old place', async () => {
    const [a] = [await issue(), await issue()];
    await hall().callNext(first());
    for (const left of [2, 1, 0]) {
      assert.equal(hall().queue(first()).callsLeft, left);
      if (left > 0) await hall().recall(first(), a.id);
    }
    await refused(hall().recall(first(), a.id), 'queue.no-more-calls');
    await hall().noShow(first(), a.id);
    assert.ok(hall().ticket(a.id).mayReturnUntil);
    setting.clock.advance(15 * minuteMs);
    const back = await hall().visitors.comeBack(a.id);
    assert.deepEqual([back.state, line()], ['waiting', ['В01', 'В02']]);
    await hall().visitors.comeBack(a.id);
    await hall().callNext(first());
    await hall().noShow(first(), a.id);
    assert.equal(hall().ticket(a.id).mayReturnUntil, null);
    await refused(hall().visitors.comeBack(a.id), 'queue.too-late-to-return');
    await admin().giveBack(hallAdministrator, a.id);
    assert.equal(state(a), 'waiting');
  });

  test('cannot be made good after the time that the branch grants', async () => {
    const a = await issue();
    await hall().callNext(first());
    await hall().noShow(first(), a.id);
    setting.clock.advance(21 * minuteMs);
    await refused(hall().visitors.comeBack(a.id), 'queue.too-late-to-return');
  });
});

describe('limits', () => {
  test('of a service hold for the day, and a closed service gives no tickets', async () => {
    await admin().offer(hallAdministrator, serviceId, { open: true, perDay: 2, reason: 'other' });
    const requestId = randomUUID();
    const [a] = [await issue({ requestId }), await issue()];
    await refused(issue(), 'queue.day-limit');
    assert.equal((await issue({ requestId })).id, a.id);
    assert.deepEqual(hall().visitors.hall().closed, [{ serviceId, why: 'day-limit' }]);
    setting.clock.advance(24 * hourMs);
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
    const { db } = setting.now();
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

describe('windows', () => {
  test('open by calling, pause, resume by calling, and close after the last person', async () => {
    const [a] = [await issue(), await issue()];
    const window = () => hall().queue(first()).window?.state;
    assert.equal(window(), 'closed');
    await hall().callNext(first());
    assert.equal(window(), 'open');
    await hall().window.pause(first(), { reason: 'lunch', minutes: 30 });
    assert.equal(hall().windows.manned()[0]?.pause_minutes, 30);
    await refused(hall().window.pause(first(), { reason: 'boredom', minutes: null }), 'queue.unknown-reason');
    await refused(hall().window.close(first()), 'queue.window-busy');
    await hall().noShow(first(), a.id);
    await serve();
    assert.equal(window(), 'open');
    await hall().window.lastClient(first());
    await hall().finish(first(), hall().queue(first()).mine?.ticketId ?? '');
    assert.equal(window(), 'closed');
    assert.deepEqual(hall().windows.manned(), []);
  });

  test('close as well when the last person gives the ticket up, at the phone or before the administrator', async () => {
    const given = [await issue(), await issue()];
    for (const [index, { id }] of given.entries()) {
      await hall().callNext(first());
      await hall().window.lastClient(first());
      if (index === 0) await hall().visitors.cancel(id);
      else await admin().cancel(hallAdministrator, id, 'person-left');
      assert.equal(hall().queue(first()).window?.state, 'closed');
    }
  });

  test('call out of turn only with a reason, which is logged and explained', async () => {
    const [a, b] = [await issue(), await issue()];
    await refused(hall().choose(first(), { ticketId: b.id }), 'queue.unknown-reason');
    await hall().choose(first(), { ticketId: b.id, reason: 'child' });
    const why = hall().explain(b.id, a.id);
    assert.deepEqual([why.reason, why.number, why.before], ['chosen', 'В02', 'В01']);
    assert.equal(hall().live().today.chosenOutOfTurn, 1);
    await hall().choose(second(), { ticketId: a.id });
    assert.equal(mine(second()), 'В01');
  });

  test('are explained by what held at the moment of the call, also later', async () => {
    const ordinary = await issue();
    setting.clock.advance(minuteMs);
    const [veteran, passport] = [await issue({ privilege: 'veteran' }), await issue({ serviceId: other })];
    await admin().setSkills(hallAdministrator, first().login, {
      skills: [{ categoryId: 'taxes', weight: 10 }],
    });
    await hall().callNext(first());
    await admin().setSkills(hallAdministrator, first().login, { skills: null });
    await admin().change(hallAdministrator, ordinary.id, { reason: 'privilege', privilege: 'veteran' });
    const why = hall().explain(veteran.id, ordinary.id);
    assert.deepEqual(
      [why.reason, why.due.map(({ allowedMinutes }) => allowedMinutes)],
      ['due-earlier', [0, 15]],
    );
    assert.ok(why.ru.includes('В02') && why.en.includes('В01'));
    assert.equal(hall().explain(veteran.id, passport.id).reason, 'not-served-here');
    await hall().noShow(first(), veteran.id);
    await hall().callNext(second());
    assert.equal(hall().explain(ordinary.id, veteran.id).reason, 'not-waiting');
    await assert.rejects(async () => hall().explain(passport.id, veteran.id), { code: 'queue.wrong-state' });
  });

  test('hear from the administrator, and comments stay beside the journal for the day', async () => {
    const a = await issue();
    await hall().comment(first(), a.id, { requestId: randomUUID(), words: 'Гражданин Пробный ждёт дочь' });
    await admin().tellClerks(hallAdministrator, {
      requestId: randomUUID(),
      window: null,
      words: 'Окно 3 откроется в 12',
    });
    const view = hall().queue(first());
    assert.equal(view.waiting[0]?.comments[0]?.words, 'Гражданин Пробный ждёт дочь');
    assert.equal(view.messages[0]?.words, 'Окно 3 откроется в 12');
    const { db } = setting.now();
    const said = () => db.prepare('select count(*) as n from hall_words').get()?.n;
    assert.equal(db.prepare(`select count(*) as n from facts where body like '%Пробный%'`).get()?.n, 0);
    assert.equal(said(), 2);
    setting.clock.advance(24 * hourMs);
    await issue();
    assert.equal(said(), 0);
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
    setting.clock.advance(20 * minuteMs);
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
    setting.trouble.code = 'printer.paper-out';
    const a = await issue();
    await refused(admin().reprint(hallAdministrator, a.id), 'printer.paper-out');
    setting.trouble.code = undefined;
    await admin().reprint(hallAdministrator, a.id);
    assert.deepEqual(setting.printed, [{ number: 'В01', reprint: true, zone: '' }]);
    assert.equal(state(a), 'waiting');
    await admin().cancel(hallAdministrator, a.id, 'person-left');
    assert.equal(state(a), 'cancelled');
    await refused(admin().cancel(hallAdministrator, a.id, 'person-left'), 'queue.wrong-state');
  });

  test('issue 6: the paper names the zone of its windows, printed first or again', async () => {
    await setting.close();
    const zones = [
      { id: 'left', title: { ru: 'Зал 1', en: 'Hall 1' }, windows: ['1', '2'] },
      { id: 'right', title: { ru: 'Зал 2', en: 'Hall 2' }, windows: ['3'] },
    ];
    setting = openQuickHall({ rules: { zones } });
    await hall().window.open(setting.clerk(3));
    const a = await issue();
    await admin().reprint(hallAdministrator, a.id);
    assert.deepEqual(setting.printed, [
      { number: 'В01', reprint: false, zone: 'Зал 2, окно 3' },
      { number: 'В01', reprint: true, zone: 'Зал 2, окно 3' },
    ]);
  });

  test('announces until a time, and is called from a kiosk once', async () => {
    const said = { ru: 'Окно 2 закрыто', en: 'Window 2 is closed' };
    await admin().announce(hallAdministrator, { requestId: randomUUID(), announcement: said, minutes: 10 });
    await admin().announce(hallAdministrator, { requestId: randomUUID(), announcement: said, minutes: null });
    assert.equal(hall().board().announcements.length, 2);
    setting.clock.advance(11 * minuteMs);
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
    takenAt: setting.clock.now().toISOString(),
    ...more,
  });
  const stations = () => hall().stations;

  test('are given by nobody else, and come in late at the place of their taking', async () => {
    await issue();
    const lease = await stations().lease('kiosk-2', wish);
    assert.deepEqual([lease.from, lease.to], [2, 6]);
    assert.deepEqual(await stations().lease('kiosk-2', wish), lease);
    const taken = late(2);
    setting.clock.advance(5 * minuteMs);
    assert.equal((await issue()).number, 'В07');
    const accepted = await stations().accept('kiosk-2', taken);
    assert.equal(accepted.number, 'В02');
    assert.deepEqual(await stations().accept('kiosk-2', taken), accepted);
    assert.deepEqual(line(), ['В01', 'В02', 'В07']);
    await setting.restart();
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
    setting.clock.advance(24 * hourMs);
    const { ticketId } = await stations().accept('kiosk-2', taken);
    assert.equal(hall().ticket(ticketId).state, 'abandoned');
    assert.equal((await issue()).number, 'В01');
  });

  test('F09 of tomorrow may be had today, in the branch’s own zone', async () => {
    setting.clock.set('2026-11-23T20:30:00.000Z'); // 23:30 in Moscow
    const tomorrow = { ...wish, leaseId: randomUUID(), day: '2026-11-24' };
    assert.equal((await stations().lease('kiosk-2', tomorrow)).from, 1);
    setting.clock.advance(hourMs);
    assert.equal((await issue()).number, 'В06');
  });
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
