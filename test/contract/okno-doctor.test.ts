import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apiError } from '../../platform/http.ts';
import type { TechnicianDevice, TechnicianView } from '../../protocol/api/technician.ts';

const main = fileURLToPath(new URL('../../provisioning/okno/main.ts', import.meta.url));

async function doctor(...args: string[]) {
  const child = spawn(process.execPath, [main, 'doctor', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  const status = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { status, output };
}

const device = (id: string, over: Partial<TechnicianDevice> = {}): TechnicianDevice => ({
  ...{ id, kind: 'ticket-printer', title: { ru: `Прибор ${id}`, en: `Device ${id}` } },
  ...{ phase: 'ready', error: null, plug: null, role: null, tests: [], wire: null, events: [] },
  ...over,
});

const view = (...devices: TechnicianDevice[]): TechnicianView => ({
  ...{ box: 'mfc-900', branch: { ru: 'Проба', en: 'Test' }, now: new Date().toISOString() },
  ...{
    timeZone: 'Europe/Moscow',
    software: 'okno-box',
    clock: 'trusted',
    warnings: [],
    devices,
    places: ['1'],
  },
  link: { state: 'connected', since: new Date().toISOString(), unsent: 0, error: null },
});

test('okno doctor says what the box says, and fails when something is not right', async t => {
  let answer = view(device('a'), device('idle', { phase: 'discovered', plug: port }));
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/api/doctor' ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const well = await doctor('--url', url, '--lang', 'ru');
  assert.deepEqual([well.status, well.output.split('\n').at(-2)], [0, 'Всё в порядке.']);

  answer = view(device('a'), device('b', { phase: 'faulted', error: apiError('printer.paper-out') }));
  const unwell = await doctor('--url', url, '--lang', 'en');
  assert.equal(unwell.status, 1);
  assert.match(unwell.output, /^✔ Device a: works$/m);
  assert.match(unwell.output, /^✖ Device b: .*\[printer\.paper-out\]$/m);

  const { status, output } = await doctor('--url', url, '--json');
  const told = JSON.parse(output);
  assert.deepEqual(
    [status, told.running, told.ok, told.findings[1].code],
    [1, true, false, 'printer.paper-out'],
  );
});

test('okno doctor of a box that does not run says so, and what is wrong with its files', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-doctor-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const { status, output } = await doctor('--config', join(dir, 'box.json'), '--json');
  const { running, findings } = JSON.parse(output);
  assert.deepEqual([status, running, findings[1].code], [1, false, 'setup.bad-configuration']);
});

const port: TechnicianDevice['plug'] = { line: 'serial', where: 'ttyS0', serial: null, drivers: [] };
