import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { ApiError } from '../../protocol/api/common.ts';
import type { HallLive, HallView } from '../../protocol/api/hall.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import { openQuickHall } from '../fixtures/quick-hall.ts';
import { serveHall } from '../fixtures/served-hall.ts';

/** The hall behind its addresses; a header says who asks, in the place of a log-in. */
async function openHttpHall(t: { after(end: () => Promise<void>): void }, windows: number) {
  const setting = openQuickHall({ windows });
  const { server, port } = await serveHall(setting);
  t.after(async () => {
    await server.close();
    await setting.close();
  });
  async function ask<T>(method: string, path: string, body?: object, me = ''): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${port}/api${path}`, {
      method,
      headers: { 'x-me': me, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const value = await answer.json();
    if (!answer.ok) throw new AppError((value as ApiError).code as AppError['code']);
    return value as T;
  }
  return { ...setting, ask };
}

test('a hundred windows that call at once over HTTP never share a person', async t => {
  const { ask, clerks } = await openHttpHall(t, 100);
  const wish = { serviceId: 'inn-certificate' };
  const given = await Promise.all(
    Array.from({ length: 60 }, () =>
      ask<TicketView>('POST', '/tickets', { ...wish, requestId: randomUUID() }),
    ),
  );
  assert.equal(new Set(given.map(({ number }) => number)).size, 60);
  const outcomes = await Promise.allSettled(
    clerks.map(({ login }) => ask<QueueView>('POST', '/queue/next', undefined, login)),
  );
  const called = outcomes.flatMap(each => (each.status === 'fulfilled' ? [each.value.mine?.ticketId] : []));
  assert.equal(called.length, 60);
  assert.deepEqual(new Set(called), new Set(given.map(({ id }) => id)));
  for (const each of outcomes)
    if (each.status === 'rejected') assert.equal(each.reason.code, 'queue.nobody-waiting');
});

test('a visit with all that may happen, over the addresses that pages use', async t => {
  const { ask, clerks } = await openHttpHall(t, 2);
  const [first = '', second = ''] = clerks.map(({ login }) => login);
  const serviceId = 'inn-certificate';
  const take = (more: object = {}) =>
    ask<TicketView>('POST', '/tickets', { requestId: randomUUID(), serviceId, ...more });
  const clerk = (path: string, body?: object, me = first) => ask<QueueView>('POST', path, body, me);
  const admin = (path: string, body?: object) => ask<HallLive>('POST', `/hall${path}`, body, 'hall');

  const a = await take({ purpose: 'result', more: ['passport-issue'] });
  const b = await take({ privilege: 'veteran' });
  assert.deepEqual([a.purpose, a.more[0]?.serviceId, b.ahead], ['result', 'passport-issue', 0]);
  await clerk('/window/open');
  const view = await clerk('/queue/next');
  assert.deepEqual([view.mine?.number, view.callable], [b.number, [a.id]]);
  const why = await ask<{ reason: string }>('GET', `/tickets/${b.id}/why?before=${a.id}`, undefined, first);
  assert.equal(why.reason, 'due-earlier');
  await clerk(`/tickets/${b.id}/hold`, { why: 'pause', minutes: 5 });
  await clerk(`/tickets/${b.id}/comment`, { requestId: randomUUID(), words: 'Ждёт внука' });
  await clerk('/queue/choose', { ticketId: b.id });
  await clerk(`/tickets/${b.id}/came`);
  await clerk(`/tickets/${b.id}/add-service`, { requestId: randomUUID(), serviceId: 'housing-subsidy' });
  await clerk(`/tickets/${b.id}/transfer`, { window: '2', comesBack: false }).then(({ mine }) =>
    assert.equal(mine, null),
  );
  await clerk('/window/pause', { reason: 'lunch', minutes: 30 });
  await clerk('/window/resume');
  const moved = await clerk('/queue/choose', { ticketId: a.id, reason: 'child' }, second);
  assert.equal(moved.mine?.number, a.number);
  await clerk(`/tickets/${a.id}/no-show`, undefined, second);
  assert.equal((await ask<TicketView>('POST', `/tickets/${a.id}/return`)).state, 'waiting');
  assert.equal((await ask<TicketView>('POST', `/tickets/${a.id}/cancel`)).state, 'cancelled');
  await ask('POST', '/ratings', { requestId: randomUUID(), marks: [{ aspect: 'comfort', mark: 5 }] });
  const call = { requestId: randomUUID(), place: 'kiosk-1' };
  await ask('POST', '/administrator-calls', call);

  const live = await ask<HallLive>('GET', '/hall/live', undefined, 'hall');
  assert.deepEqual([live.today.issued, live.today.cancelled, live.administratorCalls.length], [2, 1, 1]);
  await admin(`/administrator-calls/${call.requestId}/came`);
  await admin(`/tickets/${b.id}/change`, { reason: 'health', privilege: null });
  await admin(`/tickets/${b.id}/reprint`);
  await admin(`/services/${serviceId}`, { open: false, perDay: null, reason: 'other' });
  await admin('/messages', { requestId: randomUUID(), window: '2', words: 'Смените бумагу' });
  await admin('/skills/clerk-2', { skills: [{ purpose: 'consult', weight: 5 }] });
  const said = {
    requestId: randomUUID(),
    ...{ announcement: { ru: 'Окно 2 закрыто', en: 'Window 2 is closed' }, minutes: null },
  };
  const [announcement] = (await admin('/announcements', said)).announcements;
  const hall = await ask<HallView>('GET', '/hall');
  assert.deepEqual([hall.closed, hall.announcements.length], [[{ serviceId, why: 'closed' }], 1]);
  await ask('DELETE', `/hall/announcements/${announcement?.id}`, undefined, 'hall');
  await admin('/windows/2/close');
  assert.equal((await admin('/day/close')).open, false);
  assert.equal((await admin('/day/open')).open, true);
  await assert.rejects(take(), { code: 'queue.service-closed' });
  for (const [path, me] of [
    ['/hall/live', first],
    ['/queue', 'hall'],
  ] as const)
    await assert.rejects(ask('GET', path, undefined, me), { code: 'access.forbidden' });
  await assert.rejects(ask('POST', '/stations/leases', undefined, first), { code: 'internal.bad-request' });
});

test('whatever would happen twice is done once for the same request, whose answer may have got lost', async t => {
  const { ask, clerks, printed, now } = await openHttpHall(t, 1);
  const me = clerks[0]?.login;
  const more = ['passport-issue'];
  const { id } = await ask<TicketView>('POST', '/tickets', {
    requestId: randomUUID(),
    serviceId: 'inn-certificate',
    more,
  });
  const twice = async (path: string, body: object = {}, who = me) => {
    const wish = { requestId: randomUUID(), ...body };
    // Twice at once, and once more when both are done.
    await Promise.all([ask('POST', path, wish, who), ask('POST', path, wish, who)]);
    await ask('POST', path, wish, who);
  };
  await ask('POST', '/queue/next', undefined, me);
  await twice(`/tickets/${id}/recall`);
  await twice(`/tickets/${id}/add-service`, { serviceId: 'housing-subsidy' });
  await twice(`/tickets/${id}/comment`, { words: 'Ждёт внука' });
  await twice(`/hall/tickets/${id}/reprint`, {}, 'hall');
  await twice('/hall/announcements', { announcement: { ru: 'Проба', en: 'Trial' }, minutes: null }, 'hall');
  await twice('/hall/messages', { window: null, words: 'Смените бумагу' }, 'hall');
  await ask('POST', `/tickets/${id}/came`, undefined, me);
  await twice(`/tickets/${id}/finish`);
  const { mine, messages } = await ask<QueueView>('GET', '/queue', undefined, me);
  assert.deepEqual([mine?.serviceId, mine?.more.length, mine?.comments.length], ['passport-issue', 1, 1]);
  assert.equal(messages.length, 1);
  assert.equal(printed.filter(({ reprint }) => reprint).length, 1);
  assert.equal((await ask<HallView>('GET', '/hall')).announcements.length, 1);
  assert.equal(now().db.prepare('select calls from tickets').get()?.calls, 2);
});
