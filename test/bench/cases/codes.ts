import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atTheEnd } from '../setting/ending.ts';
import { percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { startProgram } from '../setting/programs.ts';
import { whileRecognising } from '../setting/recognising.ts';

const warmUpSeconds = 1;
interface Latencies {
  latenciesMs: number[];
}

/**
 * A code's first byte at the scanner → its event at the kiosk's page: serial cable (a pseudo-terminal), host process,
 * supervisor, framing, meaning, live stream. The limit is the same cable read by a program that does nothing else.
 */
export async function codes(flags: Flags): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-bench-codes-'));
  atTheEnd(() => rm(dir, { recursive: true, force: true }));
  const link = join(dir, 'scanner');
  const seconds = flags.number('seconds', 8);
  const scanner = await startProgram<{ ready: true }>('scanner-and-page', [link]);
  await scanner.heard;
  const bare = await scanner.ask<Latencies>('bare', { seconds: seconds / 4 });
  const limit = percentile(bare.latenciesMs, 50);
  const box = await startProgram<{ port: number }>('scanner-box', [dir, link]);
  const { port } = await box.heard;
  const run = async (forSeconds: number) =>
    (await scanner.ask<Latencies>('run', { port, seconds: forSeconds })).latenciesMs;
  await run(warmUpSeconds);

  const idle = await run(seconds);
  show('idle', idle);
  if (flags.has('recognising')) {
    const loaded = await whileRecognising(() => run(seconds));
    show('recognising', loaded, { idleP50Ms: percentile(idle, 50), idleP99Ms: percentile(idle, 99) });
  }
  await box.stop();
  await scanner.stop();

  function show(what: string, latenciesMs: readonly number[], more: Record<string, number> = {}) {
    const [p50Ms, p99Ms] = [percentile(latenciesMs, 50), percentile(latenciesMs, 99)];
    printLine({
      ...{ bench: 'print', case: `code, ${what}`, value: p99Ms, unit: 'ms (p99)' },
      ...{ limit, limitUnit: 'ms/cable (p50)', ratio: p99Ms / limit },
      ...{ codes: latenciesMs.length, p50Ms, p99Ms, ...more },
    });
    say(
      `  code, ${what}: ${latenciesMs.length} codes, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
    );
  }
}
