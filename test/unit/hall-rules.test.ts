import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { forecastWait, type HallLoad } from '../../device/core/forecast.ts';
import { numberText, runningNumber } from '../../device/core/numbering.ts';
import { mayBecome } from '../../device/core/ticket-rules.ts';
import { businessDay } from '../../platform/clock.ts';
import type { TicketState } from '../../protocol/api.ts';

describe('numbers', () => {
  test('begin at 01, have at least two digits, and go on after 99 and 999', () => {
    const texts = [1, 3, 100, 1000, 1001].map(running => numberText('А', running));
    assert.deepEqual(texts, ['А01', 'А03', 'А100', 'А1000', 'А1001']);
    assert.deepEqual(texts.map(runningNumber), [1, 3, 100, 1000, 1001]);
  });
});

describe('F09 the day of a branch', () => {
  const instant = new Date('2026-11-21T20:59:59.999Z');
  const later = new Date(instant.getTime() + 1);

  test('ends at midnight of its own zone, not of UTC', () => {
    assert.equal(businessDay(instant, 'Europe/Moscow'), '2026-11-21');
    assert.equal(businessDay(later, 'Europe/Moscow'), '2026-11-22');
  });

  test('differs between the ends of the country at the same moment', () => {
    assert.equal(businessDay(instant, 'Europe/Kaliningrad'), '2026-11-21');
    assert.equal(businessDay(instant, 'Asia/Kamchatka'), '2026-11-22');
  });
});

describe('the forecast', () => {
  const minutes = [5, 10, 15, 20, 25, 30];
  /** Loads of the same kind on every run (linear congruence). */
  function* loads(): Generator<HallLoad> {
    let state = 41;
    const draw = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let round = 0; round < 500; round++)
      yield {
        windows: Array.from({ length: 1 + draw(6) }, () => draw(30)),
        ahead: Array.from({ length: draw(40) }, () => minutes[draw(minutes.length)] ?? 15),
      };
  }

  test('is a range that is never empty and made of whole fives', () => {
    for (const load of loads()) {
      const { fromMinutes, toMinutes } = forecastWait(load);
      assert.ok(fromMinutes >= 0 && toMinutes > fromMinutes);
      assert.deepEqual([fromMinutes % 5, toMinutes % 5], [0, 0]);
    }
  });

  test('never gets shorter with one more person ahead', () => {
    for (const load of loads()) {
      const one = forecastWait(load);
      const more = forecastWait({ ...load, ahead: [...load.ahead, 10] });
      assert.ok(more.fromMinutes >= one.fromMinutes && more.toMinutes >= one.toMinutes);
    }
  });

  test('never gets longer with one more open window, however busy', () => {
    for (const load of loads()) {
      const few = forecastWait(load);
      const more = forecastWait({ ...load, windows: [...load.windows, 25] });
      assert.ok(more.fromMinutes <= few.fromMinutes && more.toMinutes <= few.toMinutes);
    }
  });

  test('of an empty hall with a free window is «up to five minutes»', () => {
    assert.deepEqual(forecastWait({ windows: [0], ahead: [] }), { fromMinutes: 0, toMinutes: 5 });
  });

  test('of a hall without open windows is made as if there were one', () => {
    const ahead = [15, 15];
    assert.deepEqual(forecastWait({ windows: [], ahead }), forecastWait({ windows: [0], ahead }));
  });

  test('sends each person ahead to the window that is free first', () => {
    // 10 and 20 minutes left; two people of 15: the first is done at 25, the second begins at 20.
    assert.equal(forecastWait({ windows: [10, 20], ahead: [15] }).fromMinutes, 20);
    assert.equal(forecastWait({ windows: [10, 20], ahead: [15, 15] }).fromMinutes, 25);
  });
});

test('a ticket may take exactly these ways', () => {
  const allowed: Record<TicketState, TicketState[]> = {
    issued: ['waiting', 'abandoned', 'cancelled'],
    waiting: ['called', 'abandoned', 'cancelled'],
    called: ['waiting', 'called', 'serving', 'held', 'no-show', 'cancelled'],
    serving: ['waiting', 'held', 'waiting-for-papers', 'done'],
    held: ['waiting', 'called', 'abandoned', 'cancelled'],
    'waiting-for-papers': ['waiting', 'called', 'abandoned', 'cancelled'],
    done: [],
    'no-show': ['waiting'],
    abandoned: [],
    cancelled: [],
  };
  const states = Object.keys(allowed) as TicketState[];
  for (const from of states)
    assert.deepEqual(
      states.filter(to => mayBecome(from, to)),
      states.filter(to => allowed[from].includes(to)),
      from,
    );
});
