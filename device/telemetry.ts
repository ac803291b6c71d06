import type { CertificateTerm } from '../protocol/certificate-term.ts';
import type { BoxSample } from '../protocol/observations.ts';
import type { IntakeGuard } from './cases/intake-guard.ts';
import type { Observations } from './journal/observations.ts';
import type { OutboxCounts } from './journal/outbox-counts.ts';
import type { DeviceView } from './peripherals/health.ts';

export interface Telemetry {
  /** Takes a sample now. */
  sample(): Promise<void>;
  /** The same, if a device is in another state than when this was asked last: one that flaps must not wear the disk (F05). */
  devicesMayHaveChanged(): void;
  stop(): void;
}

/** How often a box tells how it is: often enough to act on, rare enough for its flash (F05). */
const everyMs = 5 * 60_000;

/** What the box sees of itself becomes small observations for the operators. */
export function keepTelemetry(parts: {
  observations: Observations;
  outbox: OutboxCounts;
  guard: IntakeGuard;
  /** Devices as the clerks' pages show them. */
  devices: () => DeviceView[];
  lineQuality: () => BoxSample['link'];
  clockQuality: () => BoxSample['clock'];
  freeBytes: () => Promise<number>;
  certificates: () => readonly CertificateTerm[];
}): Telemetry {
  const { observations, outbox, guard, devices, lineQuality, clockQuality, freeBytes } = parts;

  async function sample(): Promise<void> {
    const body: BoxSample = {
      clock: clockQuality(),
      freeBytes: await freeBytes(),
      intake: await guard.whyNot(),
      peripherals: devices().map(({ id, state, error }) => ({ id, state, code: error?.code ?? null })),
      outbox: outbox.counters(),
      link: lineQuality(),
      certificates: [...parts.certificates()],
    };
    observations.add({ class: 'telemetry', type: 'box.sample', body });
  }

  const timer = setInterval(() => void sample(), everyMs);
  timer.unref();
  let told = '';
  function devicesMayHaveChanged(): void {
    const now = JSON.stringify(devices().map(({ id, state }) => [id, state]));
    if (now !== told) void sample();
    told = now;
  }
  return { sample, devicesMayHaveChanged, stop: () => clearInterval(timer) };
}
