import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { CentreConfig } from '../../central/config.ts';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import { readBoxConfig, writeBoxConfig } from '../../device/config/box-config.ts';
import { boxNodeFlags } from '../../device/node-flags.ts';
import type { JournalView } from '../../protocol/api/box.ts';
import type { HubView, TechnicianHubView } from '../../protocol/api/hub.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { StationView } from '../../protocol/api/station.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { httpClient, Refused, waitFor } from '../../provisioning/demonstration/box-client.ts';
import { openAuthority, openIdentity } from '../../provisioning/demonstration/identities.ts';
import { someFreeBase } from '../../provisioning/demonstration/ports.ts';
import { type Program, startProgram } from '../../provisioning/demonstration/programs.ts';
import { type Region, type RegionBranch, startRegion } from '../../provisioning/demonstration/region.ts';
import { visitService as serviceId } from '../../provisioning/demonstration/visit-steps.ts';
import { addSpare, addStation } from '../../provisioning/okno/multi-box.ts';
import { seriousFindings } from '../browser/accessibility.ts';
import { launchChromium, openPage, screens } from '../browser/chromium.ts';
import { assertAllArrived } from './invariants.ts';

const spareName = 'mfc-041-2';
let dir: string;
let region: Region;
let hub: RegionBranch;
const spare = { url: '', dir: '' };
const kiosk = { url: '' };
const started: Program[] = [];
let browser: Browser;

async function start(
  script: string,
  args: string[],
  how: { nodeFlags?: readonly string[]; onExit?: () => void } = {},
): Promise<void> {
  const logFile = join(dir, 'logs', `${args[0]?.split('/').at(-2)}.log`);
  started.push(await startProgram({ script, args: [...args, join(dir, 'ui')], logFile, ...how }));
}

/** One hub with its centre, a spare box and a kiosk with a box of its own, each a process. */
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'okno-hub-'));
  const basePort = await someFreeBase(1);
  region = await startRegion({ dir, basePort, branches: 1, agencyStepMs: 400 });
  hub = region.branches[0] as RegionBranch;
  await Promise.all([hub.program().stop(), region.centre()?.stop()]);
  spare.url = `http://localhost:${basePort + 50}`;
  kiosk.url = `http://localhost:${basePort + 51}`;
  spare.dir = join(dir, spareName);

  const centrePath = join(dir, 'centre/centre.json');
  const centre = JSON.parse(await readFile(centrePath, 'utf8')) as CentreConfig;
  const name = { ru: 'Запасное', en: 'Spare' };
  await writeFile(
    centrePath,
    JSON.stringify({ ...centre, boxes: [...centre.boxes, { box: spareName, name, spareOf: hub.box }] }),
  );
  const [network, seals] = [
    await openAuthority(join(dir, 'ca/network'), ''),
    await openAuthority(join(dir, 'ca/boxes'), ''),
  ];
  const keys = join(spare.dir, 'keys');
  const tls = await openIdentity(network.authority, keys, 'tls', {
    commonName: spareName,
    usage: 'tls-client',
  });
  const seal = await openIdentity(seals.authority, keys, 'seal', { commonName: spareName, usage: 'signing' });
  await mkdir(join(spare.dir, 'incoming'), { recursive: true });
  const http = { host: '127.0.0.1', port: basePort + 50, publicUrl: spare.url };
  const config = await readBoxConfig(hub.configPath);
  const pair = await addSpare(config, { box: spareName, url: spare.url, hubUrl: hub.url, http });
  const { identity, trust, register } = config;
  await writeBoxConfig(join(spare.dir, 'box.json'), {
    ...{ ...pair.spare, trust, register },
    identity: { ca: identity.ca, ...tls, sealCert: seal.cert, sealKey: seal.key },
  });
  const station = await addStation(pair.hub, {
    ...{
      station: 'kiosk-1',
      hubUrl: hub.url,
      register: config.register,
      ticketPrinter: config.ticketPrinter,
    },
    http: { host: '127.0.0.1', port: basePort + 51 },
  });
  await writeBoxConfig(hub.configPath, station.hub);
  await mkdir(join(dir, 'kiosk-1'), { recursive: true });
  await writeFile(join(dir, 'kiosk-1/station.json'), JSON.stringify(station.station));
  browser = await launchChromium();
  await region.startCentre();
  await hub.restart();
  await startSpare();
  await start('device/station/main.ts', [join(dir, 'kiosk-1/station.json')]);
});
let isOver = false;
after(async () => {
  isOver = true;
  await browser?.close();
  for (const program of started.toReversed()) await program.stop();
  await region?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** As the supervisor of a box does: it starts whatever ended. */
async function startSpare(): Promise<void> {
  const onExit = () => {
    if (!isOver) void startSpare();
  };
  await start('device/main.ts', [join(spare.dir, 'box.json')], { nodeFlags: boxNodeFlags, onExit });
}

const take = (url: string) =>
  httpClient(url).post<TicketView>('/api/tickets', { requestId: randomUUID(), serviceId });
async function logIn(url: string, login: string) {
  const client = httpClient(url);
  await client.post('/api/login', { login, password: region.secrets.password });
  return client;
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refused ? error.error.code : String(error)),
  );

/** The technician's page of the spare, as a technician uses it. */
async function pressTakeOver(): Promise<void> {
  const { page } = await openPage(browser, `${spare.url}/technician`, screens.clerk);
  await page.getByLabel('Имя для входа').fill('technician');
  await page.getByLabel('Пароль').fill(region.secrets.password);
  await page.keyboard.press('Enter');
  const button = page.getByRole('button', { name: 'Сделать главным это устройство' });
  await button.click();
  assert.deepEqual(await seriousFindings(page), []);
  await page.getByRole('dialog').getByRole('button', { name: 'Сделать главным это устройство' }).click();
  await page.getByText('Главное: ведёт очередь').waitFor();
  await page.close();
}

/** Exit status of the command. */
function typeTakeOver(password: string): Promise<number | null> {
  const main = fileURLToPath(new URL('../../provisioning/okno/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'box', 'take-over', '--url', spare.url], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(`${password}\n`);
  return new Promise(resolve => child.once('close', resolve));
}

test('F01 the hub dies in the middle of the day, a spare box takes over, the hub comes back: each ticket is there once', async () => {
  const given: TicketView[] = [];
  const takeAt = async (url: string) => {
    const ticket = await take(url);
    given.push(ticket);
    return ticket;
  };
  const alone = () => httpClient(kiosk.url).get<StationView>('/api/station');
  const hasNumbers = ({ left }: StationView) => left.every(({ numbers }) => numbers >= 10);

  // The morning: people come to the hub and to the kiosk, one is served, one is at the window.
  await waitFor('the kiosk has numbers', async () => hasNumbers(await alone()));
  for (let person = 0; person < 5; person++) await takeAt(hub.url);
  await takeAt(kiosk.url);
  const clerk = await logIn(hub.url, 'clerk');
  await clerk.post('/api/window/open');
  const atWindow = async (client: typeof clerk) => (await client.get<QueueView>('/api/queue')).mine;
  for (const isServed of [true, false]) {
    await clerk.post('/api/queue/next');
    const ticket = await atWindow(clerk);
    await clerk.post(`/api/tickets/${ticket?.ticketId}/came`);
    if (isServed) await clerk.post(`/api/tickets/${ticket?.ticketId}/finish`);
  }
  const serving = await atWindow(clerk);
  // It starts anew once, with the hub's accounts.
  await waitFor('the spare gives no numbers', async () => (await codeOf(take(spare.url))) === 'hub.spare');
  const technician = await waitFor('the spare knows the technician', () =>
    logIn(spare.url, 'technician').catch(() => undefined),
  );
  const seen = () => technician.get<TechnicianHubView>('/api/technician/hub');
  await waitFor('the spare knows the line', async () => (await seen()).pair?.waiting === 5);

  // The hub dies; the last ticket may be known to nobody else.
  await takeAt(hub.url);
  await hub.program().kill();
  await takeAt(kiosk.url);
  await waitFor('the kiosk is alone', async () => (await alone()).hub === 'away');
  const screen = await openPage(browser, `${kiosk.url}/kiosk`, screens.kiosk);
  await screen.page.getByText('Киоск без связи с отделением').waitFor();
  assert.deepEqual(await seriousFindings(screen.page), []);
  await takeAt(kiosk.url);

  const during = takeAt(kiosk.url);
  await pressTakeOver();
  assert.equal((await httpClient(spare.url).get<HubView>('/api/hub')).state, 'hub');
  await during;
  // Somebody else does the same in a terminal: twice is once.
  assert.equal(await typeTakeOver('a wrong password'), 1);
  assert.equal(await typeTakeOver(region.secrets.password), 0);
  const first = await takeAt(spare.url);
  assert.ok(Number(first.number.slice(1)) >= 500, first.number);
  await waitFor('the kiosk follows', async () => {
    const { hub: state, untold } = await alone();
    return state === 'connected' && untold === 0;
  });
  await takeAt(kiosk.url);

  // The clerk goes on with the person who sits there.
  const again = await logIn(spare.url, 'clerk');
  assert.equal((await atWindow(again))?.ticketId, serving?.ticketId);
  await again.post(`/api/tickets/${serving?.ticketId}/finish`);

  // The old hub comes back and may give a number before it hears of it.
  await hub.restart();
  const [early] = await Promise.allSettled([takeAt(hub.url)]);
  const old = () => httpClient(hub.url).get<HubView>('/api/hub');
  const replaced = await waitFor('the old hub hears', async () => {
    const view = await old();
    return view.state === 'replaced' && view;
  });
  assert.deepEqual(replaced.hub, { box: spareName, url: spare.url });
  const oldKiosk = await openPage(browser, `${hub.url}/kiosk`, screens.kiosk);
  await oldKiosk.page.getByText('Здесь талоны не выдаются').waitFor();
  if (early.status === 'rejected') assert.equal((early.reason as Refused).error?.code, 'hub.replaced');
  assert.equal(await codeOf(take(hub.url)), 'hub.replaced');
  assert.equal(await codeOf((await logIn(hub.url, 'clerk')).post('/api/queue/next')), 'hub.replaced');

  const waiting = () => httpClient(spare.url).get<{ waiting: { number: string }[] }>('/api/board');
  // Six of the morning and one before the cut, less two who were served; the kiosk's; the spare's.
  const expected = given.filter(({ id }) => id !== serving?.ticketId).map(({ number }) => number);
  const served = expected.find(number => number === given[0]?.number);
  const inLine = expected.filter(number => number !== served).sort();
  await waitFor('everybody is in the line of the spare', async () => {
    const numbers = (await waiting()).waiting.map(({ number }) => number).sort();
    return JSON.stringify(numbers) === JSON.stringify(inLine);
  });
  await waitFor('nobody is in the line of the old hub', async () => {
    const { waiting: left } = await httpClient(hub.url).get<{ waiting: unknown[] }>('/api/board');
    return left.length === 0;
  });
  assert.equal(new Set(given.map(({ number }) => number)).size, given.length, 'no number twice');

  // The books: both chains are whole in the centre, and it counts each ticket once, at the box that goes on with it.
  for (const url of [hub.url, spare.url]) {
    const asked = await logIn(url, 'technician');
    await waitFor('receipt of every fact', async () => {
      const { receiptedUpTo, facts } = await asked.get<JournalView>('/api/journal');
      return receiptedUpTo === facts.length;
    });
  }
  const storage = await openSqliteStorage(join(dir, 'centre/data/centre.db'));
  try {
    await assertAllArrived({
      boxes: [
        { box: hub.box, dir: join(dir, hub.box, 'data') },
        { box: spareName, dir: join(spare.dir, 'data') },
      ],
      centre: { storage },
    });
    const rows = await storage.query.selectFrom('tickets').selectAll().execute();
    assert.deepEqual(rows.map(({ id }) => id).sort(), given.map(({ id }) => id).sort());
    const open = rows.filter(({ state }) => state === 'waiting');
    assert.deepEqual(new Set(open.map(({ box }) => box)), new Set([spareName]));
    assert.equal(open.length, inLine.length);
    assert.equal(rows.filter(({ state }) => state === 'done').length, 2);
  } finally {
    await storage.close();
  }
});
