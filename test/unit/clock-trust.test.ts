import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createBoxState } from '../../device/journal/box-state.ts';
import { createClockTrust } from '../../device/journal/clock-trust.ts';
import { openJournal } from '../../device/journal/journal.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import { plainFact } from '../fixtures/books.ts';
import { hourMs, minuteMs, testClock } from '../fixtures/test-clock.ts';

const builtAt = '2026-11-01T00:00:00.000Z';
const newestFactAt = '2026-11-22T09:00:00.000Z';

/** A box whose clock says `now` at its start; `floor` is what was kept before. */
function start(now: string, floor?: string) {
  const clock = testClock(now);
  const db = openDatabase(':memory:');
  let trust: ReturnType<typeof createClockTrust> | undefined;
  const journal = openJournal({ db, clock, clockQuality: () => trust?.quality() ?? 'untrusted' });
  const state = createBoxState(db);
  if (floor) state.set('time-floor', floor);
  trust = createClockTrust({ clock, state, builtAt, newestFactAt });
  trust.keepIn(journal);
  const written = async () => (await journal.commit([plainFact()]))[0]?.clock;
  return { clock, trust, journal, state, written };
}

describe('F07 a clock at the start', () => {
  const clocks: [now: string, quality: string][] = [
    ['1970-01-01T00:00:10.000Z', 'untrusted'],
    ['2026-10-31T23:00:00.000Z', 'untrusted'],
    ['2026-11-22T08:00:00.000Z', 'untrusted'],
    ['2026-11-22T09:00:01.000Z', 'trusted'],
    ['2027-03-01T09:00:00.000Z', 'trusted'],
    ['2099-01-01T00:00:00.000Z', 'untrusted'],
  ];
  for (const [now, quality] of clocks)
    test(`that says ${now} is ${quality}, and facts are written either way`, async () => {
      const { written, journal } = start(now);
      assert.equal(await written(), quality);
      assert.equal(journal.head(), 1);
    });

  test('is doubted below a floor that was kept before', async () => {
    assert.equal(await start('2026-11-23T09:00:00.000Z', '2026-11-24T00:00:00.000Z').written(), 'untrusted');
  });

  test('of 2099 that the centre agrees with is believed, and one that it does not agree with is not', async () => {
    const { written, trust, clock } = start('2099-01-01T00:00:00.000Z');
    trust.centreSaid('2026-11-22T10:00:00.000Z');
    assert.equal(await written(), 'untrusted');
    clock.set('2026-11-22T10:00:05.000Z');
    assert.equal(await written(), 'untrusted', 'a clock that was set is doubted');
    trust.centreSaid('2026-11-22T10:00:06.000Z');
    assert.equal(await written(), 'trusted');
  });
});

describe('F07 the day of the branch goes', () => {
  const shown = (trust: ReturnType<typeof start>['trust']) => trust.calendar.now().toISOString();

  test('on from what is known while the clock says 1970 or 2099', () => {
    for (const now of ['1970-01-01T00:00:10.000Z', '2099-01-01T00:00:00.000Z']) {
      const { clock, trust } = start(now);
      clock.advance(20 * hourMs);
      assert.equal(shown(trust), '2026-11-23T05:00:00.000Z');
      trust.centreSaid('2026-11-25T05:00:00.000Z');
      clock.advance(hourMs);
      assert.equal(shown(trust), '2026-11-25T06:00:00.000Z');
    }
  });

  test('by the clock as long as it can be right, also one that was set ahead after a night', () => {
    const { clock, trust } = start('2026-11-22T10:00:00.000Z');
    assert.equal(shown(trust), '2026-11-22T10:00:00.000Z');
    clock.set('2026-11-23T08:00:00.000Z');
    assert.deepEqual([trust.quality(), shown(trust)], ['untrusted', '2026-11-23T08:00:00.000Z']);
  });

  test('not back with a clock that falls back at work', () => {
    const { clock, trust } = start('2026-11-22T10:00:00.000Z');
    assert.equal(trust.quality(), 'trusted');
    clock.set('2026-11-20T10:00:00.000Z');
    clock.advance(hourMs);
    assert.equal(shown(trust), '2026-11-22T11:00:00.000Z');
  });
});

describe('F06, F08 a clock at work', () => {
  test('that jumps ahead or back is doubted until the centre agrees, and the order of facts stays', async () => {
    const { written, trust, clock, journal } = start('2026-11-22T10:00:00.000Z');
    assert.equal(await written(), 'trusted');
    clock.set('2026-11-22T15:00:00.000Z');
    assert.equal(await written(), 'untrusted');
    clock.set('2026-11-22T10:00:30.000Z');
    assert.equal(await written(), 'untrusted');
    trust.centreSaid('2026-11-22T10:00:31.000Z');
    assert.equal(await written(), 'trusted');
    assert.deepEqual(
      journal.read(0, 10).map(({ seq, clock: quality }) => [seq, quality]),
      [[1, 'trusted'], [2, 'untrusted'], [3, 'untrusted'], [4, 'trusted']], // biome-ignore format: one line
    );
    assert.equal(journal.verifyChain().facts, 4);
  });

  test('that only goes on is believed, day after day', async () => {
    const { written, clock } = start('2026-11-22T10:00:00.000Z');
    for (let hour = 0; hour < 60; hour++) {
      clock.advance(hourMs);
      assert.equal(await written(), 'trusted');
    }
  });

  test('that runs a little apart is corrected without doubt', async () => {
    const { written, clock } = start('2026-11-22T10:00:00.000Z');
    clock.set('2026-11-22T10:00:20.000Z');
    assert.equal(await written(), 'trusted');
  });
});

test('the floor is kept over a restart, an hour behind at most, and rises only under a trusted clock', async () => {
  const { written, clock, state, journal } = start('2026-11-22T10:00:00.000Z');
  clock.advance(3 * hourMs + minuteMs);
  await written();
  await journal.commit([]);
  assert.ok((state.get('time-floor') ?? '') >= '2026-11-22T13:00:00.000Z');
  const kept = state.get('time-floor');
  clock.set('2099-01-01T00:00:00.000Z');
  clock.advance(5 * hourMs);
  await written();
  await journal.commit([]);
  assert.equal(state.get('time-floor'), kept);
});

describe('F07 the present that certificates are judged by', () => {
  const ms = (at: string) => Date.parse(at);

  test('is at the start the build or what the centre last told, whatever the wall clock and the floor say', () => {
    const ahead = start('2028-01-01T00:00:00.000Z', '2027-12-01T00:00:00.000Z');
    assert.deepEqual(ahead.trust.present(), { ms: ms(builtAt), isTold: false });
    ahead.state.set('time-told', newestFactAt);
    const again = createClockTrust({ ...ahead, builtAt, newestFactAt });
    assert.deepEqual(again.present(), { ms: ms(newestFactAt), isTold: false });
  });

  test('is what the centre told and goes on with the monotonic clock, also under a wall clock of 1970', async () => {
    const { trust, clock, state, journal, written } = start('1970-01-01T00:00:10.000Z');
    trust.centreSaid('2026-11-22T10:00:00.000Z');
    clock.advance(3 * hourMs);
    assert.deepEqual(trust.present(), { ms: ms('2026-11-22T13:00:00.000Z'), isTold: true });
    assert.equal(await written(), 'untrusted');
    await journal.commit([]);
    assert.equal(state.get('time-told'), '2026-11-22T13:00:00.000Z');
  });

  test('goes back when the centre says so: a centre that was ahead must not shut the box out', async () => {
    const { trust, state, journal } = start('2026-11-22T10:00:00.000Z');
    trust.centreSaid('2026-12-22T10:00:00.000Z');
    trust.centreSaid('2026-11-22T10:00:01.000Z');
    await journal.commit([]);
    assert.equal(trust.present().ms, ms('2026-11-22T10:00:01.000Z'));
    assert.equal(state.get('time-told'), '2026-11-22T10:00:01.000Z');
  });
});
