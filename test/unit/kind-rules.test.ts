import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shippedRules } from '../../device/capture/kinds/rules.ts';
import { longestPhrase } from '../../protocol/kind-phrases.ts';
import { judgeRules, type KindRules } from '../../protocol/kind-rules.ts';

const rulesWith = (change: (rules: KindRules) => void): unknown => {
  const rules = structuredClone(shippedRules);
  change(rules);
  return rules;
};
const phrase = (words: string, weight = 2) =>
  rulesWith(({ snils }) => snils?.phrases.push({ words, weight }));
const refusalOf = (value: unknown) => {
  const verdict = judgeRules(value);
  return verdict.kind === 'refused' ? verdict.what : assert.fail('taken');
};

describe('rules of kinds', () => {
  test('as shipped are rules, also after a way through a file', () => {
    const verdict = judgeRules(JSON.parse(JSON.stringify(shippedRules)));
    assert.deepEqual(verdict, { kind: 'good', rules: shippedRules });
  });

  test('that are no rules at all are refused with the place of the fault', () => {
    for (const value of [
      null,
      [],
      'rules',
      {},
      { snils: {} },
      { snils: { ...shippedRules.snils, phrases: 5 } },
    ])
      assert.match(refusalOf(value).ru, /строение неверно/);
    assert.match(
      refusalOf({ snils: { ...shippedRules.snils, phrases: [{ words: 'а' }] } }).ru,
      /\/snils\/phrases\/0/,
    );
  });

  test('with a phrase that is too long, not folded, empty or doubled are refused by name', () => {
    assert.deepEqual(refusalOf(phrase('о'.repeat(longestPhrase + 1))), {
      ru: `СНИЛС: «${'о'.repeat(31)}» длиннее 30 букв`,
      en: `SNILS: “${'о'.repeat(31)}” has more than 30 letters`,
    });
    for (const words of ['СНИЛС', 'учёт', 'номер: счета', ' пол', 'no'])
      assert.match(refusalOf(phrase(words)).ru, /не в том виде/, words);
    assert.match(refusalOf(phrase('')).en, /plain form/);
    assert.match(refusalOf(phrase('дата регистрации')).ru, /«дата регистрации» есть дважды/);
    assert.equal(judgeRules(phrase('номер счета')).kind, 'good');
  });

  test('with an absurd weight are refused', () => {
    for (const weight of [0, 11, -10.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY])
      assert.match(refusalOf(phrase('номер счета', weight)).ru, /вес|строение/, String(weight));
    const landscape = rulesWith(({ snils }) => Object.assign(snils ?? {}, { landscape: 99 }));
    assert.match(refusalOf(landscape).en, /wider than high: the weight is 99/);
  });

  test('may not name a kind «other», nor by what is no key', () => {
    for (const id of ['other', 'СНИЛС', '', '__proto__', 'a b'])
      assert.match(
        refusalOf({
          [id]: shippedRules.snils,
          ...JSON.parse(`{"${id}": ${JSON.stringify(shippedRules.snils)}}`),
        }).en,
        /no kind may be called/,
      );
  });
});
