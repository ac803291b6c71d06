import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { openRegister } from '../../device/config/register-file.ts';
import { createHall } from '../../device/hall/hall.ts';
import { createBoxState } from '../../device/journal/box-state.ts';
import { createClockTrust } from '../../device/journal/clock-trust.ts';
import { openBoxJournal } from '../../device/journal/open-box-journal.ts';
import type { TicketPrinter } from '../../device/peripherals/driver.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import type { Me } from '../../protocol/api/people.ts';
import { boxConfig } from '../bench/setting/box-config.ts';
import { folder, layLine, startBox, startCentre, synced } from '../contract/sync-setting.ts';
import { factNaming, silentLog as log } from '../fixtures/books.ts';
import { hourMs, type TestClock, testClock } from '../fixtures/test-clock.ts';
import { readBoxBooks } from './books/box-books.ts';
import { assertAllArrived } from './invariants.ts';

const box = 'mfc-041';
const windows = 10;
const ticketsADay = 70;
/** People whom nobody calls before the evening. */
const leftADay = 4;

/** A branch at work without any line, its clock moved by hand. Answers with what it was told was kept. */
async function workOffline(dir: string, clock: TestClock, days: number) {
  const trust = { now: () => 'untrusted' as 'trusted' | 'untrusted' };
  const { db, journal } = await openBoxJournal({ dir, clock, clockQuality: () => trust.now(), log });
  const parts = { clock, state: createBoxState(db), builtAt: '2026-11-01T00:00:00.000Z' };
  const clockTrust = createClockTrust({ ...parts, newestFactAt: journal.newestTrustedAt() });
  trust.now = clockTrust.quality;
  clockTrust.keepIn(journal);
  const blobs = await openBlobStore(join(dir, 'box-blobs'));
  const config = boxConfig(box, dir);
  const register = await openRegister(db, blobs, config.register, log);
  const printer: TicketPrinter = {
    print: async () => ({ kind: 'printed', bytes: 0 }),
    status: async () => ({
      online: true,
      coverOpen: false,
      paperOut: false,
      paperNearEnd: false,
      fault: false,
    }),
    close: async () => {},
  };
  const hall = createHall({ db, journal, clock, config, register, printer, publicUrl: () => '', log });
  const clerks = Array.from({ length: windows }, (_, index): Me => {
    const window = String(index + 1);
    return { login: `clerk-${window}`, name: 'Окошкина Анна', post: '', role: 'clerk', window };
  });
  const tickets: { requestId: string; number: string }[] = [];
  const subjects: string[] = [];

  async function issue(): Promise<string> {
    const requestId = randomUUID();
    const { number } = await hall.issue({ requestId, serviceId: 'inn-certificate' });
    tickets.push({ requestId, number });
    return number;
  }

  async function serve(clerk: Me): Promise<void> {
    await hall.callNext(clerk);
    const { ticketId = '' } = hall.queue(clerk).mine ?? {};
    await hall.came(clerk, ticketId);
    await hall.finish(clerk, ticketId);
  }

  for (let day = 0; day < days; day++) {
    assert.match(await issue(), /^.0?1$/, 'numbers begin anew each morning');
    await Promise.all(Array.from({ length: ticketsADay - 1 }, issue));
    for (let left = ticketsADay - leftADay; left > 0; left -= windows) {
      clock.advance(hourMs);
      await Promise.all(clerks.slice(0, left).map(serve));
    }
    const [sent] = await journal.commit([factNaming(await blobs.put(randomBytes(5000), 'application/pdf'))]);
    subjects.push(sent?.subject ?? '');
    assert.equal(hall.waitNow().waiting, leftADay);
    clock.advance(17 * hourMs);
  }
  // The next morning gives up who was left the evening before.
  await issue();
  const counts = db.prepare('select state, count(*) as n from tickets group by state').all();
  const quality = clockTrust.quality();
  await journal.close();
  db.close();
  return {
    told: { tickets, subjects },
    counts: new Map(counts.map(row => [row.state, Number(row.n)])),
    quality,
  };
}

for (const [name, days] of [
  ['a day', 1],
  ['a month', 30],
] as const)
  test(`F15, F09 ${name} without a line: days turn, numbers begin anew, and all of it arrives in order afterwards`, async t => {
    const dir = await folder(t);
    const { told, counts, quality } = await workOffline(dir, testClock('2026-11-22T05:00:00.000Z'), days);
    assert.equal(quality, 'trusted');
    assert.deepEqual(
      [counts.get('done'), counts.get('abandoned'), counts.get('waiting')],
      [days * (ticketsADay - leftADay), days * leftADay, 1],
    );
    const centre = await startCentre(t, dir);
    const box = await startBox(t, dir, await layLine(t, centre));
    const facts = box.journal.head();
    t.diagnostic(`${facts} facts and ${days} packages waited`);
    if (days === 30) assert.ok(facts > 10_000);
    box.link.start();
    await synced(box);
    await box.journal.commit([]);
    await assertAllArrived({
      boxes: [{ box: box.box, dir, blobsDir: join(dir, 'box-blobs'), told }],
      centre: { storage: centre.storage, blobsDir: join(dir, 'blobs') },
    });
    const [journal] = readBoxBooks(dir).epochs;
    const times = [...(journal?.facts.values() ?? [])].map(({ at }) => at);
    assert.deepEqual(times, times.toSorted());
  });
