import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareCentre } from '../setting/centre.ts';
import { watchCpu } from '../setting/cpu-watch.ts';
import { medians, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type Identities, makeIdentities } from '../setting/identities.ts';
import { type Medium, openMedium } from '../setting/medium.ts';
import { startProgram } from '../setting/programs.ts';

const box = 'mfc-901';

/** A backlog from a box's journal into the centre's ledger, over the real link, both ends fsyncing. */
export async function sync(flags: Flags): Promise<void> {
  const medium = await openMedium();
  const identities = await makeIdentities(join(medium.folder, 'identities'));
  const count = flags.number('facts', 100_000);
  const rounds = flags.number('rounds', 1);
  const backlog = join(medium.folder, 'backlog.db');
  const writer = await startProgram('backlog', [backlog, String(count)]);
  await writer.heard;
  await writer.stop();
  say(`backlog of ${count} facts written`);
  for (const fsyncMs of flags.numbers('fsync-ms', [5, 1])) {
    const figures = [];
    for (let round = 1; round <= rounds; round++)
      figures.push({
        limit: await medium.limit(fsyncMs),
        ...(await drain(medium, identities, backlog, `${fsyncMs}-${round}`, fsyncMs)),
      });
    const { limit, value, ...more } = medians(figures);
    printLine({
      bench: 'sync',
      case: `backlog of ${count} facts, fsync ${fsyncMs} ms`,
      value,
      unit: 'facts/s',
      limit,
      limitUnit: 'fsync/s',
      ratio: value / limit,
      ...more,
    });
  }
}

async function drain(
  medium: Medium,
  identities: Identities,
  backlog: string,
  round: string,
  fsyncMs: number,
) {
  const [dir, folder] = [join(medium.folder, `box-${round}`), join(medium.folder, `centre-${round}`)];
  await mkdir(dir);
  await copyFile(backlog, join(dir, 'box.db'));
  const names = { box: `box-${round}`, centre: `centre-${round}` };
  const prepared = await prepareCentre({
    ...{ folder, identities, boxes: [box] },
    env: medium.env(names.centre, fsyncMs),
  });
  const centre = await prepared.start();
  const { ca, cert, key } = await identities.box(box);
  const program = await startProgram('box', [box, dir, ca, cert, key], {
    env: medium.env(names.box, fsyncMs),
  });
  await program.heard;
  const before = { box: medium.fsyncs(names.box), centre: medium.fsyncs(names.centre) };
  const cpu = watchCpu({ boxCpu: program, centreCpu: centre });
  const { tookMs, facts } = await program.ask<{ tookMs: number; facts: number }>('sync', {
    mqttUrl: `mqtts://127.0.0.1:${centre.ports.mqtt}`,
    contentUrl: `https://127.0.0.1:${centre.ports.content}`,
  });
  const figures = {
    value: (facts * 1000) / tookMs,
    seconds: tookMs / 1000,
    factsPerCentreFsync: facts / (medium.fsyncs(names.centre) - before.centre),
    factsPerBoxFsync: facts / (medium.fsyncs(names.box) - before.box),
    ...cpu(),
    boxMemoryBytes: program.memoryBytes(),
    centreMemoryBytes: centre.memoryBytes(),
  };
  const stored = prepared.stored();
  if (stored.facts !== facts || stored.upTo !== facts)
    throw new Error(`${facts} facts were sent, the centre holds ${JSON.stringify(stored)}`);
  await program.stop();
  await centre.stop();
  return figures;
}
