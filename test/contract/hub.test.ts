import assert from 'node:assert/strict';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { nextNumbers, seriesOf } from '../../device/core/numbering.ts';
import { guardHub } from '../../device/http/hub-routes.ts';
import { createHub } from '../../device/hub/hub.ts';
import { type HubCopy, openHubCopy } from '../../device/hub/hub-copy.ts';
import { createBoxState } from '../../device/journal/box-state.ts';
import type { Clock } from '../../platform/clock.ts';
import { createHttpServer } from '../../platform/http.ts';
import type { TicketWish } from '../../protocol/api/tickets.ts';
import { type Seal, sealStatement } from '../../protocol/sealed-statement.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { seededRandom } from '../fixtures/books.ts';
import { silentLog } from '../fixtures/branch.ts';
import { hallAdministrator, openQuickHall } from '../fixtures/quick-hall.ts';
import { minuteMs, type TestClock, testClock } from '../fixtures/test-clock.ts';

const serviceId = 'inn-certificate'; // letter В
const names = ['mfc-041', 'mfc-041-2'] as const;
const authority = await createAuthority('Проба: печати');
const clock: TestClock = testClock('2026-11-23T08:00:00.000Z');
const ends: (() => Promise<unknown> | unknown)[] = [];
after(async () => {
  for (const end of ends) await end();
});

async function sealOf(commonName: string, by = authority): Promise<Seal> {
  const issued = await by.issue({ commonName, usage: 'signing', days: 30 });
  return { key: createPrivateKey(issued.privateKey ?? ''), certificate: issued.certificateDer };
}

/** One of the two boxes of a branch, without its servers. */
async function openBox(series: 0 | 1) {
  const box = names[series];
  const other = names[1 - series] ?? '';
  let copy: HubCopy | undefined;
  const setting = openQuickHall({
    ...{ clock, windows: 3 },
    pair: { box, pair: { series, box: other, url: `http://${other}.test`, password: 'proba' } },
    isKnownElsewhere: id => copy?.knows(id) ?? false,
  });
  ends.push(() => setting.close());
  const seal = await sealOf(box);
  const open = () => {
    const { db, journal } = setting.now();
    copy = openHubCopy(join(setting.dir, 'hub-copy.db'), silentLog);
    const parts = { config: setting.config, db, journal, boxState: createBoxState(db), copy, seal };
    const anchors = [authority.certificateDer];
    const hub = createHub({
      ...parts,
      anchors,
      publicUrl: () => `http://${box}.test`,
      clock,
      log: silentLog,
    });
    return { hub, copy };
  };
  let parts = open();
  ends.unshift(() => parts.copy.close());
  return {
    ...{ box, setting, clerk: setting.clerk },
    now: () => parts,
    hall: () => setting.now().hall,
    issue: (wish: Partial<TicketWish> = {}) =>
      setting.now().hall.issue({ requestId: randomUUID(), serviceId, ...wish }),
    /** A power cut and a start. */
    async restart(between: () => void = () => {}) {
      parts.copy.close();
      between();
      await setting.restart();
      parts = open();
    },
  };
}
type Box = Awaited<ReturnType<typeof openBox>>;

/** What `asker` does each second. */
async function ask(asker: Box, other: Box): Promise<void> {
  for (;;) {
    const { hub, copy } = asker.now();
    const told = await other.now().hub.tell({ ...copy.cursor(), statement: hub.statement() });
    if (told.statement) await hub.hear(told.statement);
    await hub.keep(told);
    if (told.upTo >= told.head) return;
  }
}

/** Everybody in the hall, with what the rule of calling and the pages know of them. */
function people(box: Box) {
  const rows = box.setting
    .now()
    .db.prepare(
      `select id, number, state, service_id, more, for_window, window, privilege, issued_at from tickets
        where state not in ('done', 'abandoned', 'cancelled') order by number`,
    )
    .all();
  return rows.map(row => ({ ...row }));
}
const line = (box: Box) =>
  box
    .hall()
    .board()
    .waiting.map(({ number }) => number);

test('two boxes that do not hear of each other never give the same number, whatever ranges they lease', () => {
  const random = seededRandom(7);
  const given = new Set<number>();
  for (const series of [0, 1] as const)
    for (let highest = 0; highest < 20_000; ) {
      const count = 1 + Math.floor(random() * 100);
      const from = nextNumbers(highest, count, series);
      assert.ok(from > highest);
      for (let running = from; running < from + count; running++) {
        assert.equal(seriesOf(running), series);
        assert.ok(!given.has(running), String(running));
        given.add(running);
      }
      highest = from + count - 1;
    }
  assert.equal(nextNumbers(0, 1, 0), 1);
  assert.equal(nextNumbers(0, 1, 1), 500);
  assert.equal(nextNumbers(620, 1, null), 621);
});

describe('a day of two boxes', () => {
  let first: Box;
  let spare: Box;
  before(async () => {
    first = await openBox(0);
    spare = await openBox(1);
  });
  const leaseId = randomUUID();
  const tell = (running: number, of = { letter: 'В', day: '2026-11-23' }, lease = leaseId) => ({
    ...{ requestId: randomUUID(), serviceId, ticketId: randomUUID(), leaseId: lease, running, of },
    ...{ takenAt: clock.now().toISOString(), heldBy: 'printed' as const },
  });

  test('F01 the spare goes on with everybody as they stood: in line, aside, transferred, at a window, missed', async () => {
    const { hall, clerk, issue } = first;
    const one = clerk(1);
    const appointment = {
      ...{ code: '1234567890', serviceId, day: '2026-11-24', at: '10:00', slots: 1, version: 1 },
      ...({ share: 'branch', state: 'booked', by: 'branch' } as const),
    };
    const appointmentId = randomUUID();
    await first.setting.now().journal.commit([
      { type: 'appointment.put', subject: appointmentId, body: appointment },
      { type: 'appointment.slip', subject: appointmentId, body: { version: 1, outcome: 'printed' } },
    ]);
    await hall().stations.lease('kiosk-1', { leaseId, letter: 'В', day: '2026-11-23', count: 10 });
    const tickets = [];
    for (let person = 0; person < 8; person++) {
      tickets.push(await issue(person === 5 ? { purpose: 'result' } : {}));
      clock.advance(minuteMs);
    }
    const served = async (act: (id: string) => Promise<void>) => {
      await hall().callNext(one);
      const id = hall().queue(one).mine?.ticketId ?? '';
      await hall().came(one, id);
      await act(id);
    };
    await served(id => hall().finish(one, id));
    await served(id => hall().hold(one, id, { why: 'papers', minutes: null }));
    await served(id =>
      hall().transfer(one, id, { serviceId: 'passport-issue', window: '2', comesBack: true }),
    );
    await served(async () => undefined);
    await hall().callNext(clerk(2));
    await hall().callNext(clerk(3));
    await hall().noShow(clerk(3), hall().queue(clerk(3)).mine?.ticketId ?? '');
    first.setting.trouble.code = 'printer.paper-out';
    const unprinted = await issue();
    first.setting.trouble.code = undefined;
    await ask(spare, first);
    assert.equal(spare.now().hub.waiting(), 8);
    assert.deepEqual(people(spare), [], 'not yet its people');

    const before = people(first);
    await spare.restart();
    await spare.now().hub.takeOver();
    // Whoever was called and did not come stands in line again, at the old place.
    const asBefore = before.map(row =>
      row.state === 'called' ? { ...row, state: 'waiting', window: null } : row,
    );
    assert.deepEqual(people(spare), asBefore);
    assert.ok(before.some(({ id, state }) => id === unprinted.id && state === 'issued'));
    assert.equal(spare.hall().queue(one).mine?.number, first.hall().queue(one).mine?.number);
    // Nobody calls anybody else first than the hub would have.
    const called = before.find(({ state }) => state === 'called')?.number;
    assert.deepEqual(
      line(spare).filter(number => number !== called),
      line(first),
    );
    await spare.restart();
    await spare.now().hub.takeOver();
    assert.deepEqual(people(spare), asBefore, 'twice is once');
    const booked = spare.setting.now().db.prepare('select id, code, state from appointments').all();
    const there = { id: appointmentId, code: '1234567890', state: 'booked' };
    assert.deepEqual(
      booked.map(row => ({ ...row })),
      [there],
    );
  });

  test('a paper that the new hub never heard of is put in line by hand, once and under its own number', async () => {
    const admit = (number: string, service = serviceId) =>
      spare.hall().admitByPaper(hallAdministrator, { number, serviceId: service });
    await admit('в77');
    assert.ok(line(spare).includes('В77'));
    for (const number of ['В77', 'В12', 'В512'])
      await assert.rejects(admit(number), { code: 'queue.number-taken' });
    await assert.rejects(admit('В78', 'passport-issue'), { code: 'queue.wrong-letter' });
  });

  test('the hub that comes back hands over what nobody knew of, gives no more numbers, and keeps its journal', async () => {
    const late = await first.issue();
    const count = people(spare).length;
    await ask(first, spare);
    assert.equal(first.now().hub.whyNot()?.code, 'hub.replaced');
    await first.restart();
    assert.equal(first.now().hub.whyNot()?.code, 'hub.replaced');
    await ask(spare, first);
    assert.equal(people(spare).length, count + 1);
    assert.equal(spare.hall().ticket(late.id).state, 'waiting');
    // What the new hub has on its disk is no more the old one's.
    await ask(spare, first);
    assert.deepEqual(
      people(first).map(({ state }) => state),
      ['no-show'],
    );
    await ask(spare, first);
    assert.equal(people(spare).length, count + 1);
    first.setting.now().journal.verifyChain();
  });

  test('a station tells the new hub what it gave: once, also of leases that only the old one knew', async () => {
    const { stations } = spare.hall();
    const known = tell(3);
    const told = await stations.accept('kiosk-1', known);
    assert.deepEqual([told.number, await stations.accept('kiosk-1', known)], ['В03', told]);
    const lost = await stations.accept('kiosk-1', tell(40, undefined, randomUUID()));
    assert.equal(lost.number, 'В40');
    // Numbers of the new hub itself are leased by nobody else.
    await assert.rejects(stations.accept('kiosk-1', tell(501, undefined, randomUUID())), {
      code: 'queue.number-not-leased',
    });
    // Told to the old hub, called and served there: it does not stand in line again.
    const done = first.setting.now().db.prepare(`select * from tickets where state = 'done'`).get() as {
      id: string;
      request_id: string;
      number: string;
    };
    const before = people(spare).length;
    await stations.accept('kiosk-1', {
      ...tell(Number(done.number.slice(1)), undefined, randomUUID()),
      ...{ ticketId: done.id, requestId: done.request_id },
    });
    assert.equal(people(spare).length, before);
    const from = (
      await stations.lease('kiosk-1', {
        ...{ leaseId: randomUUID(), letter: 'В' },
        day: '2026-11-23',
        count: 20,
      })
    ).from;
    assert.equal(seriesOf(from), 1);
  });

  test('the first box becomes the hub again: everybody is back, whose visit is over stays over', async () => {
    const ticket = await spare.issue();
    const [gone] = people(spare).filter(({ state }) => state === 'waiting');
    await spare.hall().visitors.cancel(String(gone?.id));
    clock.advance(5 * minuteMs);
    await ask(first, spare);
    const before = people(spare).filter(({ state }) => state !== 'no-show');
    // Its printer failed, and nobody can tell who read the number: it is called.
    for (const row of before) if (row.state === 'issued') row.state = 'waiting';
    await first.now().hub.takeOver();
    await ask(spare, first);
    assert.equal(spare.now().hub.whyNot()?.code, 'hub.replaced');
    await ask(first, spare);
    await ask(first, spare);
    assert.deepEqual(
      people(first).filter(({ state }) => state !== 'no-show'),
      before,
    );
    assert.ok(line(first).includes(ticket.number));
    assert.deepEqual(
      people(spare).filter(({ state }) => state !== 'no-show'),
      [],
    );
    for (const box of [first, spare]) box.setting.now().journal.verifyChain();
  });

  test('F03, F21 a damaged copy is put aside and fetched again; what a new epoch tells again is known', async () => {
    const { copy } = spare.now();
    const before = copy.facts().length;
    await spare.restart(() => writeFileSync(join(spare.setting.dir, 'hub-copy.db'), 'no database'));
    assert.deepEqual(spare.now().copy.cursor().epoch, null);
    await ask(spare, first);
    await first.setting.now().journal.beginEpoch('restored-from-copy');
    await ask(spare, first);
    assert.equal(spare.now().copy.facts().length, before);
  });

  test('whoever cannot prove to be the other box, or says an old term, changes nothing', async () => {
    const true_ = first.now().hub.statement();
    assert.ok(true_);
    const foreign = await createAuthority('Чужие печати');
    const said = { box: names[0], url: 'http://evil.test', term: true_.term + 5 };
    const before = spare.now().hub.view();
    for (const lie of [
      { ...true_, term: true_.term + 5 },
      { ...said, ...sealStatement('hub-of-branch', said, await sealOf(names[0], foreign)) },
      { ...said, ...sealStatement('hub-of-branch', said, await sealOf(names[1])) },
      { ...said, certificate: 'AAAA', signature: '' },
      true_,
    ])
      assert.equal(await spare.now().hub.hear(lie), false);
    assert.deepEqual(spare.now().hub.view(), before);
  });
});

test('F07 what a hub writes in 1970 is told to the spare box all the same', async () => {
  const { setting, issue } = await openBox(0);
  const before = clock.now().toISOString();
  const morning = await issue();
  clock.set('1970-01-01T00:01:00.000Z');
  const { db, journal } = setting.now();
  const said = async (calendar: Clock) => {
    const hub = createHub({
      ...{ config: setting.config, db, journal, boxState: createBoxState(db), copy: undefined, calendar },
      ...{ seal: await sealOf('mfc-041'), anchors: [], publicUrl: () => '', clock, log: silentLog },
    });
    return (await hub.tell({ epoch: null, after: 0, statement: null })).facts.map(({ subject }) => subject);
  };
  const evening = await issue();
  const right = { now: () => new Date(before), monotonicMs: () => 0 };
  for (const subjects of [await said(right), await said(clock)])
    assert.ok([morning, evening].every(({ id }) => subjects.includes(id)));
  clock.set('2099-01-01T00:00:00.000Z');
  assert.ok((await said(right)).includes(morning.id));
  clock.set(before);
});

test('a spare box refuses what only the hub does, however the address is written', async t => {
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  guardHub(server, { whyNot: () => ({ code: 'hub.spare', details: { box: 'b', url: 'u' } }) });
  server.post('/api/tickets', async () => ({ code: 'given' }));
  server.post('/api/tickets/:id/cancel', async () => ({ code: 'given' }));
  server.post('/api/case-status', async () => ({ code: 'told' }));
  const code = async (url: string) => (await server.inject({ method: 'POST', url })).json().code;
  for (const url of [
    '/api/tickets',
    '/api/%74ickets',
    '/%61pi/tickets',
    '/api/tickets?a',
    '/api/%74ickets/1/cancel',
  ])
    assert.equal(await code(url), 'hub.spare', url);
  assert.equal(await code('/api/case-status'), 'told');
});
