import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Register } from '../../../protocol/register.ts';
import { registerPath } from '../setting/box-config.ts';
import { percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type Medium, openMedium } from '../setting/medium.ts';
import { startProgram } from '../setting/programs.ts';
import { whileRecognising } from '../setting/recognising.ts';
import { codes } from './codes.ts';

/** The first tickets after a start cost several times as much, while Node compiles. */
const warmUpSeconds = 1;

/**
 * The press at the kiosk → the first byte of its ticket at the printer: HTTP, hall, fsync, the printer's
 * four questions, over TCP to the simulator of `test/simulators/ticket-printer`. One person at a time, as at
 * one kiosk. `--recognising`: once more while the box reads pages; the idle figures then stand beside. Then the
 * other way: a code at the scanner → the page (`cases/codes.ts`).
 */
export async function print(flags: Flags): Promise<void> {
  const medium = await openMedium();
  const register = JSON.parse(await readFile(registerPath, 'utf8')) as Register;
  const services = register.services.map(({ id }) => id);
  const seconds = flags.number('seconds', 8);
  for (const fsyncMs of flags.numbers('fsync-ms', [1, 5])) {
    const limit = await medium.limit(fsyncMs);
    const wish = { fsyncMs, seconds, services };
    const idle = await kiosk(medium, wish);
    show('idle', idle);
    if (flags.has('recognising')) {
      const loaded = await whileRecognising(() => kiosk(medium, wish));
      show('recognising', loaded, { idleP50Ms: percentile(idle, 50), idleP99Ms: percentile(idle, 99) });
    }

    function show(what: string, latenciesMs: readonly number[], more: Record<string, number> = {}) {
      const [p50Ms, p99Ms] = [percentile(latenciesMs, 50), percentile(latenciesMs, 99)];
      const fsync = 1000 / limit;
      printLine({
        bench: 'print',
        case: `${what}, fsync ${fsyncMs} ms`,
        value: p99Ms,
        unit: 'ms (p99)',
        limit: fsync,
        limitUnit: 'ms/fsync',
        ratio: p99Ms / fsync,
        tickets: latenciesMs.length,
        p50Ms,
        p99Ms,
        p99AboveFsyncMs: p99Ms - fsync,
        ...more,
      });
      say(`  ${what}: ${latenciesMs.length} tickets, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`);
    }
  }
  await codes(flags);
}

/** Boxes so far: each has a folder of its own. */
let boxes = 0;

async function kiosk(
  medium: Medium,
  { fsyncMs, seconds, services }: { fsyncMs: number; seconds: number; services: readonly string[] },
): Promise<number[]> {
  const name = `print-${++boxes}`;
  const dir = join(medium.folder, name);
  await mkdir(dir);
  const printer = await startProgram<{ printerPort: number }>('kiosk-and-printer', services);
  const { printerPort } = await printer.heard;
  const env = medium.env(name, fsyncMs);
  const hall = await startProgram<{ port: number }>('hall', [dir, String(printerPort)], { env });
  const { port } = await hall.heard;
  const run = (forSeconds: number) =>
    printer.ask<{ latenciesMs: number[]; printed: number }>('run', { port, seconds: forSeconds });
  await run(warmUpSeconds);
  const { latenciesMs, printed } = await run(seconds);
  const stored = await hall.ask<{ tickets: number }>('count');
  // Every ticket that was told lies in the database and came out of the printer whole.
  if (stored.tickets !== printed)
    throw new Error(`${printed} tickets were printed, ${stored.tickets} are stored`);
  await hall.stop();
  await printer.stop();
  return latenciesMs;
}
