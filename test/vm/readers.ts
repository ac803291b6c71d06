import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  RoleWish,
  TechnicianDevice,
  TechnicianView,
  TestResult,
} from '../../protocol/api/technician.ts';
import { residentCard } from '../simulators/smart-card/card.ts';
import { connectToQemu } from '../simulators/smart-card/vscard-end.ts';
import type { Appliance } from './appliance.ts';
import { type DeviceInside, startDevice } from './devices-inside.ts';
import { eventually } from './guest-access.ts';

const rounds = 200;
/**
 * Files and processes that come and go: connections of this test, hosts that were killed before and start again
 * when somebody asks for their device. A leak would be one a round.
 */
const comeAndGo = 8;
type Line = NonNullable<TechnicianDevice['plug']>['line'];

/** Readers and scanners that find their driver by themselves: what the technician's page tells of them. */
export function testReaders(now: () => Appliance): void {
  let posScanner: DeviceInside;

  const devices = async () => (await now().box.get<TechnicianView>('/api/technician')).devices;
  const found = (line: Line, fits: (device: TechnicianDevice) => boolean = () => true) =>
    eventually(`a device at ${line}`, async () =>
      (await devices()).find(device => device.plug?.line === line && fits(device)),
    );
  const ready = (line: Line) => found(line, ({ phase }) => phase === 'ready');
  const assign = (id: string, role: RoleWish['role']) =>
    now().box.put(`/api/technician/devices/${id}/role`, { role });

  /** What the box reads when `send` is done again and again: the first ones may come before it listens. */
  async function reading(id: string, send: () => Promise<unknown>): Promise<TestResult> {
    let isDone = false;
    const result = now()
      .box.post<TestResult>(`/api/technician/devices/${id}/test`, {})
      .finally(() => {
        isDone = true;
      });
    // Told by whoever awaits it, after the last sending.
    result.catch(() => undefined);
    while (!isDone) {
      await sleep(500);
      await send();
    }
    return await result;
  }

  const code = (text: string): TestResult => ({ kind: 'read', read: { kind: 'text', text } });

  test('F24 a POS scanner works without a word to anybody, and again after it was moved while it worked', async () => {
    await now().guest.sh('modprobe uhid');
    posScanner = await startDevice(now(), 'posScanner', 'pos-scanner');
    await posScanner.do('plug', 'vm/socket-1');
    const { id } = await ready('hid');
    assert.deepEqual(await reading(id, () => posScanner.do('scan', 'ABC-1')), code('ABC-1'));
    await assign(id, { driver: 'barcode-scanner.hid-pos', place: '1' });
    await ready('hid');
    await posScanner.do('unplug');
    await posScanner.do('plug', 'vm/socket-2');
    const moved = await found('hid', ({ phase, plug }) => phase === 'ready' && plug?.where === 'vm/socket-2');
    assert.equal(moved.id, id);
    assert.equal(moved.role?.place, '1');
    assert.deepEqual(await reading(id, () => posScanner.do('scan', 'ABC-2')), code('ABC-2'));
  });

  async function typed(text: string): Promise<void> {
    for (const key of [...text, 'ret']) await now().machine.qmp.monitor(`sendkey ${key}`);
    await sleep(500);
  }

  test('F24 a keyboard scanner waits for its role, is taken from the system and found at another port', async () => {
    const { machine, guest } = now();
    const plugged = await machine.plugIn('usb-kbd', 4, { serial: 'WEDGE-1' });
    const { id } = await found('keyboard', ({ phase, role }) => phase === 'discovered' && role === null);
    await assign(id, { driver: 'barcode-scanner.keyboard', place: '2' });
    await ready('keyboard');
    // What it types reaches nobody else.
    assert.equal(await guest.sh('grep -c "QEMU USB Keyboard" /proc/bus/input/devices || true'), '0');
    assert.deepEqual(await reading(id, () => typed('4607')), code('4607'));
    await machine.unplug(plugged);
    await machine.plugIn('usb-kbd', 5, { serial: 'WEDGE-1' });
    const moved = await found(
      'keyboard',
      ({ phase, plug }) => phase === 'ready' && plug?.where.includes('-5:') === true,
    );
    assert.equal(moved.id, id);
    assert.deepEqual(await reading(id, () => typed('4608')), code('4608'));
  });

  const bearer = residentCard({
    ...{ number: '7700123456', fullName: 'Пробная Вера Образцовна' },
    ...{ birthDate: '1980-02-29', snils: '11223344595' },
  });

  async function plugReader(port: number) {
    const { machine } = now();
    const id = `card-${port}`;
    const path = machine.socketPath(id);
    const data = { addr: { type: 'unix', data: { path } }, server: true, wait: false };
    await machine.qmp.execute('chardev-add', { id, backend: { type: 'socket', data } });
    const reader = await machine.plugIn('usb-ccid', port);
    const driver = 'ccid-card-passthru';
    await machine.qmp.execute('device_add', { driver, chardev: id, bus: `${reader}.0` });
    const card = await connectToQemu(path, bearer);
    return {
      async insertAgain() {
        card.remove();
        await sleep(1000);
        card.insert();
        await sleep(2000);
      },
      async unplug() {
        await machine.unplug(reader);
        await card.close();
      },
    };
  }

  test('a card in a CCID reader is read through pcscd: after pcscd was killed, and at another port', async () => {
    let reader = await plugReader(6);
    const isRead = async () => {
      const { id } = await ready('pcsc');
      const result = await reading(id, reader.insertAgain);
      assert.ok(result.kind === 'read' && result.read.kind === 'card');
      assert.match(result.read.identity?.fields.map(({ value }) => value).join(' ') ?? '', /Пробная/);
    };
    await isRead();
    await now().guest.sh('systemctl kill -s KILL pcscd');
    await isRead();
    await reader.unplug();
    const isGone = async () => (await devices()).every(({ plug }) => plug?.line !== 'pcsc');
    await eventually('the loss of the reader', isGone);
    reader = await plugReader(7);
    await isRead();
    await reader.unplug();
  });

  test('F30 killing every process beside the box costs a new start of them and no code', async () => {
    const { guest } = now();
    const pid = await guest.sh('systemctl show -p MainPID --value okno');
    await guest.sh(`for child in $(cat /proc/${pid}/task/*/children); do kill -9 $child; done`);
    await ready('keyboard');
    // The box may not have noticed yet: then the device looks ready and is not.
    const read = await eventually('a code after the kill', async () => {
      const { id } = await ready('hid');
      return await reading(id, () => posScanner.do('scan', 'ABC-3'));
    });
    assert.deepEqual(read, code('ABC-3'));
    assert.equal(await guest.sh('systemctl show -p MainPID --value okno'), pid);
  });

  test(`F27 ${rounds} times in and out leave no open file, no process and no second device behind`, async () => {
    const { guest } = now();
    const pid = await guest.sh('systemctl show -p MainPID --value okno');
    const held = async () => ({
      files: Number(await guest.sh(`ls /proc/${pid}/fd | wc -l`)),
      children: Number(await guest.sh(`cat /proc/${pid}/task/*/children | wc -w`)),
      devices: (await devices()).length,
    });
    await ready('hid');
    const before = await held();
    await posScanner.do('unplug');
    await posScanner.do('rounds', String(rounds));
    await posScanner.do('plug', 'vm/socket-1');
    const { id } = await ready('hid');
    await eventually('what was open before', async () => {
      const after = await held();
      const isBack = (what: 'files' | 'children') => after[what] <= before[what] + comeAndGo;
      if (isBack('files') && isBack('children') && after.devices <= before.devices) return true;
      throw new Error(`${JSON.stringify(after)} after ${JSON.stringify(before)}`);
    });
    assert.deepEqual(await reading(id, () => posScanner.do('scan', 'ABC-4')), code('ABC-4'));
  });
}
