import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import type { TicketSlip } from '../../device/peripherals/driver.ts';
import { pngOf } from '../../device/peripherals/printers/escpos/bitmap.ts';
import { composeTicket, previewTicket } from '../../device/peripherals/printers/escpos/compose-ticket.ts';
import { customVkp80, epson80mm, plain58mm } from '../../device/peripherals/printers/escpos/models.ts';
import {
  defaultTicketTemplate,
  type TicketPart,
  type TicketTemplate,
} from '../../protocol/ticket-template.ts';
import { readQr } from '../fixtures/read-qr.ts';
import { customKiosk, type Make, strict80mm } from '../simulators/ticket-printer/makes.ts';
import type { Strip } from '../simulators/ticket-printer/paper.ts';
import { type PrintedTicket, SimulatedPrinter } from '../simulators/ticket-printer/simulated-printer.ts';

const slip: TicketSlip = {
  branch: 'МФЦ «Северный»',
  number: 'А042',
  service: 'Приём документов — регистрация по месту жительства',
  issuedAt: '22.11.2026, 10:41',
  wait: 'Ожидание 10–15 минут',
  ahead: 'Перед вами: 3',
  statusUrl: 'https://okno.example.ru/t/7f3c9a12e4',
  reprint: false,
};

function printed(bytes: Uint8Array, make: Make = strict80mm): PrintedTicket {
  const kept: PrintedTicket[] = [];
  new SimulatedPrinter(ticket => kept.push(ticket), make).receive(bytes, () => undefined);
  const [ticket, ...more] = kept;
  assert.ok(ticket);
  assert.deepEqual(more, []);
  assert.deepEqual(ticket.violations, []);
  return ticket;
}

const marksOf = (strip: Strip) =>
  strip.marks.flatMap(mark => (mark.kind === 'text' ? [{ y: mark.y, text: mark.text }] : []));

const only = (...parts: TicketPart[]): TicketTemplate => ({ ...defaultTicketTemplate, parts });
const line = (ru: string, en = '', afterMm = 0): TicketPart => ({
  kind: 'text',
  words: { ru, en },
  size: 'normal',
  bold: false,
  afterMm,
});

test('the default template prints branch, number, service, place in the queue, code and time, in this order', async () => {
  const ticket = printed(await composeTicket(slip, defaultTicketTemplate, epson80mm));
  assert.deepEqual(ticket.lines, [
    'МФЦ "Северный"',
    'Ваш номер',
    'А042',
    'Приём документов - регистрация',
    'по месту жительства',
    '─'.repeat(16),
    'Перед вами: 3',
    'Ожидание 10-15 минут',
    'Следите за очередью на телефоне',
    '22.11.2026, 10:41',
  ]);
  assert.deepEqual(ticket.qr, [slip.statusUrl]);
});

test('a part with nothing to say takes no paper, and of two airs the larger holds', async () => {
  const zone: TicketPart = { kind: 'value', of: 'zone', size: 'large', bold: true, afterMm: 8 };
  const without = only(line('раз', '', 2), zone, line('два'));
  const ticket = printed(await composeTicket(slip, without, epson80mm));
  const [one, two] = marksOf(ticket.strip);
  // 8 mm at 203 dpi, and the line itself.
  assert.equal((two?.y ?? 0) - (one?.y ?? 0), 64 + 32);
  const inZone = printed(await composeTicket({ ...slip, zone: 'Зал 2' }, without, epson80mm));
  assert.deepEqual(inZone.lines, ['раз', 'Зал 2', 'два']);
});

test('English words stand below the Russian ones', async () => {
  const ticket = printed(await composeTicket(slip, only(line('Ваш номер', 'Your number')), epson80mm));
  assert.deepEqual(ticket.lines, ['Ваш номер', 'Your number']);
});

test('a reprint is marked whatever the template leaves out', async () => {
  const ticket = printed(await composeTicket({ ...slip, reprint: true }, only(line('раз')), epson80mm));
  assert.deepEqual(ticket.lines, ['ПОВТОРНАЯ ПЕЧАТЬ', 'раз']);
});

test('in raster mode the preview is the very dots that the printer burns, in any script', async () => {
  const template: TicketTemplate = {
    ...only(
      line('Татарча: Әйдәгез, җиңел һөнәр'),
      { kind: 'number', times: 8, afterMm: 4 },
      { kind: 'qr', words: { ru: 'Следите', en: '' }, afterMm: 0 },
    ),
    mode: 'raster',
  };
  for (const [model, make] of [
    [epson80mm, strict80mm],
    [customVkp80, customKiosk],
  ] as const) {
    const preview = await previewTicket(slip, template, model);
    const { strip } = printed(await composeTicket(slip, template, model), make);
    const images = strip.marks.filter(mark => mark.kind === 'image');
    assert.equal(images.length, strip.marks.length);
    assert.deepEqual(Buffer.concat(images.map(image => image.rows)), Buffer.from(preview.rows));
    assert.equal(preview.widthDots, model.widthDots);
    assert.deepEqual(await readQr(await pngOf(preview)), [slip.statusUrl]);
  }
});

test('a picture never holds the bytes of a real-time command', async () => {
  // Grey noise has every pair of bytes.
  const noise = Uint8Array.from({ length: 384 * 500 }, (_, at) => (at * 2654435761) >>> 24);
  const png = await sharp(noise, { raw: { width: 384, height: 500, channels: 1 } })
    .png()
    .toBuffer();
  const template: TicketTemplate = {
    ...only({ kind: 'logo', widthMm: 48, afterMm: 0 }),
    logo: png.toString('base64'),
  };
  const bytes = Buffer.from(await composeTicket(slip, template, plain58mm));
  for (const pair of ['1004', '1005', '1014']) assert.equal(bytes.includes(Buffer.from(pair, 'hex')), false);
});

test('a logo is printed as wide as the template says, and a broken one is left out', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="20"><rect width="50" height="20"/></svg>';
  const logo = (await sharp(Buffer.from(svg)).png().toBuffer()).toString('base64');
  const parts: TicketPart[] = [{ kind: 'logo', widthMm: 25, afterMm: 2 }, line('раз')];
  const { strip } = printed(await composeTicket(slip, { ...only(...parts), logo }, epson80mm));
  const image = strip.marks.find(mark => mark.kind === 'image');
  assert.deepEqual([image?.widthDots, image?.heightDots], [200, 80]);
  assert.equal(image?.x, (576 - 200) / 2);
  const broken = printed(await composeTicket(slip, { ...only(...parts), logo: 'AAAA' }, epson80mm));
  assert.deepEqual(broken.lines, ['раз']);
});
