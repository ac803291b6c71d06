import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Blob } from '../../../protocol/values.ts';
import { type LossyLine, layLossyLine } from '../line/lossy-line.ts';
import { prepareCentre, type RunningCentre } from '../setting/centre.ts';
import { median, medians, percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type Identities, makeIdentities } from '../setting/identities.ts';
import { openMedium } from '../setting/medium.ts';
import { startProgram } from '../setting/programs.ts';
import { Skipped } from '../setting/skip.ts';

const run = promisify(execFile);
/** One for each round: a box that came back with an empty disk would be taken for a copy of itself. */
const boxes = Array.from({ length: 100 }, (_, index) => `mfc-${index + 1}`);
/** A branch at the end of a bad radio line: 10 Mbit/s, 100 ms there and back, 2 % lost each way. */
const line = { delayMs: 50, lossPercent: 2, mbitPerSecond: 10, queuePackets: 100 };
const lineText = `${line.mbitPerSecond} Mbit/s, ${2 * line.delayMs} ms, ${line.lossPercent} % loss`;
const restMs = 4000;
/** What the content client opens, and so what curl may open. */
const connections = 4;
const smallEveryMs = 100;

interface Setting {
  folder: string;
  identities: Identities;
  lossy: LossyLine;
  centre: RunningCentre;
  /** Port of the plain server. */
  port: number;
  /** Boxes that nobody was yet. */
  unused: string[];
}

/** Content of a box over a bad line, beside curl on the same line, while small facts go on. */
export async function content(flags: Flags): Promise<void> {
  const { folder } = await openMedium();
  const lossy = await layLossyLine(folder, line);
  const curl = await curlVersion();
  const identities = await makeIdentities(join(folder, 'identities'), [lossy.centreAddress]);
  const host = lossy.centreAddress;
  const prepared = await prepareCentre({
    ...{ folder: join(folder, 'centre'), identities, boxes, host, prefix: lossy.centre },
  });
  const centre = await prepared.start();
  const { cert, key } = identities.server;
  const plain = await startProgram<{ port: number }>('plain-https', [host, cert, key], {
    prefix: lossy.centre,
  });
  const setting: Setting = {
    folder,
    identities,
    lossy,
    centre,
    port: (await plain.heard).port,
    unused: [...boxes],
  };

  const quiet = new Set<string>();
  for (const { megabytes, control } of cases(flags)) {
    await lossy.setControl(control);
    if (!quiet.has(control))
      printQuiet(control, await withBox(setting, `quiet-${control}`, new Uint8Array(1), rest));
    quiet.add(control);
    const rounds = flags.number('rounds', megabytes <= 2 ? 3 : 1);
    const own: Figures[] = [];
    const peer: Figures[] = [];
    for (let round = 1; round <= rounds; round++) {
      const name = `${control}-${megabytes}-${round}`;
      const bytes = randomBytes(megabytes * 1_000_000);
      // Each goes first in turn: the kernel remembers what the last connection learnt of the line.
      const turns = [
        async () => own.push(await withBox(setting, `okno-${name}`, bytes, upload)),
        async () => peer.push(await withBox(setting, `curl-${name}`, bytes, curlUpload)),
      ];
      for (const turn of round % 2 === 1 ? turns : turns.toReversed()) await turn();
    }
    const what = `${megabytes} MB, ${control}, ${lineText}`;
    const [ownFigures, peerFigures] = [medians(own), medians(peer)];
    const ofLine = (figures: Figures) => ({
      limit: line.mbitPerSecond,
      limitUnit: 'Mbit/s',
      ratio: figures.value / line.mbitPerSecond,
    });
    printLine({
      bench: 'content',
      case: what,
      ...ownFigures,
      unit: 'Mbit/s',
      ...ofLine(ownFigures),
      ratioToPeer: ownFigures.value / peerFigures.value,
    });
    printLine({
      bench: 'content',
      case: what,
      peer: curl,
      ...peerFigures,
      unit: 'Mbit/s',
      ...ofLine(peerFigures),
    });
    say(
      `  okno ${own.map(each => each.seconds.toFixed(1)).join(', ')} s; curl ${peer.map(each => each.seconds.toFixed(1)).join(', ')} s`,
    );
  }
}

/** 20 MB with loss-based control takes minutes on such a line: only when asked for. */
function cases(flags: Flags): { megabytes: number; control: string }[] {
  const [sizes, controls] = [flags.numbers('megabytes', []), flags.words('control', [])];
  if (sizes.length + controls.length === 0)
    return [
      { megabytes: 2, control: 'bbr' },
      { megabytes: 2, control: 'reno' },
      { megabytes: 20, control: 'bbr' },
    ];
  return (controls.length > 0 ? controls : ['bbr']).flatMap(control =>
    (sizes.length > 0 ? sizes : [2]).map(megabytes => ({ megabytes, control })),
  );
}

async function curlVersion(): Promise<string> {
  const { stdout } = await run('curl', ['--version']).catch(() => {
    throw new Skipped('no curl to compare with');
  });
  return `curl ${stdout.split(' ')[1]} --parallel`;
}

interface Figures extends Record<string, number> {
  value: number;
  seconds: number;
  smallP50Ms: number;
  smallP95Ms: number;
}

type Move = (setting: Setting, path: string, ask: Ask) => Promise<number>;
type Ask = <A>(act: string, wish?: object) => Promise<A>;

/** A box that was just started, with small facts every 100 ms while the bytes move. */
async function withBox(setting: Setting, name: string, bytes: Uint8Array, move: Move): Promise<Figures> {
  const { folder, identities, lossy, centre } = setting;
  const box = setting.unused.shift();
  if (!box) throw new Error('more rounds than boxes');
  const dir = join(folder, name);
  await mkdir(dir);
  const path = join(dir, 'content.bin');
  await writeFile(path, bytes);
  const { ca, cert, key } = await identities.box(box);
  const program = await startProgram('box', [box, dir, ca, cert, key], { prefix: lossy.branch });
  await program.heard;
  await program.ask('connect', {
    mqttUrl: `mqtts://${lossy.centreAddress}:${centre.ports.mqtt}`,
    contentUrl: `https://${lossy.centreAddress}:${centre.ports.content}`,
  });
  await program.ask('startSmall', { everyMs: smallEveryMs });
  const seconds = (await move(setting, path, program.ask)) / 1000;
  const { latenciesMs } = await program.ask<{ latenciesMs: number[] }>('stopSmall');
  await program.stop();
  return {
    value: (bytes.length * 8) / 1e6 / seconds,
    seconds,
    smallP50Ms: median(latenciesMs),
    smallP95Ms: percentile(latenciesMs, 95),
  };
}

/** Small facts alone: what the line itself costs them. */
function printQuiet(control: string, { smallP50Ms, smallP95Ms }: Figures): void {
  const thereAndBackMs = 2 * line.delayMs;
  printLine({
    bench: 'content',
    case: `small facts alone, ${control}, ${lineText}`,
    ...{ value: smallP50Ms, unit: 'ms', limit: thereAndBackMs, limitUnit: 'ms' },
    ...{ ratio: smallP50Ms / thereAndBackMs, smallP50Ms, smallP95Ms },
  });
}

async function rest(): Promise<number> {
  await sleep(restMs);
  return restMs;
}

/** The box's own way, to the centre's word that the content is whole. */
async function upload(_setting: Setting, path: string, ask: Ask): Promise<number> {
  const blob = await ask<Blob>('put', { path });
  const { tookMs } = await ask<{ tookMs: number }>('upload', { blob });
  return tookMs;
}

/** The same bytes in as many ranges as the box has connections, to a server that only takes them. */
async function curlUpload(setting: Setting, path: string): Promise<number> {
  const { lossy, identities, port } = setting;
  const bytes = await readFile(path);
  const rangeBytes = Math.ceil(bytes.length / connections);
  const ranges: string[] = [];
  for (let number = 0; number < connections; number++) {
    const range = `${path}.${number}`;
    await writeFile(range, bytes.subarray(number * rangeBytes, (number + 1) * rangeBytes));
    ranges.push('-T', range, `https://${lossy.centreAddress}:${port}/${number}`);
  }
  const [command = '', ...prefix] = lossy.branch;
  const flags = ['--parallel', '--parallel-immediate', '--parallel-max', String(connections), '--http1.1'];
  const begunMs = performance.now();
  await run(command, [
    ...prefix,
    'curl',
    '-sS',
    '--fail',
    ...flags,
    '--cacert',
    identities.ca,
    '-H',
    'Expect:',
    ...ranges,
  ]);
  return performance.now() - begunMs;
}
