import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openRegisterStore } from '../../central/registry/register-store.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import seed from '../../provisioning/demonstration/register.json' with { type: 'json' };
import { eachDatabase } from '../fixtures/databases.ts';

const boxes = ['mfc-041', 'mfc-042'];
const version = (number: number) => ({ ...seed, version: number });

eachDatabase(openTestCentre => {
  async function store(t: TestContext) {
    const dir = await mkdtemp(join(tmpdir(), 'okno-register-'));
    t.after(() => rm(dir, { recursive: true }));
    const centre = await openTestCentre();
    const open = async () =>
      openRegisterStore({ ...centre, blobs: await openBlobStore(dir), clock: systemClock });
    const told = async (box: string) =>
      (await centre.downLogs.entries(box, 0, 100)).map(({ type, body }) => [type, body.version]);
    return { ...centre, open, told };
  }

  test('RSX-reg a newer version is told to every box, once', async t => {
    const { open, told } = await store(t);
    const registers = await open();
    await assert.rejects(registers.current(), { code: 'queue.no-register' });
    await registers.publish(version(1), boxes);
    await registers.publish(version(3), boxes);
    for (const box of boxes)
    assert.deepEqual(await told(box), [['register.published', 1], ['register.published', 3]]); // biome-ignore format: one line
    assert.equal((await registers.current()).version, 3);
  });

  test('RSX-reg an older or equal version changes nothing', async t => {
    const { open, told } = await store(t);
    const registers = await open();
    await registers.publish(version(3), boxes);
    for (const number of [1, 2, 3]) await registers.publish(version(number), boxes);
    assert.equal((await registers.current()).version, 3);
    assert.equal((await told('mfc-041')).length, 1);
  });

  test('RSX-reg a box that comes with an older version is told once, however often it comes', async t => {
    const { open, told } = await store(t);
    const registers = await open();
    await registers.publish(version(3), []);
    await registers.bringUpToDate('mfc-041', 3);
    await registers.bringUpToDate('mfc-042', 2);
    await registers.bringUpToDate('mfc-042', 1);
    assert.deepEqual([await told('mfc-041'), await told('mfc-042')], [[], [['register.published', 3]]]);
  });

  test('a restarted centre works by the newest version and tells nobody again', async t => {
    const { open, told } = await store(t);
    await (await open()).publish(version(3), boxes);
    const again = await open();
    assert.deepEqual(await again.current(), version(3));
    await again.publish(version(3), boxes);
    assert.equal((await told('mfc-041')).length, 1);
  });

  test('something that is no register is refused and the old one stays', async t => {
    const { open } = await store(t);
    const registers = await open();
    await registers.publish(version(1), boxes);
    for (const wrong of [null, {}, { ...version(2), services: [{ id: 'x' }] }, { ...seed, version: 0 }])
      await assert.rejects(registers.publish(wrong, boxes), { code: 'setup.bad-configuration' });
    assert.equal((await registers.current()).version, 1);
  });

  test('its content counts as arrived, so that a fact that names it is never held up', async t => {
    const { open, storage, ledger } = await store(t);
    await (await open()).publish(version(1), boxes);
    const { sha256 } = await storage.query.selectFrom('registers').select('sha256').executeTakeFirstOrThrow();
    assert.ok(await ledger.hasContent(sha256));
  });
});
