import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../fixtures/books.ts';
import { openKillRegion } from './kill/region.ts';
import { killAtRandom } from './kill/rounds.ts';
import { compileRecorder } from './power-cut/recorded-disk.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const rounds = 200;

test(`F01, F15, F18 kill -9 of boxes, broker and centre at ${rounds} random moments and calls to the disk: nothing acknowledged is lost or doubled`, async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-kills-'));
  const region = await openKillRegion(dir, ['mfc-041', 'mfc-042', 'mfc-043']);
  t.after(async () => {
    await region.close();
    await rm(dir, { recursive: true, force: true });
  });
  t.diagnostic(`OKNO_SEED=${seed}`);
  const kills = new Map<string, number>();
  let round = 0;
  await killAtRandom({
    ...{ region, random: seededRandom(seed), recorder: compileRecorder(dir) },
    onRound(what) {
      const [who = ''] = what.split(' ');
      kills.set(who, (kills.get(who) ?? 0) + 1);
      return ++round < rounds;
    },
  });
  await region.settle(`OKNO_SEED=${seed}`);
  t.diagnostic(`${round} rounds: ${[...kills].map(([who, times]) => `${who} ${times}`).join(', ')}`);
  assert.ok(round >= rounds);
});
