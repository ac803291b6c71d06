import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { classify, scorePage, sureEnough } from '../../device/capture/kinds/classify.ts';
import { findPhrase, foldText, longestPhrase } from '../../device/capture/kinds/find-phrase.ts';
import { pageOfText } from '../../device/capture/kinds/page-of-text.ts';
import { kindRules } from '../../device/capture/kinds/rules.ts';
import { kindTexts } from '../fixtures/kind-texts.ts';
import { misread } from '../fixtures/misread.ts';
import { fixturePage } from '../fixtures/pages.ts';

describe('a phrase', () => {
  const text = foldText('СТРАХОВОЕ СВИДЕТЕЛЬСТВО обязательного пенсионного страхования');
  test('is found whole, and with one letter in eight misread, lost or added', () => {
    assert.equal(findPhrase(text, 'пенсионного'), 0);
    assert.equal(findPhrase('обязательного пенсиоиного', 'пенсионного'), 1);
    assert.equal(findPhrase('обязательного пенсонного', 'пенсионного'), 1);
    assert.equal(findPhrase('обязательно го пенси онного', 'пенсионного'), 1);
    assert.equal(findPhrase('страховсе свидстельство', 'страховое свидетельство'), 2);
  });

  test('is not found beyond that, nor a short word inside another', () => {
    assert.equal(findPhrase('обязательного ленсиоиного', 'пенсионного'), undefined);
    assert.equal(findPhrase('подпол', 'пол'), undefined);
    assert.equal(findPhrase('', 'пенсионного'), undefined);
  });

  test('is counted as the plain way counts it', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const phrase = 'о постановке на учет';
      const read = foldText(misread(`свидетельство ${phrase} лица`, 0.12, seed));
      const fewest = plainDistance(read, phrase);
      assert.equal(findPhrase(read, phrase), fewest <= 2 ? fewest : undefined, read);
    }
  });

  test('of every rule is folded and short enough to be found misread', () => {
    for (const { phrases } of Object.values(kindRules))
      for (const { words } of phrases) {
        assert.equal(words, foldText(words));
        assert.ok(words.length <= longestPhrase, words);
      }
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
          const guess = classify([pageOfText(misread(text, share, seed))]);
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
      assert.equal(classify([pageOfText((await fixturePage(name)).text)]).kind, kind);
  });

  test('what is unsure is «other», with its candidates', () => {
    const guess = classify([pageOfText('Заявление\nв котором ничего больше нет')]);
    assert.equal(guess.kind, 'other');
    assert.ok(guess.candidates.some(({ kind, sure }) => kind === 'application' && sure < sureEnough));
    assert.deepEqual(classify([]), { kind: 'other', sure: 1, candidates: [] });
  });

  test('a document is what its surest page is', () => {
    const textOf = (kind: string) => kindTexts.find(([each]) => each === kind)?.[1] ?? '';
    const pages = ['Приложение на одном листе', textOf('contract')].map(pageOfText);
    assert.equal(classify(pages).kind, 'contract');
  });

  test('negative phrases keep an application about an extract from being the extract', () => {
    const [, text = ''] = kindTexts.find(([, each]) => each.startsWith('Запрос')) ?? [];
    const [best, ...others] = scorePage(pageOfText(text));
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
