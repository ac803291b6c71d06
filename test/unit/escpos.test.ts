import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TicketSlip } from '../../device/peripherals/driver.ts';
import { codeOfPrinter } from '../../device/peripherals/open-peripherals.ts';
import { AnswerReader } from '../../device/peripherals/printers/escpos/answers.ts';
import { qrCode } from '../../device/peripherals/printers/escpos/commands.ts';
import { composeTicket } from '../../device/peripherals/printers/escpos/compose-ticket.ts';
import { printerFingerprints } from '../../device/peripherals/printers/escpos/fingerprints.ts';
import { numberTimes } from '../../device/peripherals/printers/escpos/layout.ts';
import { epson80mm, escposModels, plain58mm } from '../../device/peripherals/printers/escpos/models.ts';
import { toCp866, transliterate, wrap, wrapEvenly } from '../../device/peripherals/printers/escpos/text.ts';
import { defaultTicketTemplate } from '../../protocol/ticket-template.ts';
import { SimulatedPrinter } from '../simulators/ticket-printer/simulated-printer.ts';

const slip: TicketSlip = {
  branch: 'МФЦ «Северный»',
  number: 'А042',
  service: 'Приём документов — регистрация по месту жительства',
  issuedAt: '22 ноября 2026 г., 10:41',
  wait: 'Ожидание 10–15 минут',
  ahead: 'Перед вами 3 человека',
  statusUrl: 'https://okno.example.ru/t/7f3c9a12e4',
  reprint: false,
};

const hex = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('hex');
const compose = (change: Partial<TicketSlip>, model = epson80mm) =>
  composeTicket({ ...slip, ...change }, defaultTicketTemplate, model);
const encoded = async (change: Partial<TicketSlip> = {}, model = epson80mm) =>
  hex(await compose(change, model));

test('a ticket begins with ESC @, leaves Kanji mode and selects PC866, and ends with the partial cut', async () => {
  const bytes = await encoded();
  assert.ok(bytes.startsWith('1b40' + '1c2e') && bytes.includes('1b7411'));
  assert.ok(bytes.endsWith('1d5642' + '18'));
});

test('the code page number is that of the model', async () => {
  assert.ok((await encoded({}, { ...epson80mm, codePage: 7 })).includes('1b7407'));
});

test('Russian letters are coded as three independent encoders code them', () => {
  assert.equal(hex(toCp866('Талон')), '92a0abaead');
  assert.equal(hex(toCp866('Ё№')), 'f0fc');
});

test('a QR code is coded as two independent encoders code it', () => {
  assert.equal(
    hex(qrCode(Buffer.from('Q1'), 6)),
    '1d286b0400' +
      '31413200' +
      '1d286b0300' +
      '314306' +
      '1d286b0300' +
      '314531' +
      '1d286b0500' +
      '315030' +
      '5131' +
      '1d286b0300' +
      '315130',
  );
});

test('a QR code longer than 255 bytes carries its length in two bytes', () => {
  assert.ok(hex(qrCode(new Uint8Array(300).fill(0x41), 4)).includes('1d286b2f01315030'));
});

test('what code page 866 lacks is replaced, never printed wrong', () => {
  assert.equal(transliterate('«Окно» — „тест“ – № 5…'), '"Окно" - "тест" - № 5...');
  assert.equal(transliterate('10\u00a0₽ ×2'), '10 руб. x2');
  assert.equal(transliterate('й café'), 'й cafe');
  assert.equal(transliterate('漢😀'), '??');
});

test('text out of the register cannot command the printer', async () => {
  const bytes = await encoded({ branch: 'МФЦ\u001b@\u001dV\u0000\u0010\u0004\u0001' });
  assert.equal(bytes.lastIndexOf('1b40'), 0);
  assert.ok(!bytes.includes('1d5600') && !bytes.includes('100401'));
});

test('words are wrapped at the columns, longer words are cut, no-break spaces hold', () => {
  assert.deepEqual(wrap('один два три', 8), ['один два', 'три']);
  assert.deepEqual(wrap('абвгдежзий', 4), ['абвг', 'дежз', 'ий']);
  assert.deepEqual(wrap('окно № 5\u00a0этаж', 8), ['окно №', '5 этаж']);
  assert.deepEqual(wrap('  \n ', 8), []);
});

test('a wrapped centred text has lines of even length', () => {
  assert.deepEqual(wrapEvenly('раз два три четыре', 15), ['раз два', 'три четыре']);
});

test('the number is as large as the paper allows', async () => {
  assert.equal(numberTimes('А01', epson80mm, 8), 8);
  assert.equal(numberTimes('А100', plain58mm, 8), 7);
  assert.ok((await encoded()).includes(`1d2177${hex(toCp866('А042'))}`));
});

test('a second print of a ticket says so, the first does not', async () => {
  const again = hex(toCp866('ПОВТОРНАЯ ПЕЧАТЬ'));
  assert.ok((await encoded({ reprint: true })).includes(again));
  assert.ok(!(await encoded()).includes(again));
});

test('a printer without smoothing or buffer clearing is never sent them', async () => {
  assert.ok((await encoded()).includes('1d6201'));
  assert.ok(!(await encoded({}, plain58mm)).includes('1d6201'));
});

for (const model of escposModels) {
  test(`the strict printer finds nothing wrong with the longest ticket for ${model.id}`, async () => {
    const long = {
      branch: 'Отделение «Северо-Западное» '.repeat(4),
      service: 'Государственная услуга '.repeat(12),
    };
    const kept: { violations: string[]; lines: string[]; qr: string[] }[] = [];
    const { widthDots, dotsPerInch, codePage, leavesKanji: wakesInKanji } = model;
    const make = { widthDots, dotsPerInch, wakesInKanji, codePages: { [codePage]: 'cp866' } };
    const printer = new SimulatedPrinter(ticket => kept.push(ticket), {
      ...make,
      presenter: model.end === 'present',
    });
    printer.receive(await compose({ ...long, reprint: true }, model), () => undefined);
    assert.equal(kept.length, 1);
    assert.deepEqual(kept[0]?.violations, []);
    assert.deepEqual(kept[0]?.qr, [slip.statusUrl]);
    assert.ok(kept[0]?.lines.includes('А042'));
  });
}

test('answers are told apart by their fixed bits, however they are cut', () => {
  const reader = new AnswerReader();
  const bytes = [0x12, 0x10, 0x00, 0x03, 0x0f, 0x00, 0x37, 0x25, 0x00, 0x1a];
  const kinds = bytes.flatMap(byte => reader.read(Uint8Array.of(byte))).map(answer => answer.kind);
  assert.deepEqual(kinds, ['real-time', 'automatic', 'paper', 'buffers-cleared', 'real-time']);
});

test('noise is skipped, and letters are never taken for a confirmation', () => {
  const reader = new AnswerReader();
  assert.deepEqual(reader.read(Buffer.from('ABCLOP\u00ff\u0081', 'latin1')), []);
  assert.deepEqual(reader.read(Uint8Array.of(0x11, 0x13, 0x03)), [{ kind: 'paper', value: 3 }]);
});

test('an automatic status that never goes on gives back the answer it had swallowed', () => {
  const reader = new AnswerReader();
  assert.deepEqual(reader.read(Uint8Array.of(0x10, 0x00)), []);
  assert.deepEqual(reader.silence(), [{ kind: 'paper', value: 0 }]);
});

test('an endless block is given up after a bounded length', () => {
  const reader = new AnswerReader();
  const endless = Buffer.concat([Buffer.of(0x37), Buffer.alloc(100, 0x80), Buffer.of(0x12)]);
  assert.deepEqual(reader.read(endless), [{ kind: 'real-time', value: 0x12 }]);
});

test('every fingerprint leads to a model that exists', () => {
  const ids = escposModels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { model, usb } of printerFingerprints) assert.ok(ids.includes(model), `${usb} ${model}`);
});

const codesOf = (bytes: number[], fullStatus = false) =>
  new AnswerReader({ fullStatus })
    .read(Uint8Array.from(bytes))
    .map(answer => 'status' in answer && codeOfPrinter(answer.status));

test('the full status of a Custom names each trouble with a code of its own', () => {
  const full = (...four: number[]) => codesOf([0x10, 0x0f, ...four], true)[0];
  assert.equal(full(0, 0, 0, 0), null);
  assert.equal(full(0x01, 0, 0, 0), 'printer.paper-out');
  assert.equal(full(0x04, 0, 0, 0), 'printer.paper-near-end');
  assert.equal(full(0x40, 0, 0, 0), 'printer.paper-near-end');
  assert.equal(full(0x20, 0, 0, 0), 'printer.ticket-not-taken');
  assert.equal(full(0, 0x02, 0, 0), 'printer.cover-open');
  assert.equal(full(0, 0, 0x01, 0), 'printer.overheated');
  assert.equal(full(0, 0, 0x40, 0), 'printer.fault');
  assert.equal(full(0, 0, 0x20, 0), null);
  assert.equal(full(0, 0, 0, 0x01), 'printer.cutter');
});

test('the automatic status of an Epson names cutter and heat', () => {
  assert.deepEqual(codesOf([0x18, 0x08, 0x00, 0x0f]), ['printer.cutter']);
  assert.deepEqual(codesOf([0x18, 0x40, 0x00, 0x0f]), ['printer.overheated']);
  assert.deepEqual(codesOf([0x10, 0x00, 0x03, 0x0f]), ['printer.paper-near-end']);
  assert.deepEqual(codesOf([0x18, 0x00, 0x0c, 0x0f]), ['printer.paper-out']);
});
