import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readBoxConfig, writeBoxConfig } from '../../device/config/box-config.ts';
import { readStationConfig } from '../../device/station/station-config.ts';
import { readWindowConfig } from '../../device/station/window-config.ts';
import { systemClock } from '../../platform/clock.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLogin } from '../../platform/login.ts';
import { readPrinterLine } from '../../provisioning/okno/printer-line.ts';
import { boxConfig } from '../bench/setting/box-config.ts';
import { silentLog } from '../fixtures/branch.ts';

const main = fileURLToPath(new URL('../../provisioning/okno/main.ts', import.meta.url));

async function okno(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => {
    output += bytes.toString();
  });
  const status = await new Promise<number | null>(resolve => child.once('close', resolve));
  return { status, output };
}

test('commands write a spare box and a kiosk’s box that the hub lets in, and the doctor says so', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-further-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const hubFile = join(dir, 'box.json');
  await writeBoxConfig(hubFile, boxConfig('mfc-900', dir));
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());

  const from = ['--hub', hubFile, '--hub-url', 'http://127.0.0.1:9'];
  const spareUrl = 'http://127.0.0.1:8';
  const spareDir = join(dir, 'spare');
  const wroteSpare = await okno('spare', 'write', 'mfc-900-2', ...from, '--url', spareUrl, '--out', spareDir);
  assert.equal(wroteSpare.status, 0);
  const [hub, spare] = [await readBoxConfig(hubFile), await readBoxConfig(join(spareDir, 'box.json'))];
  assert.deepEqual([hub.pair?.series, spare.pair?.series], [0, 1]);
  assert.deepEqual([hub.pair?.box, spare.pair?.box], ['mfc-900-2', 'mfc-900']);
  assert.notEqual(spare.branch.code, hub.branch.code);
  assert.deepEqual(spare.users, hub.users);
  assert.deepEqual(
    hub.users.filter(({ role }) => role === 'spare').map(({ login }) => login),
    ['mfc-900-2', 'mfc-900'],
  );

  const folder = join(dir, 'kiosk-1');
  const wroteStation = await okno(
    ...['station', 'write', 'kiosk-1', '--hub', hubFile, '--hub-url', 'http://127.0.0.1:9'],
    ...['--out', folder, '--printer', 'tcp:127.0.0.1:1', '--port', '1'],
  );
  assert.equal(wroteStation.status, 0);
  const window = join(dir, 'window-5');
  const writeWindow = (number: string) =>
    okno('station', 'write', 'box-5', ...from, '--out', window, '--window', number);
  assert.equal((await writeWindow('99')).status, 3);
  assert.equal((await writeWindow('1')).status, 0);
  const { hub: ofWindow, readers } = await readWindowConfig(join(window, 'window.json'));
  assert.deepEqual([ofWindow.login, ofWindow.spareUrl, readers.length > 0], ['box-5', spareUrl, true]);
  const { users } = await readBoxConfig(hubFile);
  assert.equal(users.find(({ login }) => login === 'box-5')?.window, '1');
  const path = join(folder, 'station.json');
  const station = await readStationConfig(path);
  assert.deepEqual([station.station, station.hub.spareUrl], ['kiosk-1', spareUrl]);
  assert.equal((await stat(path)).mode & 0o077, 0, 'nobody else reads its password');
  addLogin(server, (await readBoxConfig(hubFile)).users, systemClock);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const { port } = server.server.address() as { port: number };
  await writeFile(
    path,
    JSON.stringify({ ...station, hub: { ...station.hub, url: `http://127.0.0.1:${port}` } }),
  );

  // Only its name is like that of the program: the real one would take what is plugged in here.
  const like = spawn(process.execPath, [
    '-e',
    'setInterval(() => {}, 1000)',
    'device/station/window-main.ts',
  ]);
  t.after(() => like.kill());
  const file = join(window, 'window.json');
  const written = JSON.parse(await readFile(file, 'utf8'));
  written.hub.url = `http://127.0.0.1:${port}`;
  written.readers.push({ driver: 'no-such-reader' });
  await writeFile(file, JSON.stringify(written));
  const looked = await okno('doctor', '--config', file, '--lang', 'en');
  assert.equal(looked.status, 1);
  const [runs, door, spareDoor, driver] = looked.output.split('\n');
  assert.match(runs ?? '', /^✔ Station box-5: works$/);
  assert.match(door ?? '', /^✔ Box of the branch .*: lets in the station of window 1$/);
  assert.match(spareDoor ?? '', /^✖ .*does not answer/);
  assert.match(driver ?? '', /^✖ no-such-reader: There is no such driver/);

  const { status, output } = await okno('doctor', '--config', path, '--lang', 'en');
  assert.equal(status, 1);
  const marks = output.trim().split('\n').map(line => line.slice(0, 1)); // biome-ignore format: one line
  // It does not run, its printer and the spare box are away, and the hub lets it in.
  assert.deepEqual(marks, ['✖', '✖', '✔', '✖', 'S']);
});

test('the doctor names the place in the file of a kiosk’s or a window’s box that is wrong', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'okno-further-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'station.json');
  for (const wrong of [{}, { readers: [] }]) {
    await writeFile(path, JSON.stringify({ station: 'kiosk-1', hub: {}, ...wrong }));
    const { status, output } = await okno('doctor', '--config', path, '--json');
    assert.equal(status, 1);
    const { findings } = JSON.parse(output) as { findings: { code: string }[] };
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['setup.bad-configuration'],
    );
  }
});

test('a printer’s line is read as it is typed, names of sockets with their colons', () => {
  const model = 'epson-80mm';
  assert.deepEqual(readPrinterLine('usb', model), { line: 'usb', model });
  assert.deepEqual(readPrinterLine('tcp:10.0.0.9:9100', model), {
    line: 'tcp',
    host: '10.0.0.9',
    port: 9100,
    model,
  });
  const path = '/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0';
  assert.deepEqual(readPrinterLine(`serial:${path}`, model), {
    line: 'serial',
    path,
    baudRate: 115_200,
    model,
  });
  assert.deepEqual(readPrinterLine(`serial:${path}:9600`, model), {
    line: 'serial',
    path,
    baudRate: 9600,
    model,
  });
  assert.throws(() => readPrinterLine('lpt1', model), { code: 'setup.bad-configuration' });
});
