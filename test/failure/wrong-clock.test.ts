import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { until } from '../contract/sync-setting.ts';
import { readBoxBooks } from './books/box-books.ts';
import { openKillRegion, type Seat } from './kill/region.ts';

const box = 'mfc-041';

/** A centre and a box, the box with a clock that the test sets: how far off it is, in seconds. */
async function openShifted(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), 'okno-clock-'));
  const region = await openKillRegion(dir, [box]);
  t.after(async () => {
    await region.close();
    await rm(dir, { recursive: true, force: true });
  });
  const library = join(dir, 'shifted-clock.so');
  const source = fileURLToPath(new URL('wrong-clock/shifted-clock.c', import.meta.url));
  execFileSync('cc', ['-O1', '-Wall', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  const file = openSync(join(dir, 'shift'), 'w');
  const shift = (seconds: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(seconds)));
    writeSync(file, bytes, 0, 8, 0);
  };
  shift(0);
  const [centre, seat] = region.seats as [Seat, Seat];
  await centre.start();
  return {
    region,
    seat,
    shift,
    env: { LD_PRELOAD: library, OKNO_CLOCK_FILE: join(dir, 'shift') },
    facts: () => [...(readBoxBooks(join(dir, box)).epochs.at(-1)?.facts.values() ?? [])],
    tickets: () => seat.program()?.said.filter(line => line.startsWith('ticket')).length ?? 0,
  };
}

for (const [year, name] of [
  ['1970-01-01T00:01:00Z', 'F07 a box that wakes up in 1970'],
  ['2099-12-31T23:59:00Z', 'F07 a box that wakes up in 2099'],
] as const)
  test(`${name} gives numbers, doubts its clock, finds the centre, and all arrives before and after the clock is set right`, async t => {
    const { region, seat, shift, env, facts, tickets } = await openShifted(t);
    shift((Date.parse(year) - Date.now()) / 1000);
    await seat.start(env);
    await until('tickets', () => tickets() > 20);
    const [first] = facts();
    assert.deepEqual([first?.at.slice(0, 4), first?.clock], [year.slice(0, 4), 'untrusted']);
    await region.settle(`${name}, still there`);
    await seat.program()?.kill();
    await seat.start(env);
    const moreTickets = async () => {
      const before = tickets();
      await until('more tickets', () => tickets() > before + 10);
    };
    await moreTickets();
    shift(0);
    await moreTickets();
    await region.settle(name);
    assert.equal(facts().at(-1)?.at.slice(0, 4), new Date().toISOString().slice(0, 4));
  });

test('F06, F08 a clock that jumps hours forth and back at work: nothing is lost, doubled or out of order', async t => {
  const { region, seat, shift, env, facts, tickets } = await openShifted(t);
  await seat.start(env);
  for (const hours of [5, -7, 30, 0]) {
    const goal = tickets() + 10;
    shift(hours * 3600);
    await until('tickets go on', () => tickets() > goal);
  }
  await region.settle('after the jumps');
  assert.ok(facts().some(({ clock }) => clock === 'untrusted'));
});

test('F09 a box that is moved through the zones of the country keeps its day and its numbers', async t => {
  const { region, seat, env } = await openShifted(t);
  for (const zone of ['Europe/Kaliningrad', 'Asia/Kamchatka', 'UTC']) {
    await seat.start({ ...env, TZ: zone });
    await sleep(400);
    await seat.program()?.kill();
  }
  await seat.start(env);
  await region.settle('after the zones');
});
