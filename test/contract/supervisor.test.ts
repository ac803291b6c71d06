import assert from 'node:assert/strict';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { holdersOf } from '../../device/peripherals/discovery/holders.ts';
import { lookAtSysfs } from '../../device/peripherals/discovery/sysfs.ts';
import type { Driver } from '../../device/peripherals/driver.ts';
import { drivers } from '../../device/peripherals/registry.ts';
import type { KeptRole } from '../../device/peripherals/roles.ts';
import { type Supervisor, startSupervisor } from '../../device/peripherals/supervisor.ts';
import { openHid } from '../../device/peripherals/transports/hid.ts';
import type { CardService } from '../../device/peripherals/transports/pcsc.ts';
import { openSerial } from '../../device/peripherals/transports/serial.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Reading } from '../../protocol/readings.ts';
import { silentLog } from '../fixtures/branch.ts';
import { childPids } from '../fixtures/child-pids.ts';
import { until } from '../fixtures/until.ts';
import { makeUsbTree, type PluggedDevice, type UsbTree } from '../fixtures/usb-tree.ts';
import { openPty, type PtyEnd } from '../simulators/ticket-printer/pty.ts';

const noCards: CardService = {
  runs: () => false,
  readers: () => [],
  listen: () => () => {},
  transmit: () => Promise.reject(new Error('no cards here')),
  pid: () => undefined,
  stop: async () => {},
};
const scanner: PluggedDevice = { port: '1-1', usb: '0403:6001', product: 'Adapter' };
const role = { driver: 'barcode-scanner.serial', place: '3' };
const bytes = (text: string) => new TextEncoder().encode(text);

describe('devices that people plug in and pull out', { timeout: 120_000 }, () => {
  let tree: UsbTree;
  let supervisor: Supervisor;
  let kept: KeptRole[];
  let readings: Reading[];
  let cables: PtyEnd[];

  beforeEach(async () => {
    tree = await makeUsbTree();
    [kept, readings, cables] = [[], [], []];
    start();
  });
  afterEach(async () => {
    await supervisor.stop();
    for (const cable of cables) await cable.close();
    await tree.remove();
  });

  function start(more: readonly Driver[] = []): void {
    supervisor = startSupervisor({
      lookAround: () => lookAtSysfs(tree.roots),
      watch: () => () => {},
      drivers: [...more, ...drivers],
      roles: {
        all: () => structuredClone(kept),
        async save(roles) {
          kept = roles;
        },
      },
      world: {
        ...{ clock: systemClock, log: silentLog },
        // The device file of the tree leads to a pseudo-terminal by a second link.
        holdersOf: async node => holdersOf(await realpath(node)),
        openLine: {
          cards: noCards,
          openSerial: (path, baudRate) => openSerial({ path, baudRate, offline: 'device.offline' }),
          openHid: (path, takesKeyboard) => openHid({ path, takesKeyboard }),
        },
      },
      onReading: reading => readings.push(reading),
      onChange: () => {},
      timing: { lookEveryMs: 40, missEveryMs: 40 },
      backOffMs: { first: 10, longest: 50 },
    });
  }

  async function cable(): Promise<{ link: string; end: PtyEnd }> {
    const link = join(tree.roots.sys, `../cable-${cables.length}`);
    const end = await openPty(link, () => {});
    cables.push(end);
    return { link, end };
  }

  const only = () => supervisor.devices()[0];
  const phaseOf = (id: string) => supervisor.find(id)?.state.phase;

  async function atWork(device: PluggedDevice, tty: string, place = '3') {
    const { link, end } = await cable();
    const before = supervisor.devices().length;
    const pull = await tree.plugSerial(device, tty, link);
    await until(() => supervisor.devices().length === before + 1);
    const id = supervisor.devices().at(-1)?.id ?? '';
    await until(() => phaseOf(id) === 'discovered');
    await supervisor.assign(id, { ...role, place });
    await until(() => phaseOf(id) === 'ready');
    return { id, end, link, pull };
  }

  async function reads(end: PtyEnd, code: string, place: string): Promise<void> {
    readings = [];
    end.send(bytes(`${code}\r`));
    await until(() => readings.length > 0);
    assert.deepEqual(
      readings.map(({ place: at, read }) => [at, read]),
      [[place, { kind: 'text', text: code }]],
    );
  }

  test('a plug waits for its role, then its codes reach the place; the wire log shows no code', async () => {
    const { id, end } = await atWork(scanner, 'ttyUSB0');
    supervisor.find(id)?.wire.turn(true);
    await reads(end, 'SECRET', '3');
    const [line] = supervisor.find(id)?.wire.view().lines ?? [];
    assert.equal(line?.bytes, '·· ·· ·· ·· ·· ·· 0D');
    assert.ok(!JSON.stringify(supervisor.find(id)?.events).includes('SECRET'));
  });

  test('F24 a device that comes back under another name is bound again, F27 without having been lost', async () => {
    const { id, end, link, pull } = await atWork(scanner, 'ttyUSB0');
    await pull();
    await until(() => (supervisor.find(id)?.state.misses ?? 0) > 0);
    await tree.plugSerial(scanner, 'ttyUSB5', link);
    await until(() => phaseOf(id) === 'ready' && supervisor.find(id)?.attached.node.endsWith('ttyUSB5'));
    await until(() => supervisor.find(id)?.events[0]?.event === 'ready');
    await reads(end, 'AGAIN', '3');
    assert.equal(supervisor.devices().length, 1);
  });

  test('F24 pulled for good it is lost, at another port it is what it was, and a restart changes nothing', async () => {
    const { id, link, end, pull } = await atWork(scanner, 'ttyUSB0');
    await pull();
    await until(() => phaseOf(id) === 'lost');
    await tree.plugSerial({ ...scanner, port: '1-4' }, 'ttyUSB0', link);
    await until(() => phaseOf(id) === 'ready');
    await reads(end, 'MOVED', '3');
    await supervisor.stop();
    start();
    await until(() => phaseOf(id) === 'ready');
    await reads(end, 'RESTARTED', '3');
  });

  test('F25 two alike have a role each, by their ports', async () => {
    const first = await atWork(scanner, 'ttyUSB0', '1');
    const second = await atWork({ ...scanner, port: '1-2' }, 'ttyUSB1', '2');
    await reads(first.end, 'FIRST', '1');
    await reads(second.end, 'SECOND', '2');
  });

  test('F30 the process of one device is killed: it opens again, and the other hears nothing of it', async () => {
    const first = await atWork(scanner, 'ttyUSB0', '1');
    const [pid] = await childPids('serial-host');
    const second = await atWork({ ...scanner, port: '1-2' }, 'ttyUSB1', '2');
    const eventsOfSecond = supervisor.find(second.id)?.events.length;
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => supervisor.find(first.id)?.events.some(({ event }) => event === 'line-lost'));
    await until(() => phaseOf(first.id) === 'ready');
    await reads(first.end, 'BACK', '1');
    assert.equal(supervisor.find(second.id)?.events.length, eventsOfSecond);
  });

  test('F31 a device that another program holds is told with its name, and opens when it is free', async () => {
    const { link, end } = await cable();
    const held = await openSerial({ path: link, baudRate: 9600 });
    await tree.plugSerial(scanner, 'ttyUSB0', link);
    await until(() => only()?.state.phase === 'discovered');
    const id = only()?.id ?? '';
    await supervisor.assign(id, role);
    await until(() => supervisor.find(id)?.state.code === 'device.held');
    assert.match(String(supervisor.find(id)?.details.holder), /\w/);
    await held.close();
    await until(() => phaseOf(id) === 'ready');
    await reads(end, 'FREE', '3');
  });

  test('F28 a device that never opens holds up no other, and goes when it is pulled', async () => {
    await supervisor.stop();
    start([
      {
        ...{ id: 'test.hangs', kind: 'card-reader', title: { ru: 'висит', en: 'hangs' } },
        matches: [{ line: 'serial', usb: 'dead:*', score: 9 }],
        open: () => new Promise(() => {}),
      },
    ]);
    const pull = await tree.plugSerial({ ...scanner, port: '1-9', usb: 'dead:0001' }, 'ttyUSB9', '/dev/null');
    await until(() => only()?.state.phase === 'opening');
    const { end } = await atWork(scanner, 'ttyUSB0');
    await reads(end, 'FINE', '3');
    await pull();
    await until(() => supervisor.devices().length === 1);
  });

  test('a technician’s test takes the next code away from its place; without any it ends with a code', async () => {
    const { id, end } = await atWork(scanner, 'ttyUSB0');
    const next = supervisor.nextReading(id, 60_000);
    end.send(bytes('TEST\r'));
    assert.deepEqual(await next, { kind: 'text', text: 'TEST' });
    assert.deepEqual(readings, []);
    await assert.rejects(supervisor.nextReading(id, 1), { code: 'device.nothing-read' });
    await supervisor.assign(id, null);
    await assert.rejects(supervisor.nextReading(id, 1), { code: 'device.cannot-test' });
    await assert.rejects(supervisor.assign(id, { ...role, driver: 'card-reader.pcsc' }), {
      code: 'device.bad-role',
    });
  });
});
