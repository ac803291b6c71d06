import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { bothOff, goingOn, offTimes } from '../../device/core/forecast/openings.ts';
import { slipOf } from '../../device/hall/slip.ts';
import type { HallRules } from '../../protocol/hall-rules.ts';
import { hallAdministrator, openQuickHall } from '../fixtures/quick-hall.ts';
import { minuteMs, testClock } from '../fixtures/test-clock.ts';

type Hours = NonNullable<HallRules['hours']>;

const everyDay = (...hours: { from: string; to: string }[]) => Array.from({ length: 7 }, () => hours);
const tillSix: Hours = [{ week: everyDay({ from: '09:00', to: '18:00' }) }];
const serviceId = 'inn-certificate'; // 10 minutes by the register

/** A hall in Moscow with its windows open, on Monday at this time of UTC. */
async function openHall(t: TestContext, at: string, hours: Hours, windows = 1) {
  const quick = openQuickHall({ clock: testClock(`2026-11-23T${at}:00.000Z`), windows, rules: { hours } });
  t.after(() => quick.close());
  for (const clerk of quick.clerks) await quick.now().hall.window.open(clerk);
  const issue = (wish = serviceId) => quick.now().hall.issue({ requestId: randomUUID(), serviceId: wish });
  return { quick, issue, hall: () => quick.now().hall };
}

test('a person who would be called after closing is told so, on screen and paper, and is promised no wait', async t => {
  const { quick, issue, hall } = await openHall(t, '14:30', tillSix); // 17:30 in Moscow
  const first = await issue();
  assert.deepEqual(first.closing, { at: '2026-11-23T15:00:00.000Z', chance: 'likely' });
  const chances: unknown[] = [first.closing?.chance];
  let last = first;
  for (let person = 0; person < 8; person++) {
    last = await issue();
    chances.push(last.closing?.chance);
  }
  // Half an hour, ten minutes each: once it is doubtful it does not become likely again.
  assert.deepEqual([...new Set(chances)], ['likely', 'unsure', 'unlikely']);
  assert.equal(last.wait, null);
  assert.equal(hall().outlook({ serviceId }).closing?.chance, 'unlikely');
  assert.equal(hall().waitNow().closing?.chance, 'unlikely');
  const issued = quick
    .now()
    .journal.read(0, 1000)
    .filter(({ type }) => type === 'ticket.issued');
  const told = issued.map(({ body }) => 'told' in body && body.told !== undefined);
  assert.deepEqual([told[1], told.at(-1)], [true, false]);
  const { branch } = quick.config;
  assert.equal(slipOf(last, branch, false).wait, 'Сегодня можем не успеть: приём до 18:00');
  assert.match(slipOf(first, branch, false).wait, /^Ожидание до 5 минут$/);

  // Overtime: whoever holds a number is called all the same, and a newcomer knows.
  quick.clock.advance(40 * minuteMs);
  assert.equal(hall().outlook({ serviceId }).closing?.chance, 'over');
  const late = await issue();
  assert.match(slipOf(late, branch, false).wait, /^Приём был до 18:00, можем не успеть$/);
});

test('a window that closes at a known time is counted with until then, and a break is counted as one', async t => {
  const alone = await openHall(t, '08:00', tillSix, 2); // 11:00 in Moscow
  const early = await openHall(
    t,
    '08:00',
    [...tillSix, { week: everyDay({ from: '09:00', to: '11:10' }), windows: ['2'] }],
    2,
  );
  const lunch = await openHall(
    t,
    '08:00',
    [{ week: everyDay({ from: '09:00', to: '11:10' }, { from: '12:00', to: '18:00' }) }],
    2,
  );
  const waits: number[] = [];
  for (const { issue, hall } of [alone, early, lunch]) {
    for (let person = 0; person < 10; person++) await issue();
    waits.push(hall().outlook({ serviceId }).wait.toMinutes);
  }
  const [both = 0, one = 0, pause = 0] = waits;
  assert.ok(one > both + 10 && pause > both + 20, `${waits}`);
  // The other one serves until six.
  assert.equal(early.hall().outlook({ serviceId }).closing?.at, '2026-11-23T15:00:00.000Z');
});

test('what only one window serves closes with that window', async t => {
  const own = [...tillSix, { week: everyDay({ from: '09:00', to: '11:30' }), windows: ['2'] }];
  const { quick, hall } = await openHall(t, '08:00', own, 2);
  const { administrator } = hall();
  await administrator.setSkills(hallAdministrator, quick.clerk(1).login, {
    skills: [{ serviceId: 'housing-subsidy', weight: 10 }],
  });
  assert.equal(hall().outlook({ serviceId }).closing?.at, '2026-11-23T08:30:00.000Z');
  assert.equal(hall().outlook({ serviceId: 'housing-subsidy' }).closing?.at, '2026-11-23T15:00:00.000Z');
});

test('nothing is said of closing without hours, on a day off, and to who has been called', async t => {
  const none = await openHall(t, '08:00', []);
  assert.equal((await none.issue()).closing, null);
  const dayOff = await openHall(t, '08:00', [
    { week: [[], ...everyDay({ from: '09:00', to: '18:00' }).slice(1)] },
  ]);
  assert.equal((await dayOff.issue()).closing, null);
  const { quick, issue, hall } = await openHall(t, '08:00', tillSix);
  const { id } = await issue();
  await hall().callNext(quick.clerk(1));
  assert.equal(hall().ticket(id).closing, null);
  await assert.rejects(async () => hall().outlook({ serviceId: 'no-such' }), {
    code: 'queue.unknown-service',
  });
});

test('openings become times off: breaks, closing, and the last one goes on', () => {
  const day = [
    { fromSeconds: 100, toSeconds: 200 },
    { fromSeconds: 300, toSeconds: 400 },
  ];
  const ever = Number.POSITIVE_INFINITY;
  assert.deepEqual(offTimes(day, 150), [
    { fromSeconds: 50, toSeconds: 150 },
    { fromSeconds: 250, toSeconds: ever },
  ]);
  assert.deepEqual(offTimes(goingOn(day, 400), 350), []);
  assert.deepEqual(offTimes(goingOn(day, 500), 350), [{ fromSeconds: 50, toSeconds: ever }]);
  assert.equal(offTimes(day, 400), undefined);
  const off = bothOff([{ fromSeconds: 0, toSeconds: 60 }], offTimes(day, 150) ?? []);
  assert.deepEqual(off[0], { fromSeconds: 0, toSeconds: 150 });
});
