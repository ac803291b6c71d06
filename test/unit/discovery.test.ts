import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Attached } from '../../device/peripherals/discovery/attached.ts';
import { type KnownDevice, matchDevices } from '../../device/peripherals/discovery/match-devices.ts';
import { lookAtSysfs } from '../../device/peripherals/discovery/sysfs.ts';
import { discovered, nextPhase, type PhaseEvent } from '../../device/peripherals/phases.ts';
import { drivers, driversFor, unique } from '../../device/peripherals/registry.ts';
import { makeUsbTree } from '../fixtures/usb-tree.ts';

const adapter = { line: 'serial', node: '/dev/ttyUSB0', usb: { vendor: '0403', product: '6001' } } as const;
const attached = (port: string, serial: string | null, over: Partial<Attached> = {}): Attached => ({
  ...adapter,
  ...{ port, serial, usage: null, model: 'FTDI', descriptor: new Uint8Array() },
  ...over,
});
const known = (id: string, port: string, serial: string | null, hasRole = true): KnownDevice => ({
  ...attached(port, serial),
  ...{ id, hasRole },
});
const idsByPort = (result: ReturnType<typeof matchDevices>) =>
  Object.fromEntries(result.same.map(({ id, attached: one }) => [one.port, id]));

describe('which device is which', () => {
  test('F24 the same port and serial number are the same, whatever the node is called', () => {
    const result = matchDevices(
      [known('a', '1-1:1.0', 'X')],
      [attached('1-1:1.0', 'X', { node: '/dev/ttyUSB7' })],
    );
    assert.deepEqual(idsByPort(result), { '1-1:1.0': 'a' });
    assert.equal(result.same[0]?.moved, false);
  });

  test('F25 two alike without serial numbers are told apart by their ports', () => {
    const both = [known('a', '1-1:1.0', null), known('b', '1-2:1.0', null)];
    const result = matchDevices(both, [attached('1-2:1.0', null), attached('1-1:1.0', null)]);
    assert.deepEqual(idsByPort(result), { '1-1:1.0': 'a', '1-2:1.0': 'b' });
  });

  test('F25 one of two alike that goes leaves the other what it is', () => {
    const both = [known('a', '1-1:1.0', null), known('b', '1-2:1.0', null)];
    const result = matchDevices(both, [attached('1-2:1.0', null)]);
    assert.deepEqual([idsByPort(result), result.missing], [{ '1-2:1.0': 'b' }, ['a']]);
  });

  test('serial numbers follow their devices even when two change places', () => {
    const both = [known('a', '1-1:1.0', 'X'), known('b', '1-2:1.0', 'Y')];
    const result = matchDevices(both, [attached('1-2:1.0', 'X'), attached('1-1:1.0', 'Y')]);
    assert.deepEqual(idsByPort(result), { '1-2:1.0': 'a', '1-1:1.0': 'b' });
    assert.ok(result.same.every(({ moved }) => moved));
  });

  test('a serial number that two cheap devices share counts for nothing', () => {
    const both = [known('a', '1-1:1.0', '0001'), known('b', '1-2:1.0', '0001')];
    const result = matchDevices(both, [attached('1-3:1.0', '0001')]);
    assert.deepEqual([result.same, result.newcomers.length], [[], 1]);
  });

  test('the only one of its make keeps its role at another port, or gives it to its replacement', () => {
    const result = matchDevices([known('a', '1-1:1.0', 'OLD')], [attached('1-4:1.0', 'NEW')]);
    assert.deepEqual([idsByPort(result), result.newcomers], [{ '1-4:1.0': 'a' }, []]);
  });

  test('a device without a role is not looked for elsewhere, and another make takes nobody’s place', () => {
    const stranger = attached('1-4:1.0', null, { usb: { vendor: '067b', product: '2303' } });
    assert.equal(
      matchDevices([known('a', '1-1:1.0', null, false)], [attached('1-4:1.0', null)]).newcomers.length,
      1,
    );
    assert.equal(matchDevices([known('a', '1-1:1.0', null)], [stranger]).newcomers.length, 1);
  });
});

test('what the kernel shows is read: serial adapters, POS scanners, keyboards, ports that have a chip', async t => {
  const tree = await makeUsbTree();
  t.after(tree.remove);
  assert.deepEqual(await lookAtSysfs(tree.roots), []);
  await tree.plugSerial(
    { port: '1-2.4', usb: '0403:6001', product: 'UART', serial: 'A1' },
    'ttyUSB0',
    '/dev/null',
  );
  await tree.plugHid(
    { port: '1-3', usb: '0c2e:0b61', product: 'Scanner' },
    'hidraw0',
    Buffer.from('058c0902a101', 'hex'),
  );
  await tree.plugKeyboard({ port: '1-5', usb: '0627:0001', product: 'Keyboard' });
  await tree.addBuiltIn('ttyS0', '4');
  await tree.addBuiltIn('ttyS1', '0');
  const found = await lookAtSysfs(tree.roots);
  const seen = found.map(({ line, port, usb, serial, model }) => ({
    line,
    port,
    usb: usb?.vendor,
    serial,
    model,
  }));
  assert.deepEqual(
    seen.sort((one, other) => one.port.localeCompare(other.port)),
    [
      { line: 'serial', port: '1-2.4:1.0', usb: '0403', serial: 'A1', model: 'Okno UART' },
      { line: 'hid', port: '1-3:1.0', usb: '0c2e', serial: null, model: 'Okno Scanner' },
      { line: 'keyboard', port: '1-5:1.0', usb: '0627', serial: null, model: 'Okno Keyboard' },
      { line: 'serial', port: 'ttyS0', usb: undefined, serial: null, model: 'ttyS0' },
    ],
  );
  const best = found.map(one => [one.port, driversFor(drivers, one)[0]?.driver.id]);
  assert.deepEqual(Object.fromEntries(best), {
    '1-2.4:1.0': 'barcode-scanner.serial',
    '1-3:1.0': 'barcode-scanner.hid-pos',
    '1-5:1.0': 'barcode-scanner.keyboard',
    ttyS0: 'barcode-scanner.serial',
  });
});

test('two drivers of one id stop the start', () => {
  const [first] = drivers;
  assert.throws(() => unique(first ? [first, first] : []), { code: 'internal.unexpected' });
});

describe('phases of a device', () => {
  const after = (...events: PhaseEvent[]) => events.reduce(nextPhase, discovered);
  const work: PhaseEvent[] = [{ kind: 'seen' }, { kind: 'opening' }, { kind: 'opened' }];
  const missed: PhaseEvent = { kind: 'missed' };
  const refused: PhaseEvent = { kind: 'refused', code: 'device.offline' };

  test('F27 two misses are no loss, the third is', () => {
    assert.equal(after(...work, missed, missed).phase, 'ready');
    assert.equal(after(...work, missed, missed, missed).phase, 'lost');
    assert.equal(after(...work, missed, missed, { kind: 'seen' }, missed, missed).phase, 'ready');
  });

  test('one that comes back after a loss begins anew', () => {
    assert.deepEqual(after(...work, missed, missed, missed, { kind: 'seen' }), discovered);
  });

  test('a failing device is told at the third try, one that another program holds at once', () => {
    const opening: PhaseEvent = { kind: 'opening' };
    assert.equal(after(opening, refused, opening, refused).phase, 'opening');
    assert.equal(after(opening, refused, opening, refused, opening, refused).phase, 'faulted');
    assert.equal(after(opening, { kind: 'refused', code: 'device.held' }).code, 'device.held');
  });

  test('a device that worked and lost its line is opening, not faulted', () => {
    assert.deepEqual(after(...work, { kind: 'line-gone' }), {
      phase: 'opening',
      code: null,
      misses: 0,
      failures: 0,
    });
  });
});
