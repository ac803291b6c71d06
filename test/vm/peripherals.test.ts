import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { DevicesView } from '../../protocol/api/box.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { places } from '../../provisioning/image/recipe.ts';
import { type Appliance, startAppliance } from './appliance.ts';
import { type DeviceInside, startDevice } from './devices-inside.ts';
import { eventually } from './guest-access.ts';
import { testReaders } from './readers.ts';
import { type PlugInPrinter, printerPath, serialPrinter } from './serial-printer.ts';
import { technician } from './test-layer.ts';

const gadgetPath = '/dev/usb/by-id/EPSON_TM-T20II_VM000001';

interface GadgetTicket {
  lines: string[];
  cut: boolean;
  violations: string[];
}

describe('the appliance on a kernel of its own', () => {
  let appliance: Appliance;
  let printer: PlugInPrinter;
  let gadget: DeviceInside;

  before(async () => {
    appliance = await startAppliance({
      ticketPrinter: { line: 'serial', path: printerPath, baudRate: 115_200, model: 'epson-80mm' },
    });
    printer = await serialPrinter(appliance);
  });
  after(async () => await appliance?.stop());

  const issue = () =>
    appliance.box.post<TicketView>('/api/tickets', {
      requestId: randomUUID(),
      serviceId: 'property-registration',
    });
  /** What is wrong with the ticket printer, as the box tells it; null when nothing is. */
  const printerCode = async () => {
    const { devices } = await appliance.box.get<DevicesView>('/api/devices');
    const found = devices.find(({ kind }) => kind === 'ticket-printer');
    return found?.state === 'ready' ? null : found?.error?.code;
  };
  const ready = (what: string) => eventually(what, async () => (await printerCode()) === null);
  /** A ticket that comes out whole; one that fails meanwhile is issued, told as failed, and asked for again. */
  const printed = (what: string) =>
    eventually(what, async () => {
      const ticket = await issue();
      return ticket.print.state === 'printed' && ticket;
    });

  test('the box runs as a service without rights of its own', async () => {
    const { guest } = appliance;
    assert.equal(await guest.sh('systemctl is-active okno'), 'active');
    const pid = await guest.sh('systemctl show -p MainPID --value okno');
    assert.match(await guest.sh(`grep CapEff /proc/${pid}/status`), /\t0+$/);
    assert.notEqual(await guest.sh(`stat -c %u /proc/${pid}`), '0');
  });

  test('a ticket comes out of a printer behind a USB serial adapter', async () => {
    await printer.plugIn(1);
    await ready('the printer');
    const ticket = await printed('a ticket');
    const paper = printer.tickets.find(({ lines }) => lines.join(' ').includes(ticket.number));
    assert.ok(paper?.cut);
    assert.deepEqual(paper.violations, []);
  });

  test('F24 a printer that is pulled while it prints and plugged into another port prints again', async () => {
    printer.printer.faults.set({ dead: true }, { afterLines: 3 });
    const broken = issue();
    await eventually('the middle of a ticket', async () => printer.printer.faults.now().dead);
    await printer.unplug();
    const { number, print } = await broken;
    assert.equal(print.state, 'failed');
    printer.printer.faults.clear();
    await printer.plugIn(3);
    await ready('the printer at its other port');
    const next = await printed('a ticket after the plug was changed');
    assert.notEqual(next.number, number);
    assert.match(await appliance.guest.sh('readlink -f /sys/class/tty/ttyUSB*/device'), /-3:/);
  });

  test('F30 killing every process beside the box costs a reconnect and not the box', async () => {
    const { guest } = appliance;
    const pid = await guest.sh('systemctl show -p MainPID --value okno');
    const killed = await guest.sh(
      `for child in $(cat /proc/${pid}/task/*/children); do kill -9 $child && echo $child; done`,
    );
    assert.notEqual(killed, '');
    await ready('the printer after its host was killed');
    await printed('a ticket after the kill');
    assert.equal(await guest.sh('systemctl show -p MainPID --value okno'), pid);
    assert.equal(await guest.sh('systemctl show -p NRestarts --value okno'), '0');
  });

  test('F41 a box that is killed comes back with the numbers that it gave, and with its new configuration', async () => {
    const { guest, box } = appliance;
    const before = await printed('a ticket');
    await guest.edit(places.config, text => {
      const ticketPrinter = { line: 'usb', path: gadgetPath, model: 'epson-80mm' };
      return JSON.stringify({ ...JSON.parse(text), ticketPrinter });
    });
    await guest.sh('systemctl kill -s KILL okno');
    const found = await eventually('the box after it was killed', () =>
      box.get<TicketView>(`/api/tickets/${before.id}`),
    );
    assert.equal(found.number, before.number);
    await box.post('/api/login', technician);
  });

  test('a ticket comes out of a USB printer through the kernel, which brings its answers back', async () => {
    await appliance.guest.sh('modprobe -a configfs libcomposite usb_f_printer && modprobe dummy_hcd num=2');
    await appliance.guest.sh('mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config');
    gadget = await startDevice(appliance, 'gadgetPrinter', 'gadget-printer');
    await gadget.do('plug', '0');
    await ready('the USB printer');
    const { number } = await printed('a ticket over USB');
    const tickets = await gadget.do<GadgetTicket[]>('tickets');
    const paper = tickets.find(({ lines }) => lines.join(' ').includes(number));
    assert.deepEqual([paper?.cut, paper?.violations], [true, []]);
    await gadget.do('faults', JSON.stringify({ change: { paper: 'out' } }));
    await eventually('the news that paper is out', async () => (await printerCode()) === 'printer.paper-out');
    await gadget.do('clear');
    await ready('the USB printer with paper again');
  });

  test('F24 a USB printer that is pulled while it prints and moved to another controller prints again', async () => {
    const change = { change: { dead: true }, when: { afterLines: 3 } };
    await gadget.do('faults', JSON.stringify(change));
    const broken = issue();
    await eventually('the middle of a ticket', () => gadget.do<boolean>('is-dead'));
    await gadget.do('unplug');
    assert.equal((await broken).print.state, 'failed');
    await gadget.do('clear');
    await gadget.do('plug', '1');
    await ready('the USB printer at its other controller');
    await printed('a ticket after the move');
  });

  testReaders(() => appliance);
});
