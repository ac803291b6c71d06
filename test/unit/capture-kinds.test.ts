import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { pageText } from '../../device/capture/fields/page-text.ts';
import { classify, scorePage, sureEnough } from '../../device/capture/kinds/classify.ts';
import { findPhrase } from '../../device/capture/kinds/find-phrase.ts';
import { foldWords } from '../../device/capture/kinds/fold-words.ts';
import { pageOfText } from '../../device/capture/kinds/page-of-text.ts';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import { foldText } from '../../protocol/kind-phrases.ts';
import { kindTexts } from '../fixtures/kind-texts.ts';
import { misread } from '../fixtures/misread.ts';
import { fixturePage } from '../fixtures/pages.ts';

describe('a phrase', () => {
  const text = foldText('СТРАХОВОЕ СВИДЕТЕЛЬСТВО обязательного пенсионного страхования');
  test('is found whole, and with one letter in eight misread, lost or added', () => {
    assert.equal(findPhrase(text, 'пенсионного')?.errors, 0);
    assert.equal(findPhrase('обязательного пенсиоиного', 'пенсионного')?.errors, 1);
    assert.equal(findPhrase('обязательного пенсонного', 'пенсионного')?.errors, 1);
    assert.equal(findPhrase('обязательно го пенси онного', 'пенсионного')?.errors, 1);
    assert.equal(findPhrase('страховсе свидстельство', 'страховое свидетельство')?.errors, 2);
  });

  test('is not found beyond that, nor a short word inside another', () => {
    assert.equal(findPhrase('обязательного ленсиоиного', 'пенсионного')?.errors, undefined);
    assert.equal(findPhrase('подпол', 'пол')?.errors, undefined);
    assert.equal(findPhrase('', 'пенсионного')?.errors, undefined);
  });

  test('is counted as the plain way counts it', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const phrase = 'о постановке на учет';
      const read = foldText(misread(`свидетельство ${phrase} лица`, 0.12, seed));
      const fewest = plainDistance(read, phrase);
      assert.equal(findPhrase(read, phrase)?.errors, fewest <= 2 ? fewest : undefined, read);
    }
  });

  test('is looked for in the text that the words of a page make', async () => {
    const texts = [
      ...kindTexts.map(([, text]) => text),
      'прожива-\nющий «по ад-\nресу» - \nтут-\n--\nи там--\nеще',
    ];
    for (const text of texts) {
      const { words } = pageOfText(text);
      assert.equal(foldWords(words).text, foldText(pageText({ words }).text));
    }
  });

  test('is shown on the words that it stands on', () => {
    const page = pageOfText('Справка о\nпостановке на учёт в органе');
    const found = scorePage(page, shippedRules).flatMap(rule => rule.found);
    const hit = found.find(({ what }) => what === 'о постановке на учет');
    assert.deepEqual(hit?.words, [1, 2, 3, 4]);
  });

  test('is found at its place', () => {
    assert.equal(findPhrase('о себе и о постановке на учет в', 'о постановке на учет')?.end, 29);
    assert.equal(findPhrase('и о постанвке на учет в', 'о постановке на учет')?.end, 21);
  });
});

describe('kinds of papers', () => {
  for (const [share, least] of [
    [0, 1],
    [0.01, 0.99],
    [0.02, 0.99],
    [0.03, 0.98],
  ] as const)
    test(`with ${share * 100} % of the letters misread: the confusion table holds`, () => {
      const confused: string[] = [];
      let [right, all] = [0, 0];
      for (let seed = 1; seed <= (share === 0 ? 1 : 4); seed++)
        for (const [kind, text] of kindTexts) {
          const guess = classify([pageOfText(misread(text, share, seed))], shippedRules);
          all++;
          if (guess.kind === kind) right++;
          // A doubt is no confusion: the clerk sees the candidates.
          else if (guess.kind !== 'other') confused.push(`${kind} as ${guess.kind}`);
        }
      assert.deepEqual(confused, []);
      assert.ok(right / all >= least, `${right} of ${all}`);
    });

  test('pages of the recogniser tests are told apart', async () => {
    for (const [name, kind] of [
      ['application-1', 'application'],
      ['certificate-1', 'income-certificate'],
      ['contract-1', 'contract'],
      ['snils-card-1', 'snils'],
    ] as const)
      assert.equal(classify([pageOfText((await fixturePage(name)).text)], shippedRules).kind, kind);
  });

  test('what is unsure is «other», with its candidates', () => {
    const guess = classify([pageOfText('Заявление\nв котором ничего больше нет')], shippedRules);
    assert.equal(guess.kind, 'other');
    assert.ok(guess.candidates.some(({ kind, sure }) => kind === 'application' && sure < sureEnough));
    assert.deepEqual(classify([], shippedRules), { kind: 'other', sure: 1, candidates: [] });
  });

  test('a document is what its surest page is', () => {
    const textOf = (kind: string) => kindTexts.find(([each]) => each === kind)?.[1] ?? '';
    const pages = ['Приложение на одном листе', textOf('contract')].map(pageOfText);
    assert.equal(classify(pages, shippedRules).kind, 'contract');
  });

  test('negative phrases keep an application about an extract from being the extract', () => {
    const [, text = ''] = kindTexts.find(([, each]) => each.startsWith('Запрос')) ?? [];
    const [best, ...others] = scorePage(pageOfText(text), shippedRules);
    assert.equal(best?.kind, 'application');
    const extract = others.find(({ kind }) => kind === 'ownership-extract');
    assert.ok(extract?.found.some(({ gave }) => gave < 0));
  });
});

test('okno kinds try prints what each rule gave', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'okno-kinds-'));
  try {
    const [, text = ''] = kindTexts.find(([kind]) => kind === 'snils') ?? [];
    await writeFile(join(folder, 'page.txt'), text);
    const okno = (...more: string[]) =>
      promisify(execFile)(process.execPath, ['provisioning/okno/main.ts', 'kinds', 'try', folder, ...more]);
    const { stdout } = await okno();
    assert.match(stdout, /page\.txt: snils, \d+ %[\s\S]*\+5\.0 страховое свидетельство \(heading\)/);
    const answer = JSON.parse((await okno('--json')).stdout);
    assert.deepEqual([answer.file, answer.kind], ['page.txt', 'snils']);

    const rules = join(folder, 'rules.json');
    const title = { ru: 'Зелёная карта', en: 'Green card' };
    const phrases = [{ words: 'страховое свидетельство', weight: 9 }];
    await writeFile(rules, JSON.stringify({ 'green-card': { title, satisfies: [], phrases } }));
    assert.equal(JSON.parse((await okno('--json', '--rules', rules)).stdout).kind, 'green-card');
    await writeFile(rules, JSON.stringify({ other: { title, satisfies: [], phrases } }));
    await assert.rejects(okno('--rules', rules), /вид нельзя назвать «other»/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Fewest edits between the phrase and any part of the text, by the table of Sellers. */
function plainDistance(text: string, phrase: string): number {
  let column = Array.from({ length: phrase.length + 1 }, (_, at) => at);
  let fewest = phrase.length;
  for (const letter of text) {
    const next = [0];
    for (let at = 1; at <= phrase.length; at++)
      next.push(
        Math.min(
          (column[at - 1] ?? 0) + Number(phrase[at - 1] !== letter),
          (column[at] ?? 0) + 1,
          (next[at - 1] ?? 0) + 1,
        ),
      );
    column = next;
    fewest = Math.min(fewest, column.at(-1) ?? 0);
  }
  return fewest;
}
