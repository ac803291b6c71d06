import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pictureOf } from '../simulators/ticket-printer/picture.ts';
import { type PrintedTicket, SimulatedPrinter } from '../simulators/ticket-printer/simulated-printer.ts';
import type { Appliance } from './appliance.ts';
import { connectWhenThere } from './qmp.ts';

/** Where the machine shows a serial adapter with this serial number, whatever port it is plugged into. */
export const printerPath = '/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_PRINTER-1-if00-port0';

/** A ticket printer behind a USB serial adapter of the machine; the printer itself is ours and stands outside. */
export interface PlugInPrinter {
  tickets: PrintedTicket[];
  printer: SimulatedPrinter;
  plugIn(port: number): Promise<void>;
  unplug(): Promise<void>;
}

export async function serialPrinter({ machine, kept }: Appliance): Promise<PlugInPrinter> {
  const tickets: PrintedTicket[] = [];
  const printer = new SimulatedPrinter(ticket => {
    const number = tickets.push(ticket);
    void pictureOf(ticket.strip).then(png => writeFile(join(kept, `ticket-${number}.png`), png));
  });
  const path = machine.socketPath('printer');
  await machine.qmp.execute('chardev-add', {
    id: 'printer',
    backend: {
      type: 'socket',
      data: { addr: { type: 'unix', data: { path } }, server: true, wait: false },
    },
  });
  const socket = await connectWhenThere(path, machine.isOver);
  socket.on('error', () => socket.destroy());
  socket.on('data', bytes => printer.receive(bytes, answer => socket.write(answer)));
  let plugged: string | undefined;
  return {
    tickets,
    printer,
    async plugIn(port) {
      plugged = await machine.plugIn('usb-serial', port, {
        ...{ chardev: 'printer', serial: 'PRINTER-1', 'always-plugged': true },
      });
    },
    async unplug() {
      if (plugged) await machine.unplug(plugged);
      plugged = undefined;
    },
  };
}
