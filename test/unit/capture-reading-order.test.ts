import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineWord } from '../../device/capture/engines/tsv.ts';
import { blocksDownwards } from '../../device/capture/host/blocks-downwards.ts';
import { partyByParty } from '../../device/capture/host/parties-side-by-side.ts';
import { inRows } from '../../device/capture/host/rows-of-tables.ts';

const height = 20;

/** Blocks as an engine tells them: each a column of lines from `left`, `pitch` pixels apart. */
function blocks(...all: { left: number; top: number; pitch: number; lines: string[] }[]): EngineWord[] {
  let line = -1;
  return all.flatMap(({ left, top, pitch, lines }, block) =>
    lines.flatMap((text, row) => {
      line++;
      return text.split(' ').map((word, at) => ({
        ...{ text: word, confidence: 90, block, line, left: left + at * 60, top: top + row * pitch },
        ...{ width: 55, height },
      }));
    }),
  );
}

function rows(words: EngineWord[]): string[] {
  const found: string[] = [];
  for (const { line, text } of inRows(words)) found[line] = `${found[line] ?? ''} ${text}`.trim();
  return found;
}

const statement = blocks(
  { left: 0, top: 100, pitch: 44, lines: ['Дата', '27.02.2026', '26.02.2026'] },
  { left: 200, top: 101, pitch: 44, lines: ['Описание', 'Магазин', 'Столовая'] },
  { left: 0, top: 300, pitch: 44, lines: ['Выписка составлена банком по просьбе клиента'] },
  { left: 600, top: 99, pitch: 44, lines: ['Сумма', '1 417,26', '480,00'] },
);

test('a table that was read column by column comes in rows, what stands below it after it', () => {
  assert.deepEqual(rows(statement), [
    'Дата Описание Сумма',
    '27.02.2026 Магазин 1 417,26',
    '26.02.2026 Столовая 480,00',
    'Выписка составлена банком по просьбе клиента',
  ]);
});

test('a heading that the engine read between two columns comes first', () => {
  const [date, description] = [statement.slice(0, 3), statement.slice(3, 6)];
  const heading = blocks({ left: 100, top: 20, pitch: 44, lines: ['Выписка по счёту'] });
  const numbered = [date, heading, description].flatMap((words, at) =>
    words.map(word => ({ ...word, line: word.line + at * 10, block: at })),
  );
  assert.deepEqual(rows(numbered)[0], 'Выписка по счёту');
});

test('columns of a text, details of two parties and a letterhead stay columns', () => {
  const prose = Array.from({ length: 4 }, (_, at) => `строка текста номер ${at}`);
  const parties = ['Продавец', 'паспорт 9915 555000', 'СНИЛС 200-300-401'];
  for (const words of [
    blocks({ left: 0, top: 0, pitch: 26, lines: prose }, { left: 500, top: 0, pitch: 26, lines: prose }),
    blocks({ left: 0, top: 0, pitch: 44, lines: prose }, { left: 500, top: 0, pitch: 44, lines: prose }),
    blocks({ left: 0, top: 0, pitch: 44, lines: parties }, { left: 500, top: 0, pitch: 44, lines: parties }),
    blocks(
      { left: 0, top: 0, pitch: 26, lines: ['Администрация', 'города', 'Образцовска', 'тел. 1'] },
      { left: 500, top: 10, pitch: 26, lines: ['Примерову', 'ул. Тестовая'] },
    ),
  ])
    assert.deepEqual(inRows(words), words);
});

test('a tall mark beside the rows, such as a number that was turned, joins none of them', () => {
  const tall = {
    text: '9910123456',
    confidence: 40,
    block: 9,
    line: 99,
    left: 900,
    top: 90,
    width: 20,
    height: 150,
  };
  assert.deepEqual(rows([...statement, tall]).slice(1, 4), [
    'Дата Описание Сумма',
    '27.02.2026 Магазин 1 417,26',
    '26.02.2026 Столовая 480,00',
  ]);
});

test('sums at the right edge come before what stands below them; columns and a block between columns stay', () => {
  const told = (words: EngineWord[]) => [
    ...new Map(blocksDownwards(words).map(word => [word.block, word.text])).values(),
  ];
  const invoice = blocks(
    { left: 0, top: 0, pitch: 26, lines: ['Товары'] },
    { left: 0, top: 260, pitch: 26, lines: ['Прописью'] },
    { left: 0, top: 300, pitch: 26, lines: ['Руководитель'] },
    { left: 700, top: 100, pitch: 26, lines: ['Итого:', 'НДС:', 'Всего:'] },
    { left: 0, top: 400, pitch: 26, lines: ['Печать'] },
  );
  assert.equal(told(invoice).join(' '), 'Товары Всего: Прописью Руководитель Печать');
  const columns = blocks(
    { left: 0, top: 0, pitch: 26, lines: ['а', 'б', 'в'] },
    { left: 0, top: 120, pitch: 26, lines: ['г', 'д', 'е'] },
    { left: 700, top: 10, pitch: 26, lines: ['ж', 'з'] },
    { left: 700, top: 100, pitch: 26, lines: ['и', 'к'] },
  );
  assert.deepEqual(blocksDownwards(columns), columns);
});

/** Lines read across: `|` stands for a gap up to the next column. */
function across(...lines: string[]): EngineWord[] {
  return lines.flatMap((text, line) =>
    text.split('|').flatMap((part, column) =>
      part
        .split(' ')
        .filter(Boolean)
        .map((word, at) => ({
          ...{ text: word, confidence: 90, block: 0, line, left: column * 400 + at * 60, top: line * 40 },
          ...{ width: 55, height },
        })),
    ),
  );
}

const linesOf = (words: readonly EngineWord[]) =>
  [...Map.groupBy(words, ({ line }) => line).values()].map(line => line.map(({ text }) => text).join(' '));

test('details of parties beside each other come party by party, and the text around them stays', () => {
  const contract = across(
    'Договор вступает в силу с даты подписания сторонами и',
    'Продавец:|Покупатель:',
    'Эталонов В. Ч.|Макетова П. Ш.',
    'паспорт 9915 555000|паспорт 9922 007650',
    'выдан 11.01.2020|выдан 21.03.2022',
    '|тел. 000',
    'Составлен',
  );
  assert.deepEqual(linesOf(partyByParty(contract)), [
    'Договор вступает в силу с даты подписания сторонами и',
    ...['Продавец:', 'Эталонов В. Ч.', 'паспорт 9915 555000', 'выдан 11.01.2020'],
    ...['Покупатель:', 'Макетова П. Ш.', 'паспорт 9922 007650', 'выдан 21.03.2022', 'тел. 000'],
    'Составлен',
  ]);
});

test('tables and lines with a gap are read across, also where heads or one line begin alike', () => {
  for (const table of [
    across('Код дохода|Код вычета|Сумма', '2000|501|800.00', '2012|501|800.00'),
    across('Сумма дохода|Сумма налога', 'Налоговая база|Прочее', '737480.00|95872'),
    across('Код|Цена|Код|Цена', 'лист|15|лист|16', 'выезд|15|выезд|17'),
    across('Руководитель|Бухгалтер'),
  ])
    assert.deepEqual(partyByParty(table), table);
});
