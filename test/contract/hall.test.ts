import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TicketView } from '../../protocol/api/tickets.ts';
import {
  clerkAt,
  openBranch,
  type SigningParties,
  signingParties,
  type TestBranch,
} from '../fixtures/branch.ts';
import { hourMs, minuteMs, testClock } from '../fixtures/test-clock.ts';

const serviceId = 'inn-certificate'; // letter В, 10 minutes
const [first, second] = [clerkAt('1'), clerkAt('2')];
let parties: SigningParties;
let branch: TestBranch;

before(async () => {
  parties = await signingParties();
});
beforeEach(async () => {
  const clock = testClock('2026-11-23T08:00:00.000Z'); // 11:00 in Moscow
  branch = await openBranch({ parties, clock, windows: 100 });
});
afterEach(() => branch.close());

const hall = () => branch.now().hall;
const issue = (requestId: string = randomUUID(), service = serviceId) =>
  hall().issue({ requestId, serviceId: service });
async function facts(): Promise<string[]> {
  const { journal } = branch.now();
  // What nobody waits for is on the disk after this too.
  await journal.commit([]);
  return journal.read(0, 1000).map(fact => fact.type);
}
const waitingNumbers = () =>
  hall()
    .board()
    .waiting.map(({ number }) => number);
const mine = (clerk = first) => {
  const { mine: ticket } = hall().queue(clerk);
  assert.ok(ticket);
  return ticket.ticketId;
};

/** Starts a number whose print takes a while; resolves once it has its number. */
async function issueSlowly(): Promise<{ id: string; done: Promise<TicketView> }> {
  branch.simulator.faults.set({ msPerLine: 40 });
  const done = issue();
  const { journal } = branch.now();
  const before = journal.head();
  while (journal.head() === before) await sleep(1);
  const { subject } = journal.read(before, 1)[0] ?? {};
  assert.ok(subject);
  return { id: subject, done };
}

describe('a number', () => {
  test('waits only once its ticket is printed', async () => {
    const { id, done } = await issueSlowly();
    assert.equal(hall().ticket(id).state, 'issued');
    assert.deepEqual(waitingNumbers(), []);
    await assert.rejects(() => hall().callNext(first), { code: 'queue.nobody-waiting' });
    const ticket = await done;
    assert.deepEqual([ticket.state, ticket.print.state, ticket.number], ['waiting', 'printed', 'В01']);
    assert.deepEqual(waitingNumbers(), ['В01']);
    assert.ok(branch.simulator.tickets()[0]?.lines.includes('В01'));
    assert.deepEqual(branch.simulator.tickets()[0]?.qr, [ticket.statusUrl]);
  });

  test('F26 that the printer had no paper for is kept, and waits when the person read it from the screen', async () => {
    branch.simulator.faults.set({ paper: 'out' });
    const ticket = await issue();
    assert.equal(ticket.state, 'issued');
    assert.ok(ticket.print.state === 'failed' && ticket.print.error.code === 'printer.paper-out');
    assert.deepEqual(waitingNumbers(), []);
    const confirmed = await hall().confirmOnScreen(ticket.id);
    assert.deepEqual([confirmed.state, confirmed.print.state], ['waiting', 'on-screen']);
    assert.equal((await hall().confirmOnScreen(ticket.id)).state, 'waiting');
    assert.deepEqual(await facts(), ['ticket.issued', 'ticket.print-failed', 'ticket.waiting']);
  });

  test('F26 whose print is in doubt is called like any other: somebody may hold the paper', async () => {
    branch.simulator.faults.set({ dead: true }, { afterLines: 4 });
    const ticket = await issue();
    assert.equal(ticket.state, 'waiting');
    assert.ok(ticket.print.state === 'failed' && ticket.print.error.code === 'printer.unconfirmed');
    assert.equal(hall().queue(first).waiting[0]?.doubtful, true);
    await hall().callNext(first);
    assert.equal(mine(), ticket.id);
  });

  test('taken from the screen while the printer worked, and called, is not waiting again when the print ends', async () => {
    const { id, done } = await issueSlowly();
    await hall().confirmOnScreen(id);
    await hall().callNext(first);
    await done;
    assert.equal(hall().ticket(id).state, 'called');
    await assert.rejects(() => hall().callNext(second), { code: 'queue.nobody-waiting' });
  });

  test('asked for again between its answer and its place in line is there once, as printed', async () => {
    const wish = { requestId: randomUUID(), serviceId };
    const answers = [await hall().give(wish), await hall().give(wish)];
    for (const { state, print } of answers)
      assert.deepEqual([state, print], ['waiting', { state: 'printed' }]);
    assert.deepEqual(waitingNumbers(), ['В01']);
    assert.deepEqual(await facts(), ['ticket.issued', 'ticket.waiting']);
  });

  test('is one for one wish, also when the kiosk asks again at the same time', async () => {
    const requestId = randomUUID();
    const answers = await Promise.all([issue(requestId), issue(requestId), issue(requestId)]);
    assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    assert.deepEqual(new Set(answers.map(({ state }) => state)), new Set(['waiting']));
    assert.equal((await issue(requestId)).number, 'В01');
    assert.equal(branch.simulator.tickets().length, 1);
    assert.deepEqual(await facts(), ['ticket.issued', 'ticket.waiting']);
  });

  test('is not given for an unknown service', async () => {
    await assert.rejects(issue(randomUUID(), 'no-such-service'), { code: 'queue.unknown-service' });
    assert.deepEqual(await facts(), []);
    assert.equal((await issue()).number, 'В01');
  });

  test('belongs to its category and goes on after a restart', async () => {
    const numbers = [await issue(), await issue(randomUUID(), 'passport-issue')].map(({ number }) => number);
    await branch.restart();
    assert.deepEqual([...numbers, (await issue()).number], ['В01', 'Б01', 'В02']);
  });

  test('that nobody took is given up after ten minutes, others are not', async () => {
    branch.simulator.faults.set({ paper: 'out' });
    const [untaken, taken] = [await issue(), await issue()];
    await hall().confirmOnScreen(taken.id);
    branch.simulator.faults.clear();
    branch.clock.advance(9 * minuteMs);
    await issue();
    assert.equal(hall().ticket(untaken.id).state, 'issued');
    branch.clock.advance(2 * minuteMs);
    await issue();
    assert.equal(hall().ticket(untaken.id).state, 'abandoned');
    assert.equal(hall().ticket(taken.id).state, 'waiting');
    await assert.rejects(() => hall().confirmOnScreen(untaken.id), { code: 'queue.wrong-state' });
  });
});

describe('F09 the day of the branch', () => {
  test('begins the numbers anew at its own midnight', async () => {
    branch.clock.set('2026-11-23T20:50:00.000Z'); // 23:50 in Moscow
    assert.equal((await issue()).number, 'В01');
    branch.clock.advance(20 * minuteMs);
    assert.equal((await issue()).number, 'В01');
    assert.deepEqual(waitingNumbers(), ['В01', 'В01']);
  });

  test('ends for those who were not called, and the next morning calls nobody of yesterday', async () => {
    const leftover = await issue();
    branch.clock.advance(22 * hourMs);
    await assert.rejects(() => hall().callNext(first), { code: 'queue.nobody-waiting' });
    assert.equal(hall().ticket(leftover.id).state, 'abandoned');
  });

  test('ends also when the box was off at night', async () => {
    const leftover = await issue();
    await branch.restart(() => branch.clock.set('2026-11-24T05:00:00.000Z'));
    await hall().recover();
    assert.equal(hall().ticket(leftover.id).state, 'abandoned');
  });

  test('F08 is not ended by a clock that is set right at work', async () => {
    branch.clock.set('2026-11-22T20:00:00.000Z');
    const ticket = await issue();
    branch.clock.set('2026-11-23T08:00:00.000Z');
    const next = await issue();
    await hall().callNext(first);
    assert.equal(mine(), ticket.id);
    assert.equal(hall().ticket(next.id).state, 'waiting');
  });

  test('F07 is not ended by a clock that woke up in another age', async () => {
    const ticket = await issue();
    await branch.restart(() => branch.clock.set('2099-01-01T00:00:00.000Z'));
    await hall().recover();
    await issue();
    assert.equal(hall().ticket(ticket.id).state, 'waiting');
  });
});

describe('windows', () => {
  test('a hundred that call at once never share a person', async () => {
    for (let person = 0; person < 60; person++) {
      const subject = randomUUID();
      const body = { number: `В${person}`, serviceId, day: '2026-11-23', requestId: randomUUID() };
      await branch.now().journal.commit([
        { type: 'ticket.issued', subject, body },
        { type: 'ticket.waiting', subject, body: { by: 'printed' } },
      ]);
    }
    const clerks = Array.from({ length: 100 }, (_, index) => clerkAt(String(index + 1)));
    const outcomes = await Promise.allSettled(
      clerks.map(async clerk => {
        await sleep(0);
        await hall().callNext(clerk);
        return mine(clerk);
      }),
    );
    const called = outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    assert.equal(called.length, 60);
    assert.equal(new Set(called).size, 60);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'queue.nobody-waiting');
  });

  test('call in the order in which the numbers were given', async () => {
    const given = [await issue(), await issue(randomUUID(), 'passport-issue'), await issue()];
    const called: string[] = [];
    for (const _ of given) {
      await hall().callNext(first);
      const id = mine();
      await hall().came(first, id);
      await hall().finish(first, id);
      called.push(id);
    }
    assert.deepEqual(
      called,
      given.map(({ id }) => id),
    );
    assert.equal(hall().queue(first).served, 3);
  });

  test('have one person at a time', async () => {
    const [ticket] = [await issue(), await issue()];
    await hall().callNext(first);
    await assert.rejects(() => hall().callNext(first), { code: 'queue.window-busy' });
    await hall().came(first, ticket.id);
    await assert.rejects(() => hall().callNext(first), { code: 'queue.window-busy' });
  });

  test('cannot touch the person of another window', async () => {
    const ticket = await issue();
    await hall().callNext(first);
    for (const act of ['recall', 'came', 'noShow', 'finish'] as const)
      assert.rejects(() => hall()[act](second, ticket.id), { code: 'queue.wrong-state' });
    await hall().came(first, ticket.id);
    await assert.rejects(() => hall().finish(second, ticket.id), { code: 'queue.wrong-state' });
    assert.equal(hall().ticket(ticket.id).state, 'serving');
  });

  test('cannot do things out of turn', async () => {
    const ticket = await issue();
    const refused = (act: 'recall' | 'came' | 'noShow' | 'finish') =>
      assert.rejects(() => hall()[act](first, ticket.id), { code: 'queue.wrong-state' });
    for (const act of ['recall', 'came', 'noShow', 'finish'] as const) await refused(act);
    await hall().callNext(first);
    await refused('finish');
    await hall().recall(first, ticket.id);
    assert.equal(hall().queue(first).mine?.calls, 2);
    await hall().came(first, ticket.id);
    for (const act of ['recall', 'came', 'noShow'] as const) await refused(act);
    await hall().finish(first, ticket.id);
    for (const act of ['recall', 'came', 'noShow', 'finish'] as const) await refused(act);
    await assert.rejects(() => hall().finish(first, randomUUID()), { code: 'queue.unknown-ticket' });
  });

  test('are needed to call: a clerk without one may not', async () => {
    await assert.rejects(() => hall().callNext({ ...first, window: null }), { code: 'access.forbidden' });
  });

  test('F06 the newest call stands first on the board, also when the clock went back', async () => {
    for (let person = 0; person < 2; person++) await issue();
    await hall().callNext(first);
    branch.clock.set('2026-11-23T07:00:00.000Z');
    await hall().callNext(second);
    const { called } = hall().board();
    assert.deepEqual(
      called.map(({ window }) => window),
      ['2', '1'],
    );
  });

  test('F08 a clock that goes back makes no endless forecast', async () => {
    await issue();
    await hall().callNext(first);
    await hall().came(first, mine());
    const before = hall().waitNow().wait;
    branch.clock.set('2026-11-23T03:00:00.000Z');
    assert.deepEqual(hall().waitNow().wait, before);
  });
});

describe('F01 after a power cut', () => {
  test('a number whose print was cut off is called, one whose print surely failed waits for its person', async () => {
    branch.simulator.faults.set({ paper: 'out' });
    const failed = await issue();
    branch.simulator.faults.clear();
    const subject = randomUUID();
    const body = { number: 'В02', serviceId, day: '2026-11-23', requestId: randomUUID() };
    await branch.now().journal.commit([{ type: 'ticket.issued', subject, body }]);
    await branch.restart();
    assert.equal(await hall().recover(), 1);
    assert.equal(await hall().recover(), 0);
    assert.deepEqual([hall().ticket(subject).state, hall().ticket(failed.id).state], ['waiting', 'issued']);
    assert.equal(hall().ticket(subject).print.state, 'recovered');
  });

  test('a kiosk that asks again gets its number, and the hall goes on where it was', async () => {
    const requestId = randomUUID();
    const ticket = await issue(requestId);
    await hall().callNext(first);
    await branch.restart();
    await hall().recover();
    assert.equal((await issue(requestId)).id, ticket.id);
    assert.equal(mine(), ticket.id);
    assert.equal(branch.simulator.tickets().length, 1);
  });

  test('a print that broke off inside the program ends in the queue when the kiosk asks again', async () => {
    const requestId = randomUUID();
    const { db } = branch.now();
    branch.simulator.faults.set({ msPerLine: 20 });
    const issuing = issue(requestId);
    // Nothing can be written when the printer has done its work.
    db.exec('pragma query_only = on');
    await assert.rejects(issuing, /readonly/);
    db.exec('pragma query_only = off');
    assert.equal((await issue(requestId)).state, 'waiting');
    assert.equal(branch.simulator.tickets().length, 1);
  });
});
