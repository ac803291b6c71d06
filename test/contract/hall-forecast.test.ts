import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createForecastReport } from '../../device/hall/forecast-report.ts';
import type { ToldWaitRow } from '../../device/journal/projections/told-waits.ts';
import { clerkAt, openBranch, signingParties, type TestBranch } from '../fixtures/branch.ts';
import { minuteMs, testClock } from '../fixtures/test-clock.ts';

const serviceId = 'inn-certificate'; // 10 minutes by the register
const clerks = [clerkAt('1'), clerkAt('2')];
let branch: TestBranch;

before(async () => {
  const clock = testClock('2026-11-23T06:00:00.000Z'); // 9:00 in Moscow
  branch = await openBranch({ parties: await signingParties(), clock, windows: 100 });
});
after(() => branch.close());

const hall = () => branch.now().hall;
const issue = () => hall().issue({ requestId: randomUUID(), serviceId });
const toldWaits = () =>
  branch.now().db.prepare('select * from told_waits order by issued_at').all() as unknown as ToldWaitRow[];
function report() {
  const { db, config } = branch.now();
  return createForecastReport({ db, clock: branch.clock, config, now: hall().waitNow });
}
/** The person at a window is served for so long, and the next one is called. */
async function serve(clerk: (typeof clerks)[number], minutes: number): Promise<void> {
  const ticket = hall().queue(clerk).mine;
  if (ticket) {
    await hall().came(clerk, ticket.ticketId);
    branch.clock.advance(minutes * minuteMs);
    await hall().finish(clerk, ticket.ticketId);
  }
  if (hall().queue(clerk).canCall) await hall().callNext(clerk);
}

test('what a person was told is a part of the fact of the ticket, and what became of it stands beside', async () => {
  // Nobody has opened a window: the branch's own windows are counted, and who is called at once is told nothing.
  assert.deepEqual((await issue()).wait, { fromMinutes: 0, toMinutes: 5 });
  assert.equal(toldWaits().length, 0);
  for (const clerk of clerks) await hall().window.open(clerk);
  await hall().callNext(clerks[0] ?? clerkAt('1'));
  for (let person = 0; person < 9; person++) await issue();
  const last = hall().ticket((await issue()).id);
  const fact = branch
    .now()
    .journal.read(0, 1000)
    .findLast(({ type }) => type === 'ticket.issued');
  assert.ok(fact);
  const { told } = fact.body as {
    told: { ahead: number; windows: number; fromSeconds: number; toSeconds: number };
  };
  assert.deepEqual([told.ahead, told.windows], [9, 2]);
  assert.ok(last.wait && last.wait.fromMinutes * 60 <= told.fromSeconds);
  assert.ok(last.wait && last.wait.toMinutes * 60 >= told.toSeconds);
  // Nine people of some ten minutes for two windows.
  assert.ok(told.fromSeconds < 2700 && told.toSeconds > 2700, JSON.stringify(told));
  for (let round = 0; round < 11; round++) for (const clerk of clerks) await serve(clerk, 5);
  const ended = toldWaits();
  assert.ok(ended.length >= 8 && ended.every(({ waited_s }) => waited_s !== null));
  const { days, hours, today } = report().view();
  assert.deepEqual([days.length, hours.map(({ hour }) => hour), days[0]?.day], [1, [9], today]);
  assert.equal(days[0]?.told, ended.length);
});

test('F01 a start afterwards knows what was learned: visits of five minutes make the forecast shorter', async () => {
  const wait = async () => {
    for (let person = 0; person < 8; person++) await issue();
    const { wait: now } = hall().waitNow();
    return now.toMinutes;
  };
  const before = await wait();
  await branch.restart();
  assert.equal(hall().waitNow().wait.toMinutes, before);
  // Told of ten minutes a visit they were told more than they waited: the forecast has seen it.
  assert.ok(before < 60, `${before}`);
});

test('a hall whose every window pauses or takes its last person still gives tickets, with a wait that is a number', async () => {
  const [first = clerkAt('1'), second = clerkAt('2')] = clerks;
  await hall().window.pause(second, { reason: 'lunch', minutes: 60 });
  const paused = await issue();
  assert.ok(paused.wait && paused.wait.toMinutes > paused.wait.fromMinutes);
  await hall().window.lastClient(first);
  await hall().window.close(second);
  const { wait } = await issue();
  assert.ok(wait && Number.isInteger(wait.toMinutes) && wait.toMinutes < 12 * 60);
});

test('an alarm says when what is told comes true too seldom, and only when there is enough to say so', async () => {
  const { watched, view } = report();
  assert.equal(await watched.check(), null);
  const { db } = branch.now();
  // As if everybody had waited an hour longer than told.
  const { today } = view();
  const tell = db.prepare(`insert into told_waits values (?, ?, ?, 0, 60, 30, 50, 1, 1, 3600)`);
  for (let person = 0; person < 40; person++) tell.run(randomUUID(), '2026-11-23T09:00:00.000Z', today);
  assert.equal(await watched.check(), 'queue.forecast-drifts');
  assert.equal(view().drifts, true);
});
