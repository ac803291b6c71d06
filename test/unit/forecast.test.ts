import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLeaving } from '../../device/core/forecast/leaving.ts';
import { type Ahead, startReplay, type WindowNow } from '../../device/core/forecast/replay.ts';
import { createServiceTimes } from '../../device/core/forecast/service-times.ts';
import { quantile, slice } from '../../device/core/forecast/sliced.ts';
import { createTelling, waitInWords } from '../../device/core/forecast/told.ts';
import { seededRandom } from '../fixtures/books.ts';

const due = Number.POSITIVE_INFINITY;
/** A hall whose services take exactly as long as their names say, seconds. */
function knowledge() {
  const times = createServiceTimes(Number);
  for (const service of ['300', '600', '900', '1200'])
    for (let visit = 0; visit < 3000; visit++)
      times.learn({ service, clerk: 'proba', seconds: Number(service) });
  return { times, leaving: createLeaving(), noShow: { share: 0, seconds: 60 } };
}
const exact = knowledge();
const person = (service: string, dueSeconds = 900): Ahead => ({ service, waitedSeconds: 0, dueSeconds });
const windows = (count: number): WindowNow[] => Array.from({ length: count }, () => ({ clerk: 'proba' }));

function medianWait(hall: readonly WindowNow[], ahead: readonly Ahead[], known = exact): number {
  const replay = startReplay(hall, [], known);
  for (const each of ahead) replay.serve(each);
  return quantile(replay.waits('300', due), 0.5);
}
const about = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 0.05 * expected + 1, `${actual} is not about ${expected}`);

describe('the replay', () => {
  test('sends each person ahead to the window that is free first', () => {
    const [busy, free] = [
      { clerk: 'proba', busy: { service: '1200', elapsedSeconds: 600 } },
      { clerk: 'proba' },
    ];
    about(medianWait([busy], []), 600);
    about(medianWait([busy, free], [person('900')]), 600);
    about(medianWait([busy, free], [person('900'), person('900')]), 900);
  });

  test('never gets longer with one more window, nor shorter with one more person ahead', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round++) {
      const ahead = Array.from({ length: Math.floor(random() * 40) }, () =>
        person(['300', '600', '900', '1200'][Math.floor(random() * 4)] ?? '300'),
      );
      const count = 1 + Math.floor(random() * 6);
      const wait = medianWait(windows(count), ahead);
      assert.ok(medianWait(windows(count + 1), ahead) <= wait + 1);
      assert.ok(medianWait(windows(count), [...ahead, person('600')]) >= wait - 1);
    }
  });

  test('lets a window finish before its break, and calls nobody within', () => {
    const hall = [{ clerk: 'proba', off: [{ fromSeconds: 100, toSeconds: 2000 }] }];
    about(medianWait(hall, [person('600')]), 2000);
    about(medianWait([...hall, { clerk: 'proba' }], [person('600')]), 0);
  });

  test('counts only windows that serve the purpose, and all of them when none does', () => {
    const other: WindowNow = { clerk: 'proba', serves: service => service === '900' };
    about(medianWait([other, { clerk: 'proba' }], [person('600')]), 600);
    about(medianWait([other], [person('900')]), 900);
  });

  test('lets people with an appointment go before those who are due later, and not before others', () => {
    const wait = (dueSeconds: number) => {
      const replay = startReplay(windows(1), [{ service: '600', inSeconds: 100, dueSeconds: 400 }], exact);
      replay.serve(person('300', 50));
      return quantile(replay.waits('300', dueSeconds), 0.5);
    };
    about(wait(900), 900);
    about(wait(390), 300);
  });

  test('counts on those who leave and those who do not come', () => {
    const leaving = createLeaving();
    for (let n = 0; n < 2000; n++) leaving.learn(200, n % 2 === 0);
    const ahead = Array.from({ length: 10 }, () => person('600'));
    const all = medianWait(windows(1), ahead);
    assert.ok(medianWait(windows(1), ahead, { ...exact, leaving }) < all * 0.6);
    const noShow = { share: 0.5, seconds: 60 };
    about(medianWait(windows(1), ahead, { ...exact, noShow }), all * 0.55);
  });

  test('is the same each time, and the same when it is carried on', () => {
    const ahead = Array.from({ length: 30 }, (_, index) => person(index % 2 ? '300' : '1200'));
    const replay = startReplay(windows(3), [], exact);
    for (const each of ahead.slice(0, 20)) replay.serve(each);
    replay.waits('300', due);
    for (const each of ahead.slice(20)) replay.serve(each);
    assert.equal(quantile(replay.waits('300', due), 0.5), medianWait(windows(3), ahead));
  });
});

describe('service times', () => {
  const mean = (slices: Float64Array) => slices.reduce((sum, each) => sum + each, 0) / slices.length;

  test('begin with the norm and come to what visits take; the pace of a clerk shows in the end', () => {
    const times = createServiceTimes(() => 900);
    about(mean(times.visit('a')), 900);
    const random = seededRandom(3);
    for (let n = 0; n < 4000; n++) {
      const slow = n % 2 === 0;
      times.learn({
        service: 'a',
        clerk: slow ? 'slow' : 'quick',
        seconds: (slow ? 600 : 400) * (0.5 + random()),
      });
    }
    about(mean(times.visit('a')), 500);
    about(times.pace('slow'), 1.2);
    about(times.pace('quick'), 0.8);
    assert.equal(times.pace('nobody'), 1);
  });

  test('of a service that was never seen follow how this hall keeps its norms', () => {
    const times = createServiceTimes(() => 600);
    for (let n = 0; n < 500; n++) times.learn({ service: 'a', clerk: 'proba', seconds: 300 });
    about(mean(times.visit('b')), 300);
  });

  test('that have passed already make the rest shorter when visits are regular', () => {
    const rest = (elapsed: number) => exact.times.rest('1200', elapsed)(24);
    assert.ok(rest(0) > rest(600) && rest(600) > rest(1100));
    // Longer than any known visit: a rest there is, and it is finite.
    assert.ok(exact.times.rest('1200', 50_000)(47) > 0);
  });

  test('cut into slices keep their mean', () => {
    const sample = Array.from({ length: 77 }, (_, index) => ({ value: index ** 2, weight: 1 + (index % 3) }));
    const weights = sample.reduce((sum, { weight }) => sum + weight, 0);
    about(mean(slice(sample)), sample.reduce((sum, { value, weight }) => sum + value * weight, 0) / weights);
  });
});

describe('what is told', () => {
  test('comes to hold four waits of five, although the replay is wrong by half or by double', () => {
    for (const wrong of [0.5, 1, 2]) {
      const telling = createTelling();
      const random = seededRandom(11);
      let [inside, told] = [0, 0];
      for (let n = 0; n < 6000; n++) {
        const mean = 300 + 1200 * random();
        const spread = () => mean * (0.4 + 1.2 * random());
        const waits = Float64Array.from({ length: 48 }, () => spread() * wrong).sort();
        const now = telling.tell(waits);
        assert.ok(now && now.fromSeconds < now.toSeconds);
        const waited = spread();
        if (n > 1000) {
          told++;
          if (waited >= now.fromSeconds && waited <= now.toSeconds) inside++;
        }
        telling.learn(now, waited);
      }
      assert.ok(inside / told > 0.75 && inside / told < 0.85, `wrong by ${wrong}: ${inside / told}`);
    }
  });

  test('is nothing when a window is free, and «up to five minutes» on paper', () => {
    assert.equal(createTelling().tell(new Float64Array(48)), undefined);
    assert.deepEqual(waitInWords(undefined), { fromMinutes: 0, toMinutes: 5 });
  });

  test('is on paper never narrower than what is held to what becomes of it', () => {
    for (let from = 0; from < 4000; from += 130)
      for (let to = from + 10; to < 5000; to += 170) {
        const { fromMinutes, toMinutes } = waitInWords({ fromSeconds: from, toSeconds: to });
        assert.ok(fromMinutes * 60 <= from && toMinutes * 60 >= to && toMinutes > fromMinutes);
      }
  });
});
