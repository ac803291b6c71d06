import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createArchiveIntake } from '../../central/archive/archive-intake.ts';
import { scrubArchive } from '../../central/archive/archive-scrub.ts';
import { openContentHolders } from '../../central/ledger/content-holders.ts';
import { systemClock } from '../../platform/clock.ts';
import { silentLog } from '../fixtures/books.ts';
import { agency, inState, type Relaying, sendCase, startRelaying, trustOf } from './relay-setting.ts';
import { folder, until } from './sync-setting.ts';

const day = 86_400_000;

/** So many days later, by the clock that decides what is due. */
function scrub(t: TestContext, centre: Relaying, anchors: ReturnType<typeof trustOf>, days: number) {
  const clock = { ...systemClock, now: () => new Date(Date.now() + days * day) };
  const { storage, blobs, downLogs, troubles } = centre;
  const running = scrubArchive({
    ...{ storage, blobs, downLogs, troubles, anchors, clock, log: silentLog },
    holders: openContentHolders(storage),
    pace: { bytesPerSecond: 1e9, atLeastMs: 1, againAfterMs: 30 * day, failedAfterMs: day, restMs: 20 },
  });
  t.after(() => running.stop());
  const entries = () => storage.query.selectFrom('archive_entries').selectAll().orderBy('event').execute();
  const checkedSince = (start: number) =>
    until('everything is checked', async () =>
      (await entries()).every(({ checked_at }) => checked_at !== null && Date.parse(checked_at) >= start),
    );
  return { entries, checkedSince, stop: running.stop };
}

test('LED-3.10, F02 the archive is looked at by and by: digests and signatures, on after a restart, damage told and mended', async t => {
  const system = await agency(t);
  const dir = await folder(t);
  const centre = await startRelaying(t, dir, system);
  const anchors = trustOf(system);
  const [first, second] = [await sendCase(centre), await sendCase(centre)];
  for (const sent of [first, second]) {
    await sent.deliver(centre);
    await inState(centre, sent, 'result-ready');
  }
  const { storage } = centre;
  await createArchiveIntake({
    ...{ storage, register: centre.registers.current, timeZone: 'Europe/Moscow', clock: systemClock },
  }).round();

  const start = Date.now();
  const sound = scrub(t, centre, anchors, 0);
  await sound.checkedSince(start);
  await sound.stop();
  const codes = async (of: typeof sound) => (await of.entries()).map(({ check_code }) => check_code);
  assert.deepEqual(await codes(sound), [null, null, null, null]);

  // A month later, when the certificates are long over: all is as it was. Only then something rots.
  const month = scrub(t, centre, anchors, 31);
  await month.checkedSince(start + 31 * day);
  assert.deepEqual(await codes(month), [null, null, null, null]);
  await month.stop();
  const path = join(dir, 'blobs', first.sha256.slice(0, 2), first.sha256);
  await centre.blobs.remove(first.sha256);
  await writeFile(path, 'rotten');
  await centre.blobs.remove(second.sha256);
  const later = scrub(t, centre, { ...anchors, officers: [] }, 62);
  await later.checkedSince(start + 62 * day);
  await later.stop();
  const found = await later.entries();
  assert.deepEqual(found.map(({ kind, check_code }) => `${kind} ${check_code}`).sort(), [
    'package journal.blob-corrupt',
    'package journal.blob-missing',
    'result archive.signature-changed',
    'result archive.signature-changed',
  ]);
  assert.equal(await centre.blobs.has(first.sha256), false, 'nobody is given the damaged bytes');
  const troubles = (await centre.troubles.newest(9)).map(({ code, subject }) => `${code} ${subject}`);
  assert.ok(troubles.includes(`journal.blob-missing ${second.number}`));
  const wanted = (await centre.downLogs.entries('mfc-041', 0, 100)).filter(
    ({ type }) => type === 'content.wanted',
  );
  assert.equal(wanted.length, 2, 'the box is asked to bring both packages again');

  // It brought one; a day later that is seen.
  await second.deliver(centre);
  const mended = scrub(t, centre, anchors, 64);
  await until(
    'what came again is checked again',
    async () => (await codes(mended)).filter(code => code === null).length === 3,
  );
});
