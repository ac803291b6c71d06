import type { BoxSample } from '../protocol/records.ts';
import type { IntakeGuard } from './cases/intake-guard.ts';
import type { OutboxCounts } from './journal/outbox-counts.ts';
import type { Records } from './journal/records.ts';
import type { Health } from './peripherals/health.ts';

export interface Telemetry {
  /** Takes a sample now; called when a device changed its state. */
  sample(): Promise<void>;
  stop(): void;
}

/** How often a box tells how it is: often enough to act on, rare enough for its flash (F05). */
const everyMs = 5 * 60_000;

/** What the box sees of itself becomes small records for the operators. */
export function keepTelemetry(parts: {
  records: Records;
  outbox: OutboxCounts;
  intake: IntakeGuard;
  health: () => Health;
  clockQuality: () => BoxSample['clock'];
  freeBytes: () => Promise<number>;
}): Telemetry {
  const { records, outbox, intake, health, clockQuality, freeBytes } = parts;

  async function sample(): Promise<void> {
    const body: BoxSample = {
      clock: clockQuality(),
      freeBytes: await freeBytes(),
      intake: await intake.whyNot(),
      peripherals: health()
        .view()
        .map(({ id, state, error }) => ({ id, state, code: error?.code ?? null })),
      outbox: outbox.counters(),
    };
    records.add({ class: 'telemetry', type: 'box.sample', body });
  }

  const timer = setInterval(() => void sample(), everyMs);
  timer.unref();
  return { sample, stop: () => clearInterval(timer) };
}
