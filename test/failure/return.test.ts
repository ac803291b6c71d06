import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import { prepareCentre } from '../bench/setting/centre.ts';
import { takeDown } from '../bench/setting/ending.ts';
import { makeIdentities } from '../bench/setting/identities.ts';
import { startProgram } from '../bench/setting/programs.ts';

const boxes = 500;

test(`F17 the centre and its broker are killed: ${boxes} boxes come back by themselves, and no number is missing`, async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-return-'));
  t.after(async () => {
    await takeDown();
    await rm(dir, { recursive: true, force: true });
  });
  const identities = await makeIdentities(join(dir, 'identities'));
  const names = Array.from({ length: boxes }, (_, index) => `mfc-${index + 1}`);
  const files = await Promise.all(names.map(async box => ({ box, ...(await identities.box(box)) })));
  const folder = join(dir, 'centre');
  await mkdir(folder);
  const prepared = await prepareCentre({ folder, identities, boxes: names });
  const centre = await prepared.start();
  const wish = join(dir, 'boxes.json');
  await writeFile(wish, JSON.stringify({ port: centre.ports.mqtt, boxes: files, everyMs: 1000 }));
  const fleet = await startProgram('fleet-boxes', [wish]);
  await fleet.heard;
  await fleet.ask('connect');
  await fleet.ask('live', { seconds: 1 });
  // These boxes keep nothing that could be sent again: a message on its way would be a hole afterwards.
  const quiet = async () => {
    for (let last = -1; prepared.stored().facts !== last; await sleep(1000)) last = prepared.stored().facts;
  };
  await quiet();
  await centre.kill();
  await fleet.ask('scattered');
  const killedMs = performance.now();
  await prepared.start();
  const { refused } = await fleet.ask<{ refused: number }>('gathered');
  t.diagnostic(
    `all back ${Math.round(performance.now() - killedMs)} ms after the kill, ${refused} tries in vain`,
  );
  const before = prepared.stored().facts;
  await fleet.ask('live', { seconds: 2 });
  await quiet();
  const { facts, upTo } = prepared.stored();
  assert.ok(facts > before, 'they go on');
  assert.equal(upTo, facts, 'no hole in any journal');
  const storage = await openSqliteStorage(join(folder, 'data/centre.db'));
  t.after(() => storage.close());
  assert.deepEqual(await storage.query.selectFrom('troubles').select(['code', 'subject']).execute(), []);
  assert.deepEqual(await storage.query.selectFrom('dead_letters').select('box').execute(), []);
});
