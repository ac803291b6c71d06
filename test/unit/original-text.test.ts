import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recognisedXml } from '../../device/capture/originals/xml-text.ts';

const textOf = (xml: string) => recognisedXml(Buffer.from(`<?xml version="1.0"?>${xml}`)).pages[0]?.text;

test('KEM-8 an XML original is read as lines of names and words', () => {
  const xml = `<a:list xmlns:a="urn:a" xsi:type="x" n = '1'
    a:city="Образцовск"><!-- note --><item>  один &amp;
    &#x434;ва</item><empty/><a.b
    c="3">&#99999999;</a.b></a:list>`;
  assert.equal(textOf(xml), 'n: 1\ncity: Образцовск\nitem: один & два\nc: 3\na.b: &#99999999;');
});

test('F39 an XML original that was made to keep a processor busy does not keep the hall waiting', () => {
  const many = 1_000_000;
  for (const xml of [
    `<a ${'a'.repeat(many)}>text</a>`,
    `<${'a'.repeat(many)}<b>text</b>`,
    `<a ${'"'.repeat(many)}>text</a>`,
    `<a x${' '.repeat(many)}y>text</a>`,
    `<a ${'a="'.repeat(many / 4)}>text</a>`,
    `<a ${' a='.repeat(many / 4)}>text</a>`,
    `${'<a '.repeat(many / 4)}>text</a>`,
  ])
    assert.match(textOf(xml) ?? '', /: text$/, xml.slice(0, 40));
  // What is shown and searched is in the first part of the file.
  assert.equal(textOf(`<a>one</a>${'<a>'.repeat(many)}two</a>`), 'a: one');
});
