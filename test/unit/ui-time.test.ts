import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitInHours } from '../../protocol/wait-hours.ts';
import { clockTime, dayAndTime, minutesBetween, timerTone, waitPhrase } from '../../ui/shared/time.ts';

test('pages show the time of the branch, wherever the browser is', () => {
  const at = '2026-05-12T23:05:00.000Z';
  assert.equal(clockTime(at, 'ru', 'Europe/Kaliningrad'), '01:05');
  assert.equal(clockTime(at, 'ru', 'Asia/Kamchatka'), '11:05');
  assert.equal(clockTime(at, 'en', 'Europe/Moscow'), '02:05');
});

test('a time of today is shown without its day, which is the day of the branch', () => {
  const now = '2026-05-12T21:30:00.000Z';
  assert.equal(dayAndTime('2026-05-12T21:05:00.000Z', now, 'ru', 'Europe/Moscow'), '00:05');
  assert.match(dayAndTime('2026-05-12T20:55:00.000Z', now, 'ru', 'Europe/Moscow'), /^12 мая.*, 23:55$/);
});

test('a wait is told as a range, and up to five minutes is not split', () => {
  assert.deepEqual(waitPhrase({ fromMinutes: 0, toMinutes: 0 }), { kind: 'up-to', minutes: 5 });
  assert.deepEqual(waitPhrase({ fromMinutes: 3, toMinutes: 5 }), { kind: 'up-to', minutes: 5 });
  assert.deepEqual(waitPhrase({ fromMinutes: 0, toMinutes: 15 }), { kind: 'up-to', minutes: 15 });
  assert.deepEqual(waitPhrase({ fromMinutes: 10, toMinutes: 10 }), { kind: 'about', minutes: 10 });
  assert.deepEqual(waitPhrase({ fromMinutes: 10, toMinutes: 15 }), { kind: 'range', from: 10, to: 15 });
  assert.equal(waitInHours({ fromMinutes: 115, toMinutes: 240 }), null);
  assert.deepEqual(waitInHours({ fromMinutes: 150, toMinutes: 361 }), { from: 2, to: 7 });
});

test('a waiting time turns amber at two thirds of the norm and red at the norm', () => {
  assert.deepEqual(
    [0, 9, 10, 14, 15, 40].map(minutes => timerTone(minutes, 15)),
    ['calm', 'calm', 'attention', 'attention', 'trouble', 'trouble'],
  );
});

test('a clock that is behind shows no negative minutes', () => {
  assert.equal(minutesBetween('2026-05-12T10:01:00.000Z', '2026-05-12T10:00:00.000Z'), 0);
  assert.equal(minutesBetween('2026-05-12T10:00:00.000Z', Date.parse('2026-05-12T10:02:59.000Z')), 2);
});
