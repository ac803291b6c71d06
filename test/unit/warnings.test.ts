import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Condition, createWarnings } from '../../device/peripherals/warnings.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { testClock } from '../fixtures/test-clock.ts';

const of = (code: ErrorCode, id?: string): Condition => ({
  ...{ code, details: {} },
  device: id === undefined ? null : { id, title: { ru: id, en: id } },
});

test('a warning is shown when it has held long enough, with the time since when, and begins anew after an end', () => {
  const clock = testClock('2026-11-22T09:00:00.000Z');
  const warnings = createWarnings(clock);
  const shown = (...conditions: Condition[]) =>
    warnings.view(conditions).map(({ code, since }) => [code, since]);
  assert.deepEqual(shown(of('device.offline', 'a')), []);
  clock.advance(5_000);
  assert.deepEqual(shown(of('device.offline', 'a')), [['device.offline', '2026-11-22T09:00:00.000Z']]);
  assert.deepEqual(shown(), []);
  assert.deepEqual(shown(of('device.offline', 'a')), []);
});

test('what only follows from something else is not shown beside it', () => {
  const clock = testClock('2026-11-22T09:00:00.000Z');
  const warnings = createWarnings(clock);
  const conditions = [of('device.lost', 'reader'), of('reader.service-down')];
  warnings.view(conditions);
  clock.advance(60_000);
  assert.deepEqual(
    warnings.view(conditions).map(({ code }) => code),
    ['reader.service-down'],
  );
});

test('trouble comes before attention; one of no special kind is shown at once', () => {
  const warnings = createWarnings(testClock('2026-11-22T09:00:00.000Z'));
  const view = warnings.view([of('printer.unconfirmed', 'a'), of('printer.paper-out', 'b')]);
  assert.deepEqual(
    view.map(({ severity, device }) => [severity, device]),
    [
      ['trouble', 'b'],
      ['attention', 'a'],
    ],
  );
});
