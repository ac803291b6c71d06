import assert from 'node:assert/strict';
import { test } from 'node:test';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import nodeThermalPrinter from 'node-thermal-printer';
import { transform } from 'receiptline';
import { readQr } from '../fixtures/read-qr.ts';
import { strict80mm } from '../simulators/ticket-printer/makes.ts';
import { pictureOf } from '../simulators/ticket-printer/picture.ts';
import { type PrintedTicket, SimulatedPrinter } from '../simulators/ticket-printer/simulated-printer.ts';

/*
 * The simulator is what every other printer test believes, so it is held against encoders that are not
 * ours: what they write for the same ticket must come out as the same paper, without a complaint.
 */
const url = 'https://okno.example.ru/t/1';
/** These encoders leave Kanji mode or not, as they like: an Epson for Russia has none. */
const make = { ...strict80mm, wakesInKanji: false };

function print(bytes: Uint8Array): PrintedTicket {
  const kept: PrintedTicket[] = [];
  const printer = new SimulatedPrinter(ticket => kept.push(ticket), make);
  printer.receive(bytes, () => undefined);
  const [ticket] = kept;
  assert.ok(ticket);
  return ticket;
}

async function isRightTicket(ticket: PrintedTicket): Promise<void> {
  assert.deepEqual(ticket.violations, []);
  assert.equal(ticket.cut, true);
  for (const line of ['МФЦ Северный № 5', 'А042', 'ПОВТОР'])
    assert.ok(ticket.lines.includes(line), `${line} in ${ticket.lines.join(' | ')}`);
  assert.deepEqual(await readQr(await pictureOf(ticket.strip)), [url]);
  const number = ticket.strip.marks.find(mark => mark.kind === 'text' && mark.text.includes('А042'));
  assert.ok(number?.kind === 'text' && number.style.widthTimes > 1 && number.style.heightTimes > 1);
}

test('what receipt-printer-encoder writes comes out as its author meant it', async () => {
  const encoder = new ReceiptPrinterEncoder({ printerModel: 'epson-tm-t20iii' });
  const bytes = encoder
    .initialize()
    .codepage('cp866')
    .align('center')
    .bold(true)
    .line('МФЦ Северный № 5')
    .bold(false)
    .size(4, 4)
    .line('А042')
    .size(1, 1)
    .invert(true)
    .line('ПОВТОР')
    .invert(false)
    .qrcode(url, { model: 2, size: 6, errorlevel: 'm' })
    .newline(6)
    .cut('partial')
    .encode();
  await isRightTicket(print(bytes));
});

test('what node-thermal-printer writes comes out as its author meant it', async () => {
  const { ThermalPrinter, PrinterTypes, CharacterSet } = nodeThermalPrinter;
  const printer = new ThermalPrinter({
    type: PrinterTypes.EPSON,
    characterSet: CharacterSet.PC866_CYRILLIC2,
    interface: 'nowhere',
  });
  printer.alignCenter();
  printer.println('МФЦ Северный № 5');
  printer.setTextSize(7, 7);
  printer.println('А042');
  printer.setTextNormal();
  printer.invert(true);
  printer.println('ПОВТОР');
  printer.invert(false);
  printer.printQR(url, { cellSize: 6, correction: 'M', model: 2 });
  printer.partialCut();
  await isRightTicket(print(printer.getBuffer()));
});

test('what receiptline writes, its code as a picture, comes out as its author meant it', async () => {
  const document = `МФЦ Северный № 5\n^^^А042\n\`ПОВТОР\`\n{code:${url}; option:qrcode,6,m}\n=`;
  const commands = transform(document, { cpl: 48, encoding: 'cp866', spacing: true, command: 'escpos' });
  await isRightTicket(print(Buffer.from(commands, 'latin1')));
});

test('the complaints of the strict printer are real: a cut without feeding goes through the text', () => {
  const ticket = print(Buffer.from('\x1b@\x1bt\x11text\n\x1dV\x00', 'latin1'));
  assert.match(ticket.violations.join(), /cuts through/);
  const wrongPage = print(Buffer.from([0x1b, 0x40, 0x92, 0xa0, 0x0a, 0x1d, 0x56, 66, 0]));
  assert.match(wrongPage.violations.join(), /code page 0/);
  const unknown = print(Buffer.from([0x1b, 0x40, 0x1b, 0x01, 0x41, 0x0a, 0x1d, 0x56, 66, 0]));
  assert.match(unknown.violations.join(), /unknown command/);
});
