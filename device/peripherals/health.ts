import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { DevicesView } from '../../protocol/api.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { type ErrorCode, errorTable } from '../../protocol/errors.ts';
import type { Text } from '../../protocol/values.ts';

export type DeviceView = DevicesView['devices'][number];

/** One thing whose health is asked again and again. */
export interface Watched {
  id: string;
  kind: DeviceView['kind'];
  title: Text;
  /** What is wrong, or null. Throwing an `AppError` is an answer too. */
  check(): Promise<ErrorCode | null>;
}

export interface Health {
  view(): DeviceView[];
  /** Asks everything once, now. */
  look(): Promise<void>;
  stop(): void;
}

const everyMs = 5_000;
/** Misses in a row before a device that does not answer is called lost (DESIGN section 5, F27). */
const missesUntilLost = 3;

/** Watches devices; a single missed answer is no news, a reported fault is told at once. */
export function watchHealth(devices: readonly Watched[], clock: Clock, onChange: () => void): Health {
  const states = new Map<string, { code: ErrorCode | null; misses: number }>();
  let stopped = false;
  let lastLookMs = Number.NEGATIVE_INFINITY;

  async function ask(device: Watched): Promise<void> {
    const code = await device.check().catch((error: unknown) => codeOf(error));
    const before = states.get(device.id);
    const silent = code === 'printer.offline' || code === 'scanner.timeout' || code === 'token.fault';
    const misses = silent ? (before?.misses ?? missesUntilLost - 1) + 1 : 0;
    const shown = silent && misses < missesUntilLost ? (before?.code ?? null) : code;
    states.set(device.id, { code: shown, misses });
    if (!before || before.code !== shown) onChange();
  }

  async function look(): Promise<void> {
    lastLookMs = clock.monotonicMs();
    await Promise.all(devices.map(ask));
  }
  const timer = setInterval(() => {
    if (!stopped && clock.monotonicMs() - lastLookMs >= everyMs / 2) void look();
  }, everyMs);
  timer.unref();

  return {
    view: () =>
      devices.map(({ id, kind, title }) => {
        const code = states.get(id)?.code ?? null;
        return {
          id,
          kind,
          title,
          state: code === null ? 'ready' : errorTable[code].severity === 'trouble' ? 'trouble' : 'attention',
          error: code === null ? null : apiError(code),
        };
      }),
    look,
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
