import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mode } from '../simulators/agency-system/mode.ts';
import { parties, pieces, requestFor } from './gateway-parties.ts';
import { ackOf, adapterFor, eventsUntil, temporaryFolder } from './gateway-setting.ts';

const program = new URL('../simulators/agency-system/main.ts', import.meta.url).pathname;

interface Running {
  url: string;
  controlUrl: string;
  ca: string;
  officerCa: string;
  process: ChildProcess;
}

/** The agency's system as a process of its own, with its state in a folder. */
async function agencyIn(t: TestContext) {
  const folder = await temporaryFolder();
  const anchors = join(folder, 'anchors');
  await mkdir(anchors);
  await writeFile(join(anchors, 'clerks.pem'), parties.clerks.certificate);
  await writeFile(join(anchors, 'boxes.pem'), parties.boxes.certificate);
  await writeFile(join(folder, 'region.pem'), parties.region.certificate);
  let running: Running | undefined;
  const kill = async () => {
    if (!running) return;
    const gone = once(running.process, 'exit');
    running.process.kill('SIGKILL');
    await gone;
    running = undefined;
  };
  t.after(async () => {
    await kill();
    await rm(folder, { recursive: true });
  });

  async function start(stepMs: number): Promise<Running> {
    const flags = ['--dir', join(folder, 'agency'), '--anchors', anchors, '--step-ms', String(stepMs)];
    if (running) flags.push('--port', new URL(running.url).port);
    flags.push('--client-ca', join(folder, 'region.pem'), '--client-name', 'okno-centre');
    await kill();
    const process = spawn(globalThis.process.execPath, [program, ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(process.stdout), 'line')) as [string];
    const ready = JSON.parse(line) as Record<'url' | 'controlUrl' | 'caFile' | 'officerCaFile', string>;
    const ca = await readFile(ready.caFile, 'utf8');
    const officerCa = await readFile(ready.officerCaFile, 'utf8');
    running = { ...ready, ca, officerCa, process };
    return running;
  }
  return { start };
}

async function switchMode(agency: Running, change: Partial<Mode>): Promise<void> {
  const answer = await fetch(`${agency.controlUrl}/mode`, { method: 'POST', body: JSON.stringify(change) });
  assert.equal(answer.status, 200);
}

async function state(agency: Running): Promise<{ requests: unknown[]; contents: number }> {
  return (await (await fetch(`${agency.controlUrl}/state`)).json()) as {
    requests: unknown[];
    contents: number;
  };
}

test('RSX-queue an agency killed between content and request gets the request later, the content once', async t => {
  const { start } = await agencyIn(t);
  const first = await start(1);
  const adapter = adapterFor(t, first);
  const bytes = await parties.casePackage();
  const request = requestFor(bytes);
  let opened = 0;
  /** From the moment in which the content moves, no answer comes any more. */
  async function* silently() {
    opened++;
    await switchMode(first, { slowMs: 60_000 });
    yield* pieces(bytes)();
  }
  const open = () => Readable.from(silently());
  const sending = adapter.send(request, open);
  while ((await state(first)).contents === 0) await sleep(20);
  const second = await start(1);
  assert.equal((await sending).kind, 'unreachable');
  assert.deepEqual([second.url, (await state(second)).requests], [first.url, []]);
  ackOf(await adapter.send(request, open));
  assert.equal((await state(second)).requests.length, 1);
  assert.equal(opened, 1);
});

test('RSX-queue an agency killed at work has the same keys, requests and numbers and ends the work', async t => {
  const { start } = await agencyIn(t);
  const first = await start(60_000);
  const bytes = await parties.casePackage();
  const request = requestFor(bytes);
  const adapter = adapterFor(t, first);
  const ack = ackOf(await adapter.send(request, pieces(bytes)));
  const second = await start(1);
  assert.deepEqual([second.ca, second.officerCa], [first.ca, first.officerCa]);
  await eventsUntil(adapter, 'ready');
  assert.deepEqual(ackOf(await adapter.send(request, pieces(bytes))), ack);
  assert.equal((await state(second)).requests.length, 1);
});
