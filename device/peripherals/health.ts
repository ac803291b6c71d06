import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { Log } from '../../platform/log.ts';
import type { DevicesView } from '../../protocol/api/box.ts';
import type { TechnicianDevice } from '../../protocol/api/technician.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
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
  /** Milliseconds between questions when the device is slow to ask; the common pace when left out. */
  everyMs?: number;
}

type HealthEvents = TechnicianDevice['events'];
const mostEvents = 50;

export interface Health {
  view(): DeviceView[];
  /** What became of one device since the start, newest first. */
  eventsOf(id: string): HealthEvents;
  /** Asks everything, or one of it, once and now. */
  look(id?: string): Promise<void>;
  stop(): void;
}

const everyMs = 5_000;
/** Misses in a row before a device that does not answer is called lost (F27). */
const missesUntilLost = 3;

/** Watches devices; a single missed answer is no news, a reported fault is told at once. */
export function watchHealth(
  devices: readonly Watched[],
  clock: Clock,
  log: Log,
  onChange: () => void,
): Health {
  const states = new Map<string, { code: ErrorCode | null; misses: number }>();
  const events = new Map<string, HealthEvents>();
  /** A device that hangs is not asked again meanwhile: questions would pile up before the clerk's own call. */
  const asking = new Map<string, Promise<void>>();
  const askedMs = new Map<string, number>();

  function ask(device: Watched): Promise<void> {
    const running = asking.get(device.id) ?? askNow(device).finally(() => asking.delete(device.id));
    asking.set(device.id, running);
    return running;
  }

  async function askNow(device: Watched): Promise<void> {
    askedMs.set(device.id, clock.monotonicMs());
    const code = await device.check().catch((error: unknown) => {
      if (!(error instanceof AppError)) log.error({ err: error, device: device.id }, 'a device check failed');
      return codeOf(error);
    });
    const before = states.get(device.id);
    const silent = code === 'printer.offline' || code === 'scanner.timeout' || code === 'token.fault';
    const misses = silent ? (before?.misses ?? missesUntilLost - 1) + 1 : 0;
    const shown = silent && misses < missesUntilLost ? (before?.code ?? null) : code;
    states.set(device.id, { code: shown, misses });
    if (before && before.code === shown) return;
    const event = {
      at: clock.now().toISOString(),
      event: shown ? ('fault' as const) : ('ready' as const),
      code: shown,
    };
    events.set(device.id, [event, ...(events.get(device.id) ?? [])].slice(0, mostEvents));
    onChange();
  }

  const isDue = (device: Watched) =>
    clock.monotonicMs() - (askedMs.get(device.id) ?? Number.NEGATIVE_INFINITY) >=
    (device.everyMs ?? everyMs) - everyMs / 2;
  const timer = setInterval(() => {
    for (const device of devices) if (isDue(device)) void ask(device);
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
    eventsOf: id => events.get(id) ?? [],
    async look(id) {
      await Promise.all(devices.filter(device => id === undefined || device.id === id).map(ask));
    },
    stop: () => clearInterval(timer),
  };
}
