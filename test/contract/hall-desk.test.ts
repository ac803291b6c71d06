import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { other, serviceId, useQuickHall } from '../fixtures/hall-acts.ts';
import { hallAdministrator } from '../fixtures/quick-hall.ts';
import { hourMs, minuteMs } from '../fixtures/test-clock.ts';

const { setting, hall, admin, first, second, issue, state, mine, line, serve, refused } = useQuickHall();

describe('a person put aside', () => {
  test('comes back alone after the time, to the old place, also over a restart', async () => {
    const [a, b] = [await issue(), await issue()];
    await hall().callNext(first());
    await hall().hold(first(), a.id, { why: 'pause', minutes: 5 });
    await refused(hall().recall(first(), a.id), 'queue.wrong-state');
    assert.deepEqual([state(a), line()], ['held', ['В02']]);
    assert.equal(hall().queue(first()).aside[0]?.number, 'В01');
    setting().clock.advance(3 * minuteMs);
    await hall().tick();
    await setting().restart();
    await hall().tick();
    assert.equal(state(a), 'held');
    setting().clock.advance(3 * minuteMs);
    await hall().tick();
    assert.deepEqual(line(), ['В01', 'В02']);
    assert.equal(state(b), 'waiting');
  });

  test('F08 does not come back by a clock that is set', async () => {
    const a = await issue();
    await hall().callNext(first());
    await hall().hold(first(), a.id, { why: 'pause', minutes: 5 });
    await hall().tick();
    setting().clock.set('2026-11-23T19:00:00.000Z');
    await hall().tick();
    assert.equal(state(a), 'held');
    setting().clock.set('2026-11-20T08:00:00.000Z');
    setting().clock.advance(5 * minuteMs);
    await hall().tick();
    assert.equal(state(a), 'waiting');
  });

  test('for papers waits until they are brought, and is called by the same window without a reason', async () => {
    const [a] = [await issue(), await issue()];
    await serve();
    await hall().hold(first(), a.id, { why: 'papers', minutes: null });
    setting().clock.advance(2 * hourMs);
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
    setting().clock.advance(20 * minuteMs);
    const early = await issue();
    setting().clock.advance(11 * minuteMs);
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
    setting().clock.advance(15 * minuteMs);
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
    setting().clock.advance(21 * minuteMs);
    await refused(hall().visitors.comeBack(a.id), 'queue.too-late-to-return');
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
    setting().clock.advance(minuteMs);
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
    const { db } = setting().now();
    const said = () => db.prepare('select count(*) as n from hall_words').get()?.n;
    assert.equal(db.prepare(`select count(*) as n from facts where body like '%Пробный%'`).get()?.n, 0);
    assert.equal(said(), 2);
    setting().clock.advance(24 * hourMs);
    await issue();
    assert.equal(said(), 0);
  });
});
