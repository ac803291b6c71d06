import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Register } from '../../../protocol/register.ts';
import { registerPath } from '../setting/box-config.ts';
import { watchCpu } from '../setting/cpu-watch.ts';
import { median, medians, percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type Medium, openMedium } from '../setting/medium.ts';
import { startProgram } from '../setting/programs.ts';
import { whileRecognising } from '../setting/recognising.ts';

/** More than the busiest branch gives out on one day. */
const ticketsOfDay = 2000;
/** A box works for months; its first tickets after a start cost several times as much, while Node compiles. */
const warmUpTickets = 1000;

/**
 * POST /api/tickets, from the request to the answer, through the real server, hall and journal. Each
 * round is a box that was never used, since a hall is as slow as the day is long. `--recognising`: once more
 * while the box's recogniser reads pages with both its workers; the idle figures then stand beside.
 */
export async function ticket(flags: Flags): Promise<void> {
  const medium = await openMedium();
  const register = JSON.parse(await readFile(registerPath, 'utf8')) as Register;
  const services = register.services.map(({ id }) => id);
  const rounds = flags.number('rounds', 3);
  const wish = { seconds: flags.number('seconds', 2) };
  for (const fsyncMs of flags.numbers('fsync-ms', [1, 5]))
    for (const clients of flags.numbers('clients', [1, 20])) {
      const figures = [];
      const idle = [];
      for (let round = 1; round <= rounds; round++) {
        const limit = await medium.limit(fsyncMs);
        const one = () => day(medium, services, { ...wish, fsyncMs, clients });
        if (!flags.has('recognising')) figures.push({ limit, ...(await one()) });
        else {
          idle.push(await one());
          figures.push({ limit, ...(await whileRecognising(one)) });
        }
      }
      const { limit, value, ...more } = medians(figures);
      const { p50Ms: idleP50Ms, p99Ms: idleP99Ms } = medians(idle);
      printLine({
        bench: 'ticket',
        case: `${clients} client${clients === 1 ? '' : 's'}, fsync ${fsyncMs} ms${idle.length > 0 ? ', recognising' : ''}`,
        value,
        unit: 'tickets/s',
        limit,
        limitUnit: 'fsync/s',
        ratio: value / limit,
        ...more,
        ...(idle.length > 0 ? { idleP50Ms, idleP99Ms } : {}),
        p50FsyncTimes: (more.p50Ms * limit) / 1000,
        p99FsyncTimes: (more.p99Ms * limit) / 1000,
        boxCpuMsPerTicket: (more.boxCpu * 1000) / value,
      });
      say(
        `  of ${rounds}: ${figures.map(each => each.value.toFixed(0)).join(', ')}; median ${median(figures.map(each => each.value)).toFixed(0)}`,
      );
    }
}

interface DayWish {
  fsyncMs: number;
  clients: number;
  seconds: number;
}

/** Boxes so far: each has a folder of its own. */
let boxes = 0;

async function day(medium: Medium, services: readonly string[], { fsyncMs, clients, seconds }: DayWish) {
  const name = `hall-${++boxes}`;
  const dir = join(medium.folder, name);
  await mkdir(dir);
  const hall = await startProgram<{ port: number }>('hall', [dir], { env: medium.env(name, fsyncMs) });
  const { port } = await hall.heard;
  const kiosks = await startProgram('ticket-clients', [String(port), ...services]);
  await kiosks.heard;
  const run = (tickets: number) =>
    kiosks.ask<{ tookMs: number; latenciesMs: number[] }>('run', { clients, seconds, tickets });
  const warmUp = await run(warmUpTickets);
  const fsyncs = medium.fsyncs(name);
  const cpu = watchCpu({ boxCpu: hall, clientsCpu: kiosks });
  const { tookMs, latenciesMs } = await run(ticketsOfDay);
  const tookS = tookMs / 1000;
  const figures = {
    value: latenciesMs.length / tookS,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    fsyncsPerTicket: (medium.fsyncs(name) - fsyncs) / latenciesMs.length,
    ...cpu(),
    boxMemoryBytes: hall.memoryBytes(),
  };
  const told = warmUp.latenciesMs.length + latenciesMs.length;
  const stored = await hall.ask<{ tickets: number; numbers: number }>('count');
  if (stored.tickets !== told) throw new Error(`${told} tickets were given, ${stored.tickets} are stored`);
  await kiosks.stop();
  await hall.stop();
  return figures;
}
