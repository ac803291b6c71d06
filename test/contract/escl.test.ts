import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import sharp from 'sharp';
import { certificatePin } from '../../device/peripherals/document-scanners/certificate-pin.ts';
import type { EsclProfile } from '../../device/peripherals/document-scanners/escl-settings.ts';
import { checkScanner, openScanner } from '../../device/peripherals/document-scanners/open-scanner.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { fixturePage } from '../fixtures/pages.ts';
import { noFaults, type ScannerFaults } from '../simulators/escl-scanner/faults.ts';
import { startEsclScanner } from '../simulators/escl-scanner/start.ts';
import { esclClient, ownFolder, scanAll, smallPages } from './scanner-setting.ts';

const simulator = await startEsclScanner();
const { device } = simulator;
after(() => simulator.close());
const sheets = await smallPages(4);
const folder = ownFolder();

beforeEach(() => {
  device.faults = { ...noFaults };
  device.load(sheets);
  device.lay(sheets[0]);
});

const a5: EsclProfile = { source: 'auto', colour: 'colour', size: 'a5' };
const client = () => esclClient(simulator.url, { profile: a5 });

for (const [what, expected] of [
  ['jam', 'scanner.jammed'],
  ['double-feed', 'scanner.double-feed'],
  ['cover-open', 'scanner.cover-open'],
  ['hatch-open', 'scanner.cover-open'],
  ['cancel', 'scanner.cancelled'],
  ['broken-line', 'scanner.absent'],
] as const satisfies [NonNullable<ScannerFaults['after']>['what'], string][])
  test(`${what} after two sheets is told as ${expected}, and the two pages are kept`, async () => {
    device.faults.after = { sheets: 2, what };
    const { pages, code, told } = await scanAll(client());
    assert.deepEqual([pages.length, code, told], [2, expected, 2]);
  });

test('F28 a scanner that falls silent between pages is given up, its job is deleted and the next scan works', async () => {
  device.faults.after = { sheets: 2, what: 'silence' };
  const hurried = { questionMs: 60_000, firstPageMs: 60_000, pageMs: 200, busyMs: 0 };
  const { pages, code } = await scanAll(esclClient(simulator.url, { profile: a5, timeouts: hurried }));
  // A loaded machine may take longer than that for a page that comes.
  assert.ok(pages.length >= 1 && pages.length <= 2);
  assert.equal(code, 'scanner.timeout');
  assert.equal(device.wishes().at(-1)?.state, 'Canceled');
  device.faults.after = undefined;
  assert.equal((await scanAll(client())).code, undefined);
});

test('pages that are not there yet are asked for again', async () => {
  device.faults.pauses = 2;
  const { pages, code } = await scanAll(client());
  assert.deepEqual([pages.length, code], [4, undefined]);
});

test('somebody else who scans is waited for, and after a while the scanner is busy', async () => {
  device.faults.busyTimes = 3;
  assert.equal((await scanAll(client())).pages.length, 4);
  device.load(sheets);
  device.faults.busyTimes = 1_000_000;
  const timeouts = { questionMs: 60_000, firstPageMs: 60_000, pageMs: 60_000, busyMs: 0 };
  assert.equal((await scanAll(esclClient(simulator.url, { timeouts }))).code, 'scanner.busy');
});

test('a scanner that calls itself by a name nobody knows is still reached', async () => {
  device.faults.ownName = true;
  assert.equal((await scanAll(client())).pages.length, 4);
});

test('paper in the feeder is taken before the glass, and without any the glass is', async () => {
  await scanAll(client());
  assert.equal(device.wishes().at(-1)?.wish.source, 'Feeder');
  await scanAll(client());
  assert.equal(device.wishes().at(-1)?.wish.source, 'Platen');
});

test('both sides, grey, A5 and the nearest finer resolution are asked for and come', async () => {
  const page = await fixturePage('contract-1');
  device.load([page.bytes, page.bytes]);
  const profile: EsclProfile = { source: 'duplex', colour: 'grey', size: 'a5' };
  const signal = new AbortController().signal;
  const pages: Uint8Array[] = [];
  for await (const { bytes } of esclClient(simulator.url, { profile }).scan({ dpi: 120, signal }))
    pages.push(bytes);
  assert.equal(pages.length, 2);
  assert.deepEqual(device.wishes().at(-1)?.wish, {
    ...{ source: 'Feeder', duplex: true, colourMode: 'Grayscale8' },
    ...{ dpi: 150, width: 1748, height: 2480 },
  });
  const { width, height, density, channels } = await sharp(pages[0]).metadata();
  assert.deepEqual([width, height, density, channels], [874, 1240, 150, 1]);
});

test('what the profile names and the device lacks is a fault, not another source', async () => {
  const answers = new Map([['/eSCL/ScannerCapabilities', xml('ScannerCapabilities', '')]]);
  const other = await bareServer(answers, '<pwg:State>Idle</pwg:State>');
  const profile: EsclProfile = { source: 'duplex', colour: 'colour', size: 'a4' };
  assert.equal((await scanAll(esclClient(other.url, { profile }))).code, 'scanner.fault');
});

for (const [name, body] of [
  ['no XML', 'hello'],
  ['another document', '<html/>'],
  ['entities', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['a flood', ' '.repeat(2 * 1024 * 1024)],
] as const)
  test(`F29 ${name} instead of capabilities ends as a code, not as a crash`, async () => {
    const other = await bareServer(new Map([['/eSCL/ScannerCapabilities', body]]), '');
    const { code } = await scanAll(esclClient(other.url));
    assert.equal(code, name === 'a flood' ? 'capture.too-large' : 'scanner.fault');
  });

test('the health of a scanner is its own word: ready with an empty feeder, jammed, or away', async () => {
  const config = { driver: 'escl', id: 'net', title: 'Сетевой', dpi: 300, url: simulator.url } as const;
  device.load([]);
  assert.equal(await checkScanner(config, folder), null);
  device.faults.feeder = 'jam';
  assert.equal(await checkScanner(config, folder), 'scanner.jammed');
  const away = checkScanner({ ...config, url: 'http://127.0.0.1:1/eSCL' }, folder);
  await assert.rejects(away, { code: 'scanner.absent' });
});

test('a certificate of its own is believed at first use, and another one later is not, until it is forgotten', async () => {
  const one = await startTlsScanner();
  const config = { driver: 'escl', id: 'net', title: 'Сетевой', dpi: 75, url: one.url, size: 'a5' } as const;
  assert.equal((await scanAll(openScanner(config, folder))).pages.length, 4);
  one.device.load(sheets);
  assert.equal((await scanAll(openScanner(config, folder))).code, undefined);
  const other = await startTlsScanner();
  const moved = { ...config, url: other.url };
  assert.equal((await scanAll(openScanner(moved, folder))).code, 'scanner.certificate-changed');
  assert.deepEqual(other.device.wishes(), []);
  const file = join(folder, 'scanner-certificates', 'net.sha256');
  assert.match(readFileSync(file, 'utf8'), /^[0-9A-F:]{95}\n$/);
  rmSync(file);
  assert.equal((await scanAll(openScanner(moved, folder))).pages.length, 4);
  await certificatePin(file).check(readFileSync(file, 'utf8').trim());
});

test('nobody asked the simulator for what no device does', () => {
  assert.deepEqual(device.violations, []);
});

async function startTlsScanner() {
  const authority = await createAuthority('Сканер');
  const { certificate, privateKey = '' } = await authority.issue({
    ...{ commonName: 'scanner', usage: 'tls-server', days: 2 },
  });
  const scanner = await startEsclScanner({ tls: { cert: certificate, key: privateKey } });
  after(() => scanner.close());
  scanner.device.load(sheets);
  return scanner;
}

function xml(root: string, inside: string): string {
  return `<scan:${root} xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">${inside}</scan:${root}>`;
}

/** Answers what it is told to, whatever the protocol says. */
async function bareServer(answers: ReadonlyMap<string, string>, status: string): Promise<{ url: string }> {
  const server = createServer((request, response) => {
    response.end(answers.get(request.url ?? '') ?? xml('ScannerStatus', status));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/eSCL` };
}
