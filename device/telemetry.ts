import type { BoxSample } from '../protocol/observations.ts';
import type { IntakeGuard } from './cases/intake-guard.ts';
import type { Observations } from './journal/observations.ts';
import type { OutboxCounts } from './journal/outbox-counts.ts';
import type { Health } from './peripherals/health.ts';

export interface Telemetry {
  /** Takes a sample now; called when a device changed its state. */
  sample(): Promise<void>;
  stop(): void;
}

/** How often a box tells how it is: often enough to act on, rare enough for its flash (F05). */
const everyMs = 5 * 60_000;

/** What the box sees of itself becomes small observations for the operators. */
export function keepTelemetry(parts: {
  observations: Observations;
  outbox: OutboxCounts;
  guard: IntakeGuard;
  health: Health;
  lineQuality: () => BoxSample['link'];
  clockQuality: () => BoxSample['clock'];
  freeBytes: () => Promise<number>;
}): Telemetry {
  const { observations, outbox, guard, health, lineQuality, clockQuality, freeBytes } = parts;

  async function sample(): Promise<void> {
    const body: BoxSample = {
      clock: clockQuality(),
      freeBytes: await freeBytes(),
      intake: await guard.whyNot(),
      peripherals: health.view().map(({ id, state, error }) => ({ id, state, code: error?.code ?? null })),
      outbox: outbox.counters(),
      link: lineQuality(),
    };
    observations.add({ class: 'telemetry', type: 'box.sample', body });
  }

  const timer = setInterval(() => void sample(), everyMs);
  timer.unref();
  return { sample, stop: () => clearInterval(timer) };
}
