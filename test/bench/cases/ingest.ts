import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../../protocol/limits.ts';
import { prepareCentre } from '../setting/centre.ts';
import { watchCpu } from '../setting/cpu-watch.ts';
import { medians, printLine } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type IdentityFiles, makeIdentities } from '../setting/identities.ts';
import { type Medium, openMedium } from '../setting/medium.ts';
import { startProgram } from '../setting/programs.ts';
import { ingestThroughRabbitMq } from './ingest-rabbitmq.ts';

interface Shape {
  name: string;
  factsPerEnvelope: number;
  window: number;
  /** Over all boxes. */
  envelopes: number;
}

/** Many boxes at once against one centre; a message counts when a receipt covers it. */
export async function ingest(flags: Flags): Promise<void> {
  if (flags.words('through', []).includes('rabbitmq')) return await ingestThroughRabbitMq(flags);
  const medium = await openMedium();
  const boxes = Array.from({ length: flags.number('boxes', 100) }, (_, index) => `mfc-${index + 1}`);
  const identities = await makeIdentities(join(medium.folder, 'identities'));
  const files = new Map<string, IdentityFiles>();
  for (const box of boxes) files.set(box, await identities.box(box));
  const messages = flags.number('messages', 40_000);
  const facts = flags.number('facts', 102_400);
  // A centre works for months; its first messages cost half as much again, while Node compiles.
  const warmUpFacts = flags.number('warm-up', 30_000);
  const shapes: Shape[] = [
    { name: '1 fact', factsPerEnvelope: 1, window: 20, envelopes: messages },
    {
      name: `${limits.factsPerEnvelope} facts`,
      factsPerEnvelope: limits.factsPerEnvelope,
      window: limits.envelopeWindow,
      envelopes: Math.ceil(facts / limits.factsPerEnvelope),
    },
  ];
  const rounds = flags.number('rounds', 1);
  const processes = Math.min(boxes.length, flags.number('processes', 2));
  for (const fsyncMs of flags.numbers('fsync-ms', [5, 1]))
    for (const shape of shapes) {
      const figures = [];
      for (let round = 1; round <= rounds; round++) {
        const name = `centre-${fsyncMs}-${shape.factsPerEnvelope}-${round}`;
        const limit = await medium.limit(fsyncMs);
        const wish = { name, fsyncMs, shape, boxes, processes, warmUpFacts };
        figures.push({ limit, ...(await storm(medium, wish, identities, files)) });
      }
      const { limit, value, ...more } = medians(figures);
      printLine({
        bench: 'ingest',
        case: `${boxes.length} boxes × window ${shape.window}, ${shape.name} a message, fsync ${fsyncMs} ms`,
        value,
        unit: 'messages/s',
        limit,
        limitUnit: 'fsync/s',
        ratio: value / limit,
        ...more,
      });
    }
}

async function storm(
  medium: Medium,
  wish: {
    name: string;
    fsyncMs: number;
    shape: Shape;
    boxes: readonly string[];
    processes: number;
    warmUpFacts: number;
  },
  identities: Awaited<ReturnType<typeof makeIdentities>>,
  files: ReadonlyMap<string, IdentityFiles>,
) {
  const { name, fsyncMs, boxes, processes } = wish;
  const { factsPerEnvelope, window } = wish.shape;
  const envelopes = Math.ceil(wish.shape.envelopes / boxes.length);
  const warmUp = Math.ceil(wish.warmUpFacts / factsPerEnvelope / boxes.length);
  const folder = join(medium.folder, name);
  await mkdir(folder);
  const prepared = await prepareCentre({ folder, identities, boxes, env: medium.env(name, fsyncMs) });
  const centre = await prepared.start();
  const generators = await Promise.all(
    Array.from({ length: processes }, async (_, number) => {
      const path = join(folder, `boxes-${number}.json`);
      const own = boxes.filter((_box, index) => index % processes === number);
      const portion = own.map(box => ({ box, ...files.get(box) }));
      await writeFile(
        path,
        JSON.stringify({
          ...{ port: centre.ports.mqtt, boxes: portion, envelopes: warmUp + envelopes },
          ...{ factsPerEnvelope, window },
        }),
      );
      return startProgram('ingest-boxes', [path]);
    }),
  );
  await Promise.all(generators.map(({ heard }) => heard));
  const run = (count: number) =>
    Promise.all(generators.map(each => each.ask<{ tookMs: number }>('run', { count })));
  await run(warmUp);
  const fsyncs = medium.fsyncs(name);
  const cpu = watchCpu({ centreCpu: centre, boxesCpu: generators });
  const times = await run(envelopes);
  const shares = cpu();
  const seconds = Math.max(...times.map(({ tookMs }) => tookMs)) / 1000;
  const messages = envelopes * boxes.length;
  const facts = messages * factsPerEnvelope;
  const sent = facts + warmUp * boxes.length * factsPerEnvelope;
  const stored = prepared.stored();
  if (stored.facts !== sent || stored.upTo !== sent)
    throw new Error(`${sent} facts were sent, the centre holds ${JSON.stringify(stored)}`);
  const figures = {
    value: messages / seconds,
    factsPerSecond: facts / seconds,
    seconds,
    messagesPerFsync: messages / (medium.fsyncs(name) - fsyncs),
    ...shares,
    centreMemoryBytes: centre.memoryBytes(),
  };
  for (const generator of generators) await generator.stop();
  await centre.stop();
  return figures;
}
