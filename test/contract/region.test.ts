import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalView } from '../../protocol/api/box.ts';
import type { Fact } from '../../protocol/facts.ts';
import { httpClient, waitFor } from '../../provisioning/demonstration/box-client.ts';
import { assertPortsFree, portPlan, someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { root } from '../../provisioning/demonstration/programs.ts';
import { startRegion } from '../../provisioning/demonstration/region.ts';

const someBase = () => someFreeBase(3);

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-region-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** Living processes as [pid, parent, session]; every program of a region leads a session of its own. */
async function processes(): Promise<[pid: number, parent: number, session: number][]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map(pid => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.flatMap(text => {
    const [state, parent, , session] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (!text || state === 'Z') return [];
    return [[Number.parseInt(text, 10), Number(parent), Number(session)]];
  });
}
const childrenOf = async (pid: number) =>
  (await processes()).filter(([, parent]) => parent === pid).map(([child]) => child);
const livingIn = async (sessions: number[]) =>
  (await processes()).filter(([, , session]) => sessions.includes(session)).map(([pid]) => pid);
const allGone = (sessions: number[]) =>
  waitFor('the end of every process', async () => (await livingIn(sessions)).length === 0, 20_000);

/** Holds a port as any other program might. */
async function hold(t: TestContext, port: number): Promise<void> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
}

/** `npm start` as a process; `ready` when it has printed the addresses. */
function npmStart(t: TestContext, ...args: string[]): { child: ChildProcess; output: () => string } {
  const script = join(root, 'provisioning/demonstration/start.ts');
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  return { child, output: () => output };
}

test('a port that is taken is named, with who holds it and which ports are free', async t => {
  const base = await someBase();
  const { mqtt } = portPlan(base, 3);
  await hold(t, mqtt);
  await assert.rejects(
    assertPortsFree(base, 3),
    (error: { code: string; details: Record<string, unknown> }) => {
      assert.equal(error.code, 'setup.port-taken');
      const { port, holder, suggestion } = error.details;
      assert.equal(port, mqtt);
      assert.match(String(holder), new RegExp(`PID ${process.pid}\\b`));
      assert.ok(Number(suggestion) > base);
      return true;
    },
  );
  const { child, output } = npmStart(t, '--ports', String(base), '--dir', await folder(t));
  const [status] = await once(child, 'close');
  assert.equal(status, 1);
  assert.match(output(), new RegExp(`${mqtt}.*PID ${process.pid}\\b.*--ports \\d+`));
});

test('a port that only the machine took while we started ends the start and leaves no process', async t => {
  const [dir, basePort] = [await folder(t), await someBase()];
  await hold(t, portPlan(basePort, 1).content);
  const before = await childrenOf(process.pid);
  let during: number[] = [];
  const starting = startRegion({
    dir,
    basePort,
    branches: 1,
    agencyStepMs: 400,
    onProgress: async () => {
      during = [...during, ...(await childrenOf(process.pid))];
    },
  });
  await assert.rejects(starting, /central\/main\.ts/);
  const started = during.filter(pid => !before.includes(pid));
  assert.ok(started.length > 0);
  await allGone(started);
});

test('a second start goes on with the same data, and a stop leaves no process behind', async t => {
  const [dir, basePort] = [await folder(t), await someBase()];
  const epochs: string[] = [];
  const secrets: unknown[] = [];
  for (let round = 0; round < 2; round++) {
    const region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 400 });
    const sessions = await childrenOf(process.pid);
    assert.ok(sessions.length >= 4, `${sessions.length} programs`);
    const technician = httpClient(region.branches[0]?.url ?? '');
    await technician.post('/api/login', { login: 'technician', password: region.secrets.password });
    const { epoch, facts } = await technician.get<JournalView>('/api/journal');
    epochs.push(epoch);
    secrets.push(region.secrets);
    const starts = (facts as Fact[]).filter(({ type }) => type === 'box.started');
    assert.equal(starts.length, round + 1);
    await region.stop();
    assert.deepEqual(await livingIn(sessions), []);
  }
  assert.equal(epochs[0], epochs[1]);
  assert.deepEqual(secrets[0], secrets[1]);
});

for (const signal of ['SIGINT', 'SIGKILL'] as const)
  test(`npm start that ends by ${signal} leaves no process behind`, async t => {
    const [dir, base] = [await folder(t), await someBase()];
    const { child, output } = npmStart(t, '--ports', String(base), '--dir', dir);
    const pid = child.pid ?? 0;
    await waitFor('the addresses', async () => output().includes('/operator'), 90_000);
    const sessions = await childrenOf(pid);
    assert.ok(sessions.length >= 8, `${sessions.length} programs`);
    const closed = once(child, 'exit');
    child.kill(signal);
    const [status] = await closed;
    assert.equal(status, signal === 'SIGINT' ? 0 : null);
    await allGone(sessions);
  });

test('npm start that ends while it starts leaves no process behind', async t => {
  const [dir, base] = [await folder(t), await someBase()];
  const { child, output } = npmStart(t, '--ports', String(base), '--dir', dir);
  await waitFor('the centre', async () => output().includes('• центр'), 60_000);
  await sleep(100);
  const sessions = await childrenOf(child.pid ?? 0);
  child.kill('SIGKILL');
  await allGone(sessions);
});
