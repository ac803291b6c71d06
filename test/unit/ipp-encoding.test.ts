import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { decodeIpp, IppSyntaxError } from '../../device/peripherals/printers/ipp-decode.ts';
import { encodeIpp } from '../../device/peripherals/printers/ipp-encode.ts';
import {
  attribute,
  groupTag,
  type IppMessage,
  valueTag,
} from '../../device/peripherals/printers/ipp-message.ts';

/** The Print-Job request of RFC 8010 appendix A.1. */
const printJob: IppMessage = {
  version: { major: 1, minor: 1 },
  code: 0x0002,
  requestId: 1,
  groups: [
    {
      tag: groupTag.operation,
      attributes: [
        attribute('attributes-charset', 'charset', 'utf-8'),
        attribute('attributes-natural-language', 'naturalLanguage', 'en-us'),
        attribute('printer-uri', 'uri', 'ipp://printer.example.com/ipp/print/pinetree'),
        attribute('job-name', 'name', 'foobar'),
        attribute('ipp-attribute-fidelity', 'boolean', true),
      ],
    },
    {
      tag: groupTag.job,
      attributes: [attribute('copies', 'integer', 20), attribute('sides', 'keyword', 'two-sided-long-edge')],
    },
  ],
  data: Buffer.from('%!PDF...'),
};

const printJobBytes = Buffer.concat([
  Buffer.from('0101 0002 00000001 01'.replaceAll(' ', ''), 'hex'),
  Buffer.from('470012', 'hex'),
  Buffer.from('attributes-charset'),
  Buffer.from('0005', 'hex'),
  Buffer.from('utf-8'),
  Buffer.from('48001b', 'hex'),
  Buffer.from('attributes-natural-language'),
  Buffer.from('0005', 'hex'),
  Buffer.from('en-us'),
  Buffer.from('45000b', 'hex'),
  Buffer.from('printer-uri'),
  Buffer.from('002c', 'hex'),
  Buffer.from('ipp://printer.example.com/ipp/print/pinetree'),
  Buffer.from('420008', 'hex'),
  Buffer.from('job-name'),
  Buffer.from('0006', 'hex'),
  Buffer.from('foobar'),
  Buffer.from('220016', 'hex'),
  Buffer.from('ipp-attribute-fidelity'),
  Buffer.from('000101', 'hex'),
  Buffer.from('02210006', 'hex'),
  Buffer.from('copies'),
  Buffer.from('000400000014', 'hex'),
  Buffer.from('440005', 'hex'),
  Buffer.from('sides'),
  Buffer.from('0013', 'hex'),
  Buffer.from('two-sided-long-edge'),
  Buffer.from('03', 'hex'),
  Buffer.from('%!PDF...'),
]);

test('RFC 8010 A.1 the Print-Job request has the bytes of the standard, both ways', () => {
  assert.deepEqual(Buffer.from(encodeIpp(printJob)), printJobBytes);
  const decoded = decodeIpp(printJobBytes);
  assert.deepEqual({ ...decoded, data: Buffer.from(decoded.data) }, printJob);
});

test('RFC 8010 A.6 several values and nested collections survive the way there and back', () => {
  const mediaSize = [attribute('x-dimension', 'integer', 21000), attribute('y-dimension', 'integer', 29700)];
  const message: IppMessage = {
    version: { major: 2, minor: 0 },
    code: 0,
    requestId: 7,
    groups: [
      {
        tag: groupTag.printer,
        attributes: [
          attribute('operations-supported', 'enum', 2, 4, 8),
          attribute('printer-info', 'text', 'Принтер в зале № 2'),
          { name: 'printer-location', values: [{ tag: 0x13, value: null }] },
          { name: 'resolution', values: [{ tag: 0x32, value: Uint8Array.of(0, 0, 2, 88, 0, 0, 2, 88, 3) }] },
          {
            name: 'media-col-default',
            values: [
              {
                tag: valueTag.collection,
                value: [
                  { name: 'media-size', values: [{ tag: valueTag.collection, value: mediaSize }] },
                  attribute('media-type', 'keyword', 'stationery', 'labels'),
                ],
              },
            ],
          },
        ],
      },
    ],
    data: Buffer.alloc(0),
  };
  const decoded = decodeIpp(encodeIpp(message));
  assert.deepEqual({ ...decoded, data: Buffer.from(decoded.data) }, message);
});

test('a message cut anywhere in its attributes is refused', () => {
  const attributesEnd = printJobBytes.length - printJob.data.length;
  for (let length = 0; length < attributesEnd; length++)
    assert.throws(() => decodeIpp(printJobBytes.subarray(0, length)), IppSyntaxError, `length ${length}`);
});

test('values of the wrong length, nameless and doubled attributes are refused', () => {
  const head = '0101000200000001';
  const broken = {
    'integer of three bytes': `${head}01 21 0001 61 0003 000001 03`,
    'boolean of two bytes': `${head}01 22 0001 61 0002 0001 03`,
    'second value before any first': `${head}01 21 0000 0004 00000001 03`,
    'value outside a group': `${head}21 0001 61 0004 00000001 03`,
    'the same attribute twice': `${head}01 21 0001 61 0004 00000001 21 0001 61 0004 00000001 03`,
    'end of a collection that never began': `${head}01 37 0000 0000 03`,
    'text that is not UTF-8': `${head}01 41 0001 61 0002 c328 03`,
  };
  for (const [what, hex] of Object.entries(broken))
    assert.throws(() => decodeIpp(Buffer.from(hex.replaceAll(' ', ''), 'hex')), IppSyntaxError, what);
});

test('collections that nest without end are refused, not followed', () => {
  const deep = `${'4a0000000161'}${'34000000004a0000000161'.repeat(5000)}`;
  const bytes = Buffer.from(`0101000200000001 01 34 0001 62 0000 ${deep}`.replaceAll(' ', ''), 'hex');
  assert.throws(() => decodeIpp(bytes), IppSyntaxError);
});

test('random bytes are a message or a syntax error, never anything else', () => {
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.concat([printJobBytes.subarray(0, round % 120), randomBytes(round % 64)]);
    try {
      decodeIpp(bytes);
    } catch (error) {
      assert.ok(error instanceof IppSyntaxError);
    }
  }
});
