import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BytePipe } from '../../device/peripherals/byte-pipe.ts';
import type { TicketPrinter, TicketSlip } from '../../device/peripherals/driver.ts';
import { codeOfPrinter } from '../../device/peripherals/open-peripherals.ts';
import { customVkp80, epson80mm } from '../../device/peripherals/printers/escpos/models.ts';
import { ticketPrinter } from '../../device/peripherals/printers/escpos/reconnecting.ts';
import { openSerial } from '../../device/peripherals/transports/serial.ts';
import { openTcp } from '../../device/peripherals/transports/tcp.ts';
import { openUsbPrinter } from '../../device/peripherals/transports/usb-printer.ts';
import { childRunning } from '../fixtures/child-running.ts';
import { readQr } from '../fixtures/read-qr.ts';
import { customKiosk } from '../simulators/ticket-printer/makes.ts';
import { startTicketPrinter, type TicketPrinterSimulator } from '../simulators/ticket-printer/start.ts';

const slip: TicketSlip = {
  branch: 'МФЦ «Северный»',
  number: 'А042',
  service: 'Регистрация по месту жительства',
  issuedAt: '22 ноября 2026 г., 10:41',
  wait: 'Ожидание 10–15 минут',
  ahead: 'Перед вами 3 человека',
  statusUrl: 'https://okno.example.ru/t/7f3c9a12e4',
  reprint: false,
};

/** Short enough for tests, long enough for a loaded machine. */
const patience = { answerMs: 700, jobMs: 2000, pollMs: 60, backOffMs: { first: 1, longest: 1 } };

interface Cable {
  name: string;
  open(simulator: TicketPrinterSimulator, link: string): Promise<BytePipe>;
}

const cables: Cable[] = [
  { name: 'TCP', open: ({ port }) => openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 2000 }) },
  { name: 'a serial line', open: (_, path) => openSerial({ path, baudRate: 115200 }) },
];

for (const cable of cables) {
  describe(`a ticket printer over ${cable.name}`, { timeout: 120_000 }, () => {
    let folder: string;
    let simulator: TicketPrinterSimulator;
    let printer: TicketPrinter;
    let opened = 0;
    let printedBefore = 0;
    const newTickets = () => simulator.tickets().slice(printedBefore);

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'okno-printer-'));
      const link = join(folder, 'tty');
      simulator = await startTicketPrinter({ ptyLink: link, dir: join(folder, 'tickets') });
      const open = async () => {
        opened += 1;
        return cable.open(simulator, link);
      };
      printer = ticketPrinter({ open, model: epson80mm, ...patience });
    });

    afterEach(async () => {
      simulator.faults.clear();
      await simulator.plugIn();
      for (const ticket of newTickets()) assert.deepEqual(ticket.violations, []);
      printedBefore = simulator.tickets().length;
    });

    after(async () => {
      await printer.close();
      await simulator.close();
      await rm(folder, { recursive: true });
    });

    test('a ticket is printed, cut and confirmed', async () => {
      const outcome = await printer.print(slip);
      const [ticket] = newTickets();
      assert.deepEqual(outcome, { kind: 'printed', bytes: ticket?.bytes.length });
      assert.equal(ticket?.cut, true);
      assert.ok(ticket?.lines.includes('А042'));
      assert.ok(ticket?.lines.includes('МФЦ "Северный"'));
      assert.deepEqual(await printer.status(), {
        online: true,
        coverOpen: false,
        paperOut: false,
        paperNearEnd: false,
        fault: false,
      });
    });

    test('the QR code on the paper leads to the page of the ticket', async () => {
      await printer.print(slip);
      const picture = await simulator.picture(simulator.tickets().length);
      assert.deepEqual(await readQr(picture), [slip.statusUrl]);
    });

    test('tickets asked for at the same time come out one after another', async () => {
      const numbers = ['А01', 'А02', 'А03'];
      const outcomes = await Promise.all(numbers.map(number => printer.print({ ...slip, number })));
      assert.deepEqual(new Set(outcomes.map(outcome => outcome.kind)), new Set(['printed']));
      assert.deepEqual(
        newTickets().map(ticket => ticket.lines.find(line => numbers.includes(line))),
        numbers,
      );
    });

    for (const [fault, code] of [
      [{ paper: 'out' }, 'printer.paper-out'],
      [{ cover: 'open', paper: 'out' }, 'printer.cover-open'],
      [{ error: 'cutter' }, 'printer.cutter'],
      [{ error: 'overheated' }, 'printer.overheated'],
      [{ dead: true }, 'printer.offline'],
    ] as const) {
      test(`${code} is said before anything is sent, and the next ticket prints once it is mended`, async () => {
        simulator.faults.set(fault);
        assert.deepEqual(await printer.print(slip), { kind: 'failed', code });
        simulator.faults.clear();
        assert.equal((await printer.print(slip)).kind, 'printed');
        assert.equal(newTickets().length, 1);
      });
    }

    test('a roll near its end still prints, and the status says so', async () => {
      simulator.faults.set({ paper: 'near-end' });
      assert.equal((await printer.print(slip)).kind, 'printed');
      const { paperNearEnd, paperOut } = await printer.status();
      assert.deepEqual({ paperNearEnd, paperOut }, { paperNearEnd: true, paperOut: false });
    });

    test('paper that ends in the middle of a ticket is a failure, and the rest never comes out', async () => {
      simulator.faults.set({ paper: 'out' }, { afterLines: 4 });
      assert.deepEqual(await printer.print(slip), { kind: 'failed', code: 'printer.paper-out' });
      simulator.faults.clear();
      assert.equal((await printer.print({ ...slip, number: 'А043' })).kind, 'printed');
      const [torn, whole, ...more] = newTickets();
      assert.equal(torn?.cut, false);
      assert.ok(whole?.cut && whole.lines.includes('А043') && !whole.lines.includes('А042'));
      assert.deepEqual(more, []);
    });

    test('a cover opened in the middle of a slow ticket is a failure, and the scrap is cut off', async () => {
      simulator.faults.set({ msPerLine: 15 });
      simulator.faults.set({ cover: 'open' }, { afterLines: 3 });
      assert.deepEqual(await printer.print(slip), { kind: 'failed', code: 'printer.cover-open' });
      simulator.faults.clear();
      assert.equal((await printer.print({ ...slip, number: 'А043' })).kind, 'printed');
      const [scrap, whole] = newTickets();
      assert.deepEqual([scrap?.lines.includes('А043'), whole?.lines.includes('А042')], [false, false]);
      assert.equal(whole?.lines.includes('А043'), true);
    });

    test('a slow printer is waited for', async () => {
      simulator.faults.set({ msPerLine: 20 });
      assert.equal((await printer.print(slip)).kind, 'printed');
    });

    test('a printer that dies in the middle of a ticket leaves it in doubt', async () => {
      simulator.faults.set({ dead: true }, { afterLines: 4 });
      assert.equal((await printer.print(slip)).kind, 'doubtful');
      simulator.faults.clear();
      assert.equal((await printer.print({ ...slip, number: 'А043' })).kind, 'printed');
      assert.equal(newTickets().at(-1)?.lines.includes('А042'), false);
    });

    test('a confirmation that comes too late is not taken for that of the next ticket', async () => {
      // The first ticket ends, and is confirmed, while the second waits for its own confirmation.
      simulator.faults.set({ msPerLine: 190 });
      assert.equal((await printer.print(slip)).kind, 'doubtful');
      const second = await printer.print({ ...slip, number: 'А043' });
      const isOut = newTickets().some(ticket => ticket.cut && ticket.lines.includes('А043'));
      assert.ok(isOut || second.kind !== 'printed');
    });

    test('garbage on the line is skipped', async () => {
      simulator.faults.set({ noise: true });
      assert.equal((await printer.print(slip)).kind, 'printed');
      simulator.faults.set({ paper: 'out' });
      assert.deepEqual(await printer.print(slip), { kind: 'failed', code: 'printer.paper-out' });
    });

    test('a pulled cable is an offline printer, and the line is opened again when it is back', async () => {
      assert.equal((await printer.print(slip)).kind, 'printed');
      await simulator.unplug();
      assert.deepEqual(await printer.print(slip), { kind: 'failed', code: 'printer.offline' });
      assert.equal((await printer.status()).online, false);
      await simulator.plugIn();
      const openedBefore = opened;
      assert.equal((await printer.print(slip)).kind, 'printed');
      assert.equal(opened, openedBefore + 1);
      assert.equal(newTickets().length, 2);
    });

    test('a cable pulled in the middle of a ticket never makes it printed', async () => {
      assert.equal((await printer.print(slip)).kind, 'printed');
      simulator.faults.set({ msPerLine: 120 });
      const printing = printer.print({ ...slip, number: 'А043' });
      await new Promise(resolve => setTimeout(resolve, 400));
      await simulator.unplug();
      assert.notEqual((await printing).kind, 'printed');
      simulator.faults.clear();
      await simulator.plugIn();
      assert.equal((await printer.print({ ...slip, number: 'А044' })).kind, 'printed');
      assert.ok(newTickets().at(-1)?.lines.includes('А044'));
    });

    test('every ticket is kept as bytes, text and picture', async () => {
      await printer.print(slip);
      await simulator.close();
      await simulator.plugIn();
      const files = await readdir(join(folder, 'tickets'));
      assert.equal(files.length, 3 * simulator.tickets().length);
    });
  });
}

describe('a kiosk printer with presenter over USB', { timeout: 60_000 }, () => {
  let folder: string;
  let simulator: TicketPrinterSimulator;
  let printer: TicketPrinter;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'okno-usb-printer-'));
    const path = join(folder, 'lp0');
    simulator = await startTicketPrinter({ ptyLink: path, make: customKiosk });
    printer = ticketPrinter({ open: () => openUsbPrinter({ path }), model: customVkp80, ...patience });
  });
  after(async () => {
    await printer.close();
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  test('tells by its full status what is wrong, and prints beside a ticket that was left', async () => {
    assert.equal((await printer.print(slip)).kind, 'printed');
    assert.equal(codeOfPrinter(await printer.status()), null);
    simulator.faults.set({ ticket: 'left', paper: 'near-end' });
    assert.equal(codeOfPrinter(await printer.status()), 'printer.paper-near-end');
    simulator.faults.set({ paper: 'ok' });
    assert.equal(codeOfPrinter(await printer.status()), 'printer.ticket-not-taken');
    assert.equal((await printer.print({ ...slip, number: 'А043' })).kind, 'printed');
    for (const [fault, code] of [
      [{ error: 'overheated' }, 'printer.overheated'],
      [{ error: 'cutter' }, 'printer.cutter'],
    ] as const) {
      simulator.faults.set(fault);
      assert.deepEqual(await printer.print(slip), { kind: 'failed', code });
    }
    simulator.faults.clear();
    const tickets = simulator.tickets();
    assert.deepEqual(
      tickets.flatMap(ticket => ticket.violations),
      [],
    );
    assert.deepEqual(
      tickets.map(ticket => ticket.lines.includes('А042')),
      [true, false],
    );
  });

  test('F30 a host process killed in the middle of a ticket leaves it in doubt, and the reprint is marked', async () => {
    const before = simulator.tickets().length;
    simulator.faults.set({ msPerLine: 40 });
    const printing = printer.print({ ...slip, number: 'А050' });
    // The first bytes are in the printer; nothing says yet that the ticket is out.
    while (!simulator.isPrinting()) await sleep(5);
    process.kill(await childRunning('usb-printer-host'), 'SIGKILL');
    assert.equal((await printing).kind, 'doubtful');
    simulator.faults.clear();
    const again = { ...slip, number: 'А050', reprint: true };
    assert.equal((await printer.print(again)).kind, 'printed');
    const whole = simulator
      .tickets()
      .slice(before)
      .filter(ticket => ticket.cut && ticket.lines.includes('А050') && ticket.qr.length === 1);
    assert.deepEqual(
      whole.map(ticket => ticket.lines.includes('ПОВТОРНАЯ ПЕЧАТЬ')),
      whole.length === 2 ? [false, true] : [true],
    );
  });
});
