import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { TicketPrinter } from '../../device/peripherals/driver.ts';
import { type HubClient, HubRefusal } from '../../device/station/hub-client.ts';
import { startStation } from '../../device/station/main.ts';
import { createStation } from '../../device/station/station.ts';
import { openStationBook } from '../../device/station/station-book.ts';
import type { StationConfig } from '../../device/station/station-config.ts';
import { apiError } from '../../platform/http.ts';
import type { Log } from '../../platform/log.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { StationView } from '../../protocol/api/station.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import type { Register } from '../../protocol/register.ts';
import { registerPath, silentLog } from '../fixtures/branch.ts';
import { hallAdministrator, openQuickHall } from '../fixtures/quick-hall.ts';
import { serveHall } from '../fixtures/served-hall.ts';
import { minuteMs, type TestClock, testClock } from '../fixtures/test-clock.ts';
import { startTcpProxy, type TcpProxy } from '../simulators/tcp-proxy/tcp-proxy.ts';

const serviceId = 'inn-certificate';
const setting = openQuickHall({ windows: 10 });
const ends = new AsyncDisposableStack();
let line: TcpProxy;
let dir: string;

before(async () => {
  for (const login of ['kiosk-1', 'kiosk-2'])
    setting.config.users.push({ ...hallAdministrator, login, role: 'station', passwordHash: '-' });
  const { server, port } = await serveHall(setting, ['kiosk-1', 'kiosk-2']);
  line = await startTcpProxy(port);
  dir = await mkdtemp(join(tmpdir(), 'okno-station-'));
  ends.defer(() => rm(dir, { recursive: true, force: true }));
  ends.defer(() => setting.close());
  ends.defer(async () => void (await server.close()));
  ends.defer(() => line.close());
});
after(() => ends.disposeAsync());

/** Stands for a printer that confirms at once, or never answers while `dead`. */
function quickPrinter() {
  const state = { dead: false, prints: 0 };
  const printer: TicketPrinter = {
    async print() {
      if (state.dead) await new Promise(() => {});
      state.prints++;
      return { kind: 'printed', bytes: 0 };
    },
    status: async () => ({
      ...{ online: true, coverOpen: false, paperOut: false, paperNearEnd: false, fault: false },
    }),
    close: async () => {},
  };
  return { state, printer };
}

function stationConfig(name: string): StationConfig {
  return {
    station: name,
    branch: setting.config.branch,
    dataDir: join(dir, name),
    http: { host: '127.0.0.1', port: 0 },
    hub: {
      url: `http://127.0.0.1:${line.port}`,
      publicUrl: 'http://okno.test',
      login: name,
      password: 'proba',
    },
    ticketPrinter: setting.config.ticketPrinter,
    register: registerPath,
    leaseSize: 6,
    logLevel: 'silent',
  };
}

async function open(name: string, clock: TestClock = setting.clock) {
  const config = stationConfig(name);
  const { state, printer } = quickPrinter();
  const running = await startStation(config, { clock, printer, everyMs: 100 });
  async function ask<T>(path: string, body?: object): Promise<T> {
    const answer = await fetch(`${running.url}/api${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const value = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(value.code), { code: value.code });
    return value as T;
  }
  return {
    ...{ ask, printer: state, stop: running.stop },
    take: (requestId: string = randomUUID()) => ask<TicketView>('/tickets', { requestId, serviceId }),
    async until(isSo: (view: StationView) => boolean): Promise<StationView> {
      for (;;) {
        const view = await ask<StationView>('/station');
        if (isSo(view)) return view;
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    },
  };
}

const hallNumbers = () =>
  setting
    .now()
    .hall.board()
    .waiting.map(({ number }) => number);
const leased = ({ left }: StationView) => left.every(({ numbers }) => numbers >= 3);

test('two kiosks without the hub give their own numbers, and the hub has each once when it is back', async t => {
  const [one, two] = [await open('kiosk-1'), await open('kiosk-2')];
  t.after(async () => void (await Promise.all([one.stop(), two.stop()])));
  await Promise.all([one.until(leased), two.until(leased)]);
  await one.ask<BranchView>('/branch');
  const screens = { languages: ['ru'], appointments: false, voice: false };
  assert.deepEqual(await one.ask('/screens'), screens);
  const atHub = await setting.now().hall.issue({ requestId: randomUUID(), serviceId });

  const { target } = line;
  line.target = undefined;
  line.cut();
  await one.until(({ hub }) => hub === 'away');
  assert.deepEqual(await one.ask('/screens'), screens);
  setting.clock.advance(minuteMs);
  const requestId = randomUUID();
  const given = [await one.take(requestId), await two.take(), await one.take(requestId), await one.take()];
  assert.equal(given[0]?.number, given[2]?.number);
  assert.equal(one.printer.prints, 2);
  const numbers = new Set(given.map(({ number }) => number));
  assert.equal(numbers.size, 3);
  assert.ok(!numbers.has(atHub.number));
  assert.equal((await one.ask<BranchView>('/branch')).now, setting.clock.now().toISOString());
  const rating = { requestId: randomUUID(), marks: [{ aspect: 'wait', mark: 5 }] };
  await assert.rejects(one.ask('/ratings', rating), { code: 'queue.hub-away' });
  // The hub goes on as well; neither knows of the other.
  const meanwhile = await setting.now().hall.issue({ requestId: randomUUID(), serviceId });
  assert.ok(!numbers.has(meanwhile.number));
  // Six numbers of this letter, of which some are gone.
  let failure: unknown;
  for (let more = 0; more < 6 && !failure; more++)
    await two.take().catch((error: unknown) => {
      failure = error;
    });
  assert.equal((failure as { code?: string } | undefined)?.code, 'queue.no-numbers');

  line.target = target;
  for (const kiosk of [one, two]) await kiosk.until(view => view.hub === 'connected' && view.untold === 0);
  const all = hallNumbers();
  assert.equal(new Set(all).size, all.length);
  for (const { number } of given) assert.ok(all.includes(number), number);
  assert.equal(all.length, 2 + 2 + 6);
  await two.until(leased);
  assert.equal((await one.ask<TicketView>(`/tickets/${given[0]?.id}`)).state, 'waiting');
  await one.ask('/ratings', rating);
});

test('F01 a kiosk that loses power while it prints keeps the number: somebody may hold the paper', async t => {
  const one = await open('kiosk-1');
  await one.until(leased);
  one.printer.dead = true;
  const requestId = randomUUID();
  const numbersLeft = ({ left }: StationView) => left.find(({ letter }) => letter === 'В')?.numbers ?? 0;
  const left0 = numbersLeft(await one.ask<StationView>('/station'));
  const before = new Set(hallNumbers());
  const broken = one.take(requestId).catch(() => undefined);
  // The number is on the disk before the printer hears of it.
  await one.until(view => numbersLeft(view) !== left0);
  await one.stop();
  await broken;
  const again = await open('kiosk-1');
  t.after(() => again.stop());
  const kept = await again.take(requestId);
  assert.deepEqual([kept.state, kept.print.state], ['waiting', 'recovered']);
  await again.until(({ untold }) => untold === 0);
  assert.deepEqual(
    hallNumbers().filter(number => !before.has(number)),
    [kept.number],
  );
});

test('an answer of the hub that got lost gives no second ticket', async t => {
  const one = await open('kiosk-1');
  t.after(() => one.stop());
  await one.until(leased);
  const before = hallNumbers().length;
  for (let round = 0; round < 3; round++) {
    // Cut somewhere in the talk about the next ticket, at another place each time.
    line.cutAfter(150 + 200 * round);
    await one.take();
    await one.until(({ untold, hub }) => untold === 0 && hub === 'connected');
  }
  assert.equal(hallNumbers().length, before + 3);
});

test('a ticket that the hub refuses stands at its station, and calls the hall administrator once', async t => {
  const two = await open('kiosk-2');
  t.after(() => two.stop());
  await two.until(leased);
  const before = await two.take();
  await two.until(({ untold }) => untold === 0);
  // The disk of this station was copied, and the copy gave the next number.
  const { hall, db } = setting.now();
  const { lease } = db.prepare('select lease from tickets where id = ?').get(before.id) as { lease: string };
  const ofCopy = {
    ...{
      requestId: randomUUID(),
      serviceId,
      ticketId: randomUUID(),
      leaseId: lease,
      heldBy: 'printed' as const,
    },
    ...{ running: Number(before.number.slice(1)) + 1, takenAt: setting.clock.now().toISOString() },
  };
  await hall.stations.accept('kiosk-2', ofCopy);
  const { id, number } = await two.take();
  const { refused } = await two.until(view => view.refused.length > 0);
  assert.deepEqual(refused, [{ number, code: 'queue.number-not-leased' }]);
  // Told again after a lost answer.
  const told = { ...ofCopy, requestId: randomUUID(), ticketId: id };
  await assert.rejects(hall.stations.accept('kiosk-2', told), { code: 'queue.number-not-leased' });
  const calls = () => hall.live().administratorCalls;
  assert.deepEqual(
    calls().map(({ place, refused: which }) => [place, which?.number, which?.error.code]),
    [['kiosk-2', number, 'queue.number-not-leased']],
  );
  await hall.administrator.came(hallAdministrator, id);
  assert.deepEqual(calls(), []);
});

/** A station beside a hub that answers as told. */
function stationWith(t: { after(end: () => void): void }, ask: HubClient['ask'], log: Log = silentLog) {
  const db = openDatabase(':memory:');
  t.after(() => db.close());
  const url = () => 'http://127.0.0.1';
  return createStation({
    config: stationConfig('kiosk-1'),
    book: openStationBook(db),
    hub: { ask, url, publicUrl: url, requireHub: async () => {}, lookAround: async () => false },
    printer: quickPrinter().printer,
    register: () => JSON.parse(readFileSync(registerPath, 'utf8')) as Register,
    ...{ clock: setting.clock, log },
  });
}

test('F23 a station goes on with a hub of an earlier version, which does not have all that a kiosk shows', async t => {
  const station = stationWith(t, async (_method, path, wish) => {
    if (path === '/api/screens') throw new HubRefusal(404, apiError('internal.not-found'));
    if (path === '/api/register') return readFileSync(registerPath, 'utf8');
    return JSON.stringify(wish ? { ...wish, from: 1, to: 6 } : { registerVersion: 1 });
  });
  await station.reconcile();
  assert.equal(station.view().hub, 'connected');
  assert.ok(leased(station.view()));
});

test('a fault of the station itself is logged as an error, once while it lasts', async t => {
  const lines: { level: string; words: string }[] = [];
  const say = (level: string) => (_bound: unknown, words?: string) =>
    void lines.push({ level, words: `${words}` });
  const log = {
    ...{ debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
    ...{ fatal: say('fatal'), child: () => silentLog },
  };
  // A hub whose answer this station cannot read.
  const station = stationWith(t, async () => '<html>', log as Log);
  await station.reconcile();
  await station.reconcile();
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['error'],
  );
  assert.match(lines[0]?.words ?? '', /fault of the station/);
  assert.equal(station.view().hub, 'away');
});

test('F07 a kiosk whose clock says 1970 or 2099 goes by the time of the hub', async t => {
  for (const [name, year] of [
    ['kiosk-1', '1970-01-01T00:01:00.000Z'],
    ['kiosk-2', '2099-01-01T00:01:00.000Z'],
  ] as const) {
    const kiosk = await open(name, testClock(year));
    t.after(kiosk.stop);
    await kiosk.until(leased);
    const { id } = await kiosk.take();
    await kiosk.until(({ untold }) => untold === 0);
    const { issuedAt, state } = setting.now().hall.ticket(id);
    assert.deepEqual([issuedAt, state], [setting.clock.now().toISOString(), 'waiting']);
    await setting.now().hall.visitors.cancel(id);
    await kiosk.stop();
  }
});

test('F07 a kiosk that wakes up in 1970 or 2099 while the hub is away gives numbers that nobody else gives on any day', async t => {
  const { target } = line;
  t.after(() => {
    line.target = target;
  });
  const kiosks = [];
  const given: TicketView[] = [];
  for (const [name, year] of [
    ['kiosk-1', '1970-01-01T00:01:00.000Z'],
    ['kiosk-2', '2099-01-01T00:01:00.000Z'],
  ] as const) {
    const before = await open(name);
    await before.until(view => leased(view) && view.hub === 'connected' && view.untold === 0);
    await before.stop();
    line.target = undefined;
    line.cut();
    // The power came back, the hub did not.
    const clock = testClock(year);
    let kiosk = await open(name, clock);
    given.push(await kiosk.take(), await kiosk.take());
    await kiosk.stop();
    kiosk = await open(name, clock);
    t.after(kiosk.stop);
    given.push(await kiosk.take());
    clock.advance(10 * minuteMs);
    kiosks.push(kiosk);
    line.target = target;
  }
  line.cut();
  const numbers = given.map(({ number }) => number);
  assert.equal(new Set(numbers).size, 6);
  for (const number of numbers) assert.ok(Number(number.slice(1)) >= 9000, number);
  for (const kiosk of kiosks) await kiosk.until(({ hub, untold }) => hub === 'connected' && untold === 0);
  const { hall } = setting.now();
  assert.ok(numbers.every(number => hallNumbers().includes(number)));
  const nowMs = setting.clock.now().getTime();
  // What is known of how long they waited is kept; more than that nobody knows.
  const waited = given.map(({ id }) => (nowMs - Date.parse(hall.ticket(id).issuedAt)) / minuteMs);
  assert.deepEqual(waited, [0, 0, 10, 0, 0, 10]);

  // The hub goes on behind its own numbers, and a reserve is not given a second time on that day.
  const { number } = await hall.issue({ requestId: randomUUID(), serviceId });
  assert.ok(Number(number.slice(1)) < 9000, number);
  for (const kiosk of kiosks) {
    const { number: after } = await kiosk.take();
    assert.ok(Number(after.slice(1)) < 9000, after);
  }
  assert.equal(new Set(hallNumbers()).size, hallNumbers().length);
});
