import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EngineWord } from '../../device/capture/engines/tsv.ts';
import { inCells } from '../../device/capture/host/cells-of-tables.ts';
import { pictureOfCells, unreadCells, wordsInPlace } from '../../device/capture/host/unread-cells.ts';
import type { Grey } from '../../device/capture/steps/grey.ts';
import { ruledTables } from '../../device/capture/steps/ruled-tables.ts';

const dpi = 200;
const size = { width: 900, height: 700 };
const columns = [100, 180, 480, 800];
const rows = [100, 160, 220, 280];

/** A sheet with rules at the given places, which wander by a pixel as on a page that is not quite straight. */
function sheet(uprights = columns, levels = rows): Grey {
  const grey = { ...size, data: new Uint8Array(size.width * size.height).fill(255) };
  const dark = (x: number, y: number) => {
    grey.data[y * size.width + x] = 90;
    grey.data[(y + 1) * size.width + x + 1] = 90;
  };
  for (const y of levels)
    for (let x = Math.min(...uprights); x <= Math.max(...uprights); x++) dark(x, y + Math.floor(x / 400));
  for (const x of uprights)
    for (let y = Math.min(...levels); y <= Math.max(...levels) + 2; y++) dark(x + Math.floor(y / 200), y);
  return grey;
}

function ink(grey: Grey, left: number, top: number, wide: number, high: number): void {
  for (let y = top; y < top + high; y++)
    grey.data.fill(20, y * grey.width + left, y * grey.width + left + wide);
}

let line = 0;
/** Words of one line of the engine. */
const lineOf = (top: number, ...words: [left: number, text: string][]): EngineWord[] => {
  line++;
  return words.map(([left, text]) => ({
    ...{ text, confidence: 95, block: line, line, left, top },
    ...{ width: text.length * 12, height: 20 },
  }));
};

const linesOf = (words: readonly EngineWord[]) =>
  [...Map.groupBy(words, ({ line: number }) => number).values()].map(each =>
    each.map(({ text }) => text).join(' '),
  );

describe('tables with rules', () => {
  test('are found with their cells, row by row', () => {
    const [table, ...others] = ruledTables(sheet(), dpi);
    assert.equal(others.length, 0);
    assert.deepEqual(
      table?.map(row => row.length),
      [3, 3, 3],
    );
    const cell = table?.[1]?.[2];
    assert.ok(cell && cell.left >= 480 && cell.right <= 805 && cell.top >= 160 && cell.bottom <= 225);
  });

  test('are not made of a frame, of a text, nor of figures stacked in a close column', () => {
    assert.deepEqual(ruledTables(sheet([100, 800], [100, 600]), dpi), []);
    const text = { ...size, data: new Uint8Array(size.width * size.height).fill(255) };
    for (let y = 100; y < 600; y += 24) for (let x = 100; x < 800; x += 14) ink(text, x, y, 9, 17);
    assert.deepEqual(ruledTables(text, dpi), []);
  });

  test('two parties beside each other are read one after the other, rows of single lines as rows', () => {
    const words = [
      ...lineOf(110, [110, '1'], [190, 'ИНН'], [490, '9915274803']),
      ...lineOf(165, [190, 'Арендодатель'], [490, 'Арендатор']),
      ...lineOf(190, [190, 'ООО'], [490, 'ИП']),
      ...lineOf(300, [100, 'Подписи']),
    ];
    assert.deepEqual(linesOf(inCells(words, ruledTables(sheet(), dpi))), [
      '1 ИНН 9915274803',
      'Арендодатель',
      'ООО',
      'Арендатор',
      'ИП',
      'Подписи',
    ]);
  });

  test('stay as the engine read them when only a part of the rules was found', () => {
    const cut = [110, 170, 230].flatMap(top => lineOf(top, [10, 'вне'], [190, 'внутри'], [490, 'тоже']));
    const whole = ruledTables(sheet(), dpi);
    assert.deepEqual(linesOf(inCells(cut, whole)), linesOf(cut));
    const torn = [110, 165, 235].flatMap(top => lineOf(top, [190, 'строка'], [490, 'число']));
    assert.deepEqual(linesOf(inCells(torn, ruledTables(sheet(columns, [100, 280]), dpi))), linesOf(torn));
    const plain = lineOf(500, [100, 'без'], [200, 'таблицы']);
    assert.deepEqual(linesOf(inCells(plain, whole)), linesOf(plain));
  });
});

describe('cells that the engine passed over', () => {
  const grey = sheet();
  ink(grey, 130, 115, 10, 20);
  ink(grey, 130, 175, 10, 20);
  ink(grey, 130, 235, 4, 20);
  ink(grey, 138, 235, 4, 20);
  const tables = ruledTables(grey, dpi);
  const words = rows.slice(0, 3).flatMap(top => lineOf(top + 15, [190, 'Площадь'], [490, '41,3']));
  const cells = unreadCells(grey, dpi, words, tables);
  const picture = pictureOfCells(grey, dpi, cells);
  const [first, , last] = picture.placed;
  const from = first?.x ?? 0;
  const read = (text: string): EngineWord[] => [
    {
      ...{ text, confidence: 92, line: 0, block: 0, left: from, top: first?.y ?? 0, height: 22 },
      width: (last?.x ?? 0) + 12 - from,
    },
  ];

  test('are those with ink and without words', () => {
    assert.deepEqual(
      cells.map(({ top }) => Math.floor(top / 60)),
      [1, 2, 3],
    );
  });

  test('get their figures back, also when the engine ran them together', () => {
    const found = wordsInPlace(read('1211'), picture, { line: 50, block: 50 });
    assert.deepEqual(
      found.map(({ text, left }) => [text, Math.abs(left - 130) < 3]),
      [
        ['1', true],
        ['2', true],
        ['11', true],
      ],
    );
    const whole = inCells([...words, ...found], tables);
    assert.deepEqual(linesOf(whole), ['1 Площадь 41,3', '2 Площадь 41,3', '11 Площадь 41,3']);
  });

  test('stay empty when counting does not come out or the engine is not sure', () => {
    const place = { line: 50, block: 50 };
    assert.deepEqual(wordsInPlace(read('12'), picture, place), []);
    assert.deepEqual(
      wordsInPlace(
        read('1211').map(word => ({ ...word, confidence: 30 })),
        picture,
        place,
      ),
      [],
    );
  });
});
