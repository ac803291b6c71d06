import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numberText, runningNumber } from '../../device/core/numbering.ts';
import { mayBecome } from '../../device/core/ticket-rules.ts';
import { businessDay } from '../../platform/clock.ts';
import type { TicketState } from '../../protocol/api/tickets.ts';

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
