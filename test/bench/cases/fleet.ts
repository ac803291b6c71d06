import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepareCentre, type RunningCentre } from '../setting/centre.ts';
import { watchCpu } from '../setting/cpu-watch.ts';
import { percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type IdentityFiles, makeIdentities } from '../setting/identities.ts';
import { openMedium } from '../setting/medium.ts';
import { type Program, startProgram } from '../setting/programs.ts';

/** A box of a quiet branch: a fact every ten seconds. */
const everyMs = 10_000;

/** A whole region on one centre process: let in, live, and come back after the centre was killed. */
export async function fleet(flags: Flags): Promise<void> {
  const medium = await openMedium();
  const boxes = Array.from({ length: flags.number('boxes', 2000) }, (_, index) => `mfc-${index + 1}`);
  const processes = Math.min(boxes.length, flags.number('processes', 2));
  const fsyncMs = flags.number('fsync-ms', 5);
  // As long as a restart of the service on the centre's machine.
  const awayMs = flags.number('away-ms', 3000);
  const settleMs = flags.number('settle-ms', 2000);
  const identities = await makeIdentities(join(medium.folder, 'identities'));
  const files: ({ box: string } & IdentityFiles)[] = [];
  for (const box of boxes) files.push({ box, ...(await identities.box(box)) });
  say(`certificates for ${boxes.length} boxes made`);

  const folder = join(medium.folder, 'centre');
  await mkdir(folder);
  const prepared = await prepareCentre({ folder, identities, boxes, env: medium.env('centre', fsyncMs) });
  let centre = await prepared.start();
  const limit = await medium.limit(fsyncMs);
  const generators = await Promise.all(
    Array.from({ length: processes }, async (_, number) => {
      const path = join(folder, `boxes-${number}.json`);
      const own = files.filter((_file, index) => index % processes === number);
      await writeFile(path, JSON.stringify({ port: centre.ports.mqtt, boxes: own, everyMs }));
      return startProgram('fleet-boxes', [path]);
    }),
  );
  await Promise.all(generators.map(({ heard }) => heard));
  const print = (what: string, figures: { value: number; unit: string } & Record<string, number | string>) =>
    printLine({
      bench: 'fleet',
      case: `${boxes.length} boxes, ${what}, fsync ${fsyncMs} ms`,
      ...figures,
      limit,
      limitUnit: 'fsync/s',
      ratio: figures.value / limit,
    });
  const all = <A>(act: string, wish: object = {}) =>
    Promise.all(generators.map(generator => generator.ask<A>(act, wish)));
  const busy = (running: RunningCentre) =>
    watchCpu({ centreCpu: running, boxesCpu: generators as Program<unknown>[] });

  await sleep(settleMs);
  const emptyBytes = centre.memoryBytes();
  let cpu = busy(centre);
  const took = await all<{ tookMs: number }>('connect');
  const shares = cpu();
  const seconds = Math.max(...took.map(({ tookMs }) => tookMs)) / 1000;
  await sleep(settleMs);
  const memory = { emptyMemoryBytes: emptyBytes, memoryBytes: centre.memoryBytes() };
  const memoryPerBoxBytes = Math.round((memory.memoryBytes - emptyBytes) / boxes.length);
  print('first connection', {
    value: boxes.length / seconds,
    unit: 'connections/s',
    seconds,
    ...shares,
    memoryPerBoxBytes,
    ...memory,
  });

  cpu = busy(centre);
  const lived = await all<{ latenciesMs: number[]; back: number }>('live', {
    seconds: flags.number('seconds', 10),
  });
  const latencies = lived.flatMap(({ latenciesMs }) => latenciesMs);
  print(`each a fact in ${everyMs / 1000} s`, {
    value: latencies.length / flags.number('seconds', 10),
    unit: 'messages/s',
    p50Ms: percentile(latencies, 50),
    p95Ms: percentile(latencies, 95),
    p99Ms: percentile(latencies, 99),
    connected: lived.reduce((sum, { back }) => sum + back, 0),
    ...cpu(),
    memoryBytes: centre.memoryBytes(),
  });

  await centre.kill();
  await all('scattered');
  await sleep(awayMs);
  const startedMs = Date.now();
  centre = await prepared.start();
  const readyMs = Date.now();
  cpu = busy(centre);
  const gathered = await all<{ atMs: number; refused: number }>('gathered');
  const lastMs = Math.max(...gathered.map(({ atMs }) => atMs));
  print(`back after ${awayMs / 1000} s without the centre`, {
    value: (boxes.length * 1000) / (lastMs - readyMs),
    unit: 'connections/s',
    seconds: (lastMs - readyMs) / 1000,
    startSeconds: (readyMs - startedMs) / 1000,
    refusedTries: gathered.reduce((sum, { refused }) => sum + refused, 0),
    ...cpu(),
    memoryBytes: centre.memoryBytes(),
  });
}
