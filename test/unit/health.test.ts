import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { pino } from 'pino';
import { type Health, type Watched, watchHealth } from '../../device/peripherals/health.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { type TestClock, testClock } from '../fixtures/test-clock.ts';

let clock: TestClock;
let health: Health | undefined;
let changes: number;
let logged: string;

beforeEach(() => {
  clock = testClock('2026-11-22T09:00:00.000Z');
  [changes, logged] = [0, ''];
  mock.timers.enable({ apis: ['setInterval'] });
});
afterEach(() => {
  health?.stop();
  mock.timers.reset();
});

function watch(...devices: Pick<Watched, 'id' | 'check' | 'everyMs'>[]): Health {
  const keep = new Writable({
    write(chunk, _encoding, done) {
      logged += chunk;
      done();
    },
  });
  const watched = devices.map(
    (device): Watched => ({ ...device, kind: 'ticket-printer', title: { ru: device.id, en: device.id } }),
  );
  health = watchHealth(watched, clock, pino(keep), () => changes++);
  return health;
}

/** A device that answers with the codes one after another, then with the last one. */
function answering(...codes: (ErrorCode | null | Error)[]) {
  let asked = 0;
  return {
    id: 'device',
    asked: () => asked,
    async check() {
      const code = codes[Math.min(asked++, codes.length - 1)] ?? null;
      if (code instanceof Error) throw code;
      return code;
    },
  };
}
const shown = () => health?.view().map(({ state, error }) => [state, error?.code ?? null]);

async function pass(durationMs: number): Promise<void> {
  for (let passed = 0; passed < durationMs; passed += 1000) {
    clock.advance(1000);
    mock.timers.tick(1000);
    await new Promise(resolve => setImmediate(resolve));
  }
}

describe('F27 a device that does not answer', () => {
  test('once or twice is no news, three times in a row it is lost', async () => {
    const { look } = watch(answering(null, 'printer.offline'));
    await look();
    for (let miss = 1; miss < 3; miss++) {
      await look();
      assert.deepEqual(shown(), [['ready', null]]);
    }
    await look();
    assert.deepEqual(shown(), [['trouble', 'printer.offline']]);
  });

  test('is lost at once when it never answered since the start', async () => {
    await watch(answering('printer.offline')).look();
    assert.deepEqual(shown(), [['trouble', 'printer.offline']]);
  });

  test('is ready again with its first answer', async () => {
    const { look } = watch(answering('printer.offline', null));
    await look();
    await look();
    assert.deepEqual(shown(), [['ready', null]]);
  });

  test('keeps the fault it told before', async () => {
    const { look } = watch(answering('printer.paper-out', 'printer.offline'));
    await look();
    await look();
    assert.deepEqual(shown(), [['trouble', 'printer.paper-out']]);
  });
});

test('a fault that a device reports is told at once, and each change once', async () => {
  const { look } = watch(answering(null, 'printer.paper-out', 'printer.paper-out', null));
  for (let turn = 0; turn < 4; turn++) await look();
  assert.equal(changes, 3);
});

test('an error of the table is an answer, any other is told as such and logged', async () => {
  const { look } = watch(answering(new AppError('scanner.cover-open'), new TypeError('unexpected')));
  await look();
  assert.deepEqual(shown()?.[0]?.[1], 'scanner.cover-open');
  assert.equal(logged, '');
  await look();
  assert.deepEqual(shown()?.[0]?.[1], 'internal.unexpected');
  assert.match(logged, /unexpected/);
});

test('a device that hangs is asked once and holds up no other', async () => {
  let asked = 0;
  const hanging = {
    id: 'hanging',
    check: () => {
      asked++;
      return new Promise<null>(() => {});
    },
  };
  const other = answering(null);
  watch(hanging, other);
  await pass(30_000);
  assert.equal(asked, 1);
  assert.ok(other.asked() >= 5);
});

test('a device that is slow to ask is asked rarely, and none after the end', async () => {
  const [slow, quick] = [answering(null), answering(null)];
  watch({ ...slow, everyMs: 30_000 }, { ...quick, id: 'quick' });
  await pass(60_000);
  assert.ok(slow.asked() >= 2 && slow.asked() <= 3, String(slow.asked()));
  assert.ok(quick.asked() >= 11);
  health?.stop();
  const before = quick.asked();
  await pass(20_000);
  assert.equal(quick.asked(), before);
});
