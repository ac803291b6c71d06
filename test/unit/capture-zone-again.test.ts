import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Engine, Reading } from '../../device/capture/engines/engine.ts';
import type { EngineWord } from '../../device/capture/engines/tsv.ts';
import { withZoneAgain } from '../../device/capture/host/zone-again.ts';
import type { Grey } from '../../device/capture/steps/grey.ts';

const paper: Grey = { data: new Uint8Array(900 * 600).fill(255), width: 900, height: 600 };
const page = { grey: paper, dpi: 200 };
const height = 20;
const place = (text: string, line: number, left: number, top: number): EngineWord => ({
  ...{ text, line, block: 0, confidence: 80 },
  ...{ left, top, width: text.length * 16, height },
});
const text = (words: readonly EngineWord[]) =>
  [...Map.groupBy(words, word => word.line).values()].map(line => line.map(word => word.text).join(' '));

/** An engine that reads those lines in Latin letters, and the pictures that it was given. */
function latinEngine(lines: readonly string[] | 'failed'): { engine: Engine; seen: Grey[] } {
  const seen: Grey[] = [];
  const reading = async (grey: Grey): Promise<Reading> => {
    seen.push(grey);
    if (lines === 'failed') return { kind: 'failed' };
    return { kind: 'read', words: lines.map((line, at) => place(line, at, 20, 10 + 40 * at)) };
  };
  return { engine: { read: async () => ({ kind: 'failed' }), readLatin: reading }, seen };
}

const above = place('Орган, выдавший документ', 0, 100, 300);
const misread = [
  place('Р<ВУ$ЗКИРМЕТСОМА<<О1бА<<<<<<<<<<<<<<<<<<<<<<<', 1, 100, 400),
  place('9956473823RUS6803085F3301166<<<<<<<<<<<<<<<§', 2, 100, 440),
];
const below = place('Подпись', 3, 100, 540);
const read = [
  'P<RUSKUZNETCOVA<<OLGA<<<<ceeccecccececccec<<<',
  '9956473823RUS6803085F3301166<<<<<<<<<<<<<<<6',
];

describe('lines for machines', () => {
  test('that were taken for Russian ones are read again in Latin letters, in their place', async () => {
    const { engine, seen } = latinEngine(read);
    const words = await withZoneAgain(engine, page, [above, ...misread, below]);
    assert.deepEqual(text(words), [
      'Орган, выдавший документ',
      `P<RUSKUZNETCOVA<<OLGA${'<'.repeat(24)}`,
      read[1],
      'Подпись',
    ]);
    assert.deepEqual(
      words.map(word => word.top).toSorted((one, other) => one - other),
      words.map(word => word.top),
    );
    assert.equal(new Set(words.map(word => word.line)).size, 4);
    // Two lines and some white, not the page.
    assert.ok(seen.length === 1 && (seen[0]?.height ?? 600) < 100);
  });

  test('stay as they were when the second reading is no better or fails', async () => {
    const words = [above, ...misread, below];
    for (const worse of [['P<RUS'], [], 'failed'] as const)
      assert.deepEqual(await withZoneAgain(latinEngine(worse).engine, page, words), words);
  });

  test('that were read well, and Russian print in guillemets, are not read again', async () => {
    const { engine, seen } = latinEngine(read);
    const plain = [
      ...read.map((line, at) => place(line.replace(/[ce]/g, '<'), at, 100, 400 + 40 * at)),
      place('ООО«Вымысел»,ООО«Пробный»иООО«Образцовый»', 5, 100, 100),
    ];
    assert.deepEqual(await withZoneAgain(engine, page, plain), plain);
    assert.deepEqual(await withZoneAgain(engine, page, []), []);
    assert.equal(seen.length, 0);
  });
});
