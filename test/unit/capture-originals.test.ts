import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeXml, recognisedXml } from '../../device/capture/originals/xml-text.ts';

const textOf = async (xml: string) =>
  (await recognisedXml(Buffer.from(`<?xml version="1.0"?>${xml}`))).pages[0]?.text;

test('XML is read as lines of names and values, whatever stands between them', async () => {
  const lines = await textOf(
    `<!-- <a b="c">d</a --><n:a xmlns:n="urn:x" n:one = "1 &lt; 2" two='"2"' four="">&#x41;\n b</n:a><b/>x<c>y</c>`,
  );
  assert.deepEqual(lines?.split('\n'), [
    'b: c',
    'a: d',
    'one: 1 < 2',
    'two: "2"',
    'four: ',
    'a: A b',
    'b: x',
    'c: y',
  ]);
});

test('F39 no XML file keeps the box busy: each is walked once, from its beginning to its end', async () => {
  const many = 1_000_000;
  // By an expression that goes back, each of these takes from minutes to hours.
  assert.equal(await textOf(`<${'a'.repeat(many)}<b>`), '');
  assert.equal(await textOf(`<a ${'a'.repeat(many)}>`), '');
  assert.equal(await textOf(`<a ${'= '.repeat(many / 2)}>`), '');
  assert.equal(await textOf(`<a b="${"='".repeat(many / 2)}>`), '');
  assert.equal(await textOf(`${'<'.repeat(many)}>`), '');
  assert.equal(await textOf(`${'<a/>'.repeat(many)}<b>x</b>`), '');
  for (const inside of ['"', 'x'.padEnd(9), 'a="', ' a=', '<a '])
    assert.match((await textOf(`<a ${inside.repeat(many / 20)}>text</a>`)) ?? '', /a: text$/);
});

test('an XML file is decoded whole, also where a letter lies across two pieces', async () => {
  const letters = `<a>${' '.repeat(2 ** 18 - 25)}я</a>`;
  assert.equal(await textOf(letters), 'a: я');
  const bytes = Buffer.from(letters);
  assert.equal(await decodeXml(bytes.subarray(0, -1)), undefined);
  bytes[bytes.length - 3] = 0xff;
  assert.equal(await decodeXml(bytes), undefined);
});
