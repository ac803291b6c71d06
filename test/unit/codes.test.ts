import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { escapedBytes, Framer } from '../../device/peripherals/barcode-scanners/framing.ts';
import { readGs1 } from '../../device/peripherals/barcode-scanners/gs1.ts';
import { KeyboardReports } from '../../device/peripherals/barcode-scanners/keyboard-reports.ts';
import { PosReports } from '../../device/peripherals/barcode-scanners/pos-reports.ts';
import { topUsage } from '../../device/peripherals/barcode-scanners/report-descriptor.ts';
import { mostCodeBytes, typeCode } from '../../device/peripherals/barcode-scanners/type-code.ts';
import { newAppointmentCode } from '../../protocol/appointments/code.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const texts = (frames: Uint8Array[]) => frames.map(frame => Buffer.from(frame).toString());

describe('what a code means', () => {
  const booked = newAppointmentCode();
  const slip = booked.replace(/.$/, last => String((Number(last) + 1) % 10));
  const ticketId = '0199f3c2-7c1b-4e0a-9a51-2f1f0c6c0a11';
  const cases: [string, string, object][] = [
    ['the QR code of a ticket', `http://10.0.0.5:8080/t/${ticketId}`, { kind: 'ticket', ticketId }],
    ['a booked time', booked, { kind: 'appointment', code: booked }],
    ['ten digits that are no booked time', slip, { kind: 'text', text: slip }],
    [
      'an УИН whose check digit holds',
      '18810192085432512980',
      { kind: 'payment', fields: [{ name: 'uin', value: '18810192085432512980' }] },
    ],
    [
      'an УИН whose check digit does not',
      '18810192085432512981',
      { kind: 'text', text: '18810192085432512981' },
    ],
    ['a PDF417 of a document', ']L2ОБРАЗЕЦ\u001d770', { kind: 'pdf417', text: 'ОБРАЗЕЦ 770' }],
    [
      'GS1 behind its mark',
      ']d20104601234567893\u001d', // no element of variable length follows
      { kind: 'gs1', elements: [{ ai: '01', value: '04601234567893' }] },
    ],
    ['control characters and marks of direction', 'a\u0000b\u202ec', { kind: 'text', text: 'a b c' }],
    [
      'another page of the same site',
      'https://example.test/t/../x',
      { kind: 'text', text: 'https://example.test/t/../x' },
    ],
  ];
  for (const [what, code, meaning] of cases)
    test(what, () => assert.deepEqual(typeCode(bytes(code)), meaning));

  test('a payment form written in the Windows page', () => {
    const form =
      'ST00011|Name=Пробное казначейство|PersonalAcc=03100643000000017300|BIC=024501901|PayeeINN=7700000003|Sum=35000';
    const windows = Uint8Array.from(form, sign =>
      sign >= 'А' && sign <= 'я' ? sign.charCodeAt(0) - 0x410 + 0xc0 : sign.charCodeAt(0),
    );
    const read = typeCode(windows);
    assert.equal(read.kind, 'payment');
    assert.deepEqual(read.kind === 'payment' && read.fields.at(-1), { name: 'amount', value: '350.00' });
  });

  test('F29 is bounded, whatever comes', () => {
    const read = typeCode(new Uint8Array(1 << 16).fill(0x41));
    assert.ok(read.kind === 'text' && read.text.length <= mostCodeBytes);
  });
});

describe('elements of GS1', () => {
  test('of fixed and of variable length, in their order', () => {
    assert.deepEqual(readGs1('010460123456789310LOT7\u001d1727123121SER'), [
      { ai: '01', value: '04601234567893' },
      { ai: '10', value: 'LOT7' },
      { ai: '17', value: '271231' },
      { ai: '21', value: 'SER' },
    ]);
  });
  for (const [what, message] of [
    ['cut short', '010460'],
    ['without an identifier', 'AB12'],
    ['an empty element', '10\u001d17271231'],
    ['nothing', ''],
  ] as const)
    test(`none: ${what}`, () => assert.equal(readGs1(message), undefined));
});

describe('where a code ends', () => {
  const plain = () => new Framer({ prefix: new Uint8Array(), suffix: new Uint8Array() });

  test('at CR, LF, both, or a pause', () => {
    const framer = plain();
    assert.deepEqual(texts(framer.take(bytes('one\r\ntwo\nthr'))), ['one', 'two']);
    assert.deepEqual(texts(framer.take(bytes('ee'))), []);
    assert.deepEqual(texts(framer.pause()), ['three']);
    assert.deepEqual(framer.pause(), []);
  });

  test('at its own suffix, and only with its own prefix', () => {
    const framer = new Framer({ prefix: escapedBytes('\\x02'), suffix: escapedBytes('\\x03\\r') });
    assert.deepEqual(texts(framer.take(bytes('\u0002a\rb\u0003\rnoise\u0003\r\u0002c\u0003'))), ['a\rb']);
    assert.deepEqual(texts(framer.take(bytes('\r'))), ['c']);
    assert.equal(framer.garbage, 1);
    assert.deepEqual(framer.take(bytes('\u0002half')), []);
    assert.deepEqual(framer.pause(), []);
    assert.equal(framer.garbage, 2);
  });

  for (const [what, suffix] of [
    ['CR', ''],
    ['a suffix', '\\x03'],
  ] as const)
    test(`F29 a flood without an end is thrown away to the next: ${what}`, () => {
      const framer = new Framer({ prefix: new Uint8Array(), suffix: escapedBytes(suffix) });
      const end = suffix === '' ? '\r' : '\u0003';
      assert.deepEqual(framer.take(new Uint8Array(1 << 16).fill(0x41)), []);
      assert.deepEqual(framer.take(bytes(end)), []);
      assert.equal(framer.garbage, 1);
      assert.deepEqual(texts(framer.take(bytes(`good${end}`))), ['good']);
    });
});

describe('reports of scanners', () => {
  const key = (usage: number, modifiers = 0) => Uint8Array.of(modifiers, 0, usage, 0, 0, 0, 0, 0);
  const typed = (reports: Uint8Array[]) => {
    const keyboard = new KeyboardReports();
    return Buffer.from(reports.flatMap(report => keyboard.take(report))).toString('latin1');
  };
  const up = key(0);

  test('a wedge types letters, capitals, digits and signs; a key that stays down counts once', () => {
    const a = key(0x04);
    assert.equal(
      typed([a, a, up, key(0x04, 0x02), up, key(0x1e), up, key(0x38, 0x20), up, key(0x28)]),
      'aA1?\r',
    );
  });

  test('two keys in one report, rolled over to the next', () => {
    assert.equal(typed([key(0x04), Uint8Array.of(0, 0, 0x04, 0x05, 0, 0, 0, 0), key(0x05), up]), 'ab');
  });

  test('a separator of GS1, and a letter typed by its number', () => {
    const alt = (usage: number) => [key(usage, 0x04), key(0, 0x04)];
    const letter = [...alt(0x62), ...alt(0x5a), ...alt(0x5b), ...alt(0x5c)];
    assert.equal(typed([key(0x30, 0x01), up]), '\u001d');
    assert.equal(typed([...letter, up]), String.fromCharCode(234));
  });

  /** As most scanners describe themselves: id 2, length, three signs of symbology, 56 bytes, a flag for more. */
  const described = Buffer.from(
    [
      '058c0902a1010912a1028502150026ff007508',
      '95010501093b8102',
      '058c950309fb09fc09fd8102',
      '953809fe820201',
      '25017501950109ff8102',
      '95078103c0c0',
    ].join(''),
    'hex',
  );
  const report = (data: string, more: boolean) => {
    const content = Buffer.alloc(63);
    content[0] = data.length;
    content.write(']Q1', 1, 'latin1');
    content.write(data, 4, 'latin1');
    content[60] = more ? 1 : 0;
    return Uint8Array.from([2, ...content]);
  };

  test('a POS scanner is told by its descriptor', () => {
    assert.deepEqual(topUsage(described), { page: 0x8c, usage: 0x02 });
  });

  for (const [what, descriptor] of [
    ['as its descriptor says', described],
    ['as most do when it says nothing', new Uint8Array()],
  ] as const)
    test(`a long code is put together from reports, ${what}`, () => {
      const pos = new PosReports(descriptor);
      const whole = `]Q1${'A'.repeat(56)}END`;
      assert.equal(pos.take(report('A'.repeat(56), true)), undefined);
      assert.equal(Buffer.from(pos.take(report('END', false)) ?? []).toString(), whole);
      assert.equal(Buffer.from(pos.take(report('X', false)) ?? []).toString(), ']Q1X');
    });

  test('F29 any bytes at all are a report: none breaks it, all is bounded', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed >> 16;
    };
    for (let round = 0; round < 2000; round++) {
      const noise = Uint8Array.from({ length: random() % 70 }, random);
      new PosReports(round % 2 ? noise : described).take(noise);
      new KeyboardReports().take(noise);
      typeCode(noise);
      topUsage(noise);
    }
    const endless = new PosReports(described);
    for (let part = 0; part < 200; part++)
      assert.equal(endless.take(report('A'.repeat(56), true)), undefined);
    assert.ok((endless.take(report('B', false))?.length ?? 0) <= mostCodeBytes);
  });
});
