import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { foldText, heaviestPhrase, longestPhrase, otherKind } from './kind-phrases.ts';
import { Key, Text } from './values.ts';

/*
 * What tells kinds of papers apart, as data that a person can argue with: phrases with weights. A box works by
 * the shipped set or by one that its technician made on the trainer page.
 */

const Weight = Type.Number();

/** Words on a page and what they are worth; a negative weight speaks against the kind. */
export const Phrase = Type.Object({
  /** As `foldText` leaves it. */
  words: Type.String(),
  weight: Weight,
  /** Counts only in the upper part of the page, where headings stand. */
  heading: Type.Optional(Type.Literal(true)),
});
export type Phrase = Static<typeof Phrase>;

export const KindRule = Type.Object({
  title: Text,
  /** Kinds of a service's checklist that such a paper satisfies. */
  satisfies: Type.Array(Key, { maxItems: 20 }),
  phrases: Type.Array(Phrase, { maxItems: 80 }),
  /** Papers begin with such a page; a contract, for one, says what it is on every sheet. */
  beginsPaper: Type.Optional(Type.Literal(true)),
  /** Added when the page has machine-readable lines of a Russian internal passport. */
  machineReadable: Type.Optional(Weight),
  /** Added when the page is wider than high. */
  landscape: Type.Optional(Weight),
});
export type KindRule = Static<typeof KindRule>;

/** By the id of the kind. */
export const KindRules = Type.Record(Type.String(), KindRule, { minProperties: 1, maxProperties: 60 });
export type KindRules = Static<typeof KindRules>;

/** What one rule gave on a page. */
export interface RuleScore {
  kind: string;
  score: number;
  found: Found[];
}

/** A phrase that stands on the page, or a hint of its layout that holds. */
export interface Found {
  is: 'phrase' | 'heading' | 'hint';
  /** Words of the phrase; for a hint the member of the rule that gave it. */
  what: string;
  gave: number;
  /** Letters that were misread. */
  errors: number;
  /** Words of the page on which it stands, from 0. */
  words: number[];
}

export type RulesVerdict = { kind: 'good'; rules: KindRules } | { kind: 'refused'; what: Text };

const shape = Compile(KindRules);
const key = Compile(Key);

/** Whether a value is a set of rules to work by, or what is wrong with it, for whoever wrote it. */
export function judgeRules(value: unknown): RulesVerdict {
  if (!shape.Check(value)) {
    const at = shape.Errors(value)[0]?.instancePath || '/';
    return refused(`строение неверно (${at})`, `the structure is wrong (${at})`);
  }
  for (const [id, rule] of Object.entries(value)) {
    if (!key.Check(id) || id === otherKind)
      return refused(`вид нельзя назвать «${id}»`, `no kind may be called “${id}”`);
    const what = whyNot(rule);
    if (what) return refused(`${rule.title.ru}: ${what.ru}`, `${rule.title.en}: ${what.en}`);
  }
  return { kind: 'good', rules: value };
}

function refused(ru: string, en: string): RulesVerdict {
  return { kind: 'refused', what: { ru, en } };
}

function whyNot({ phrases, machineReadable, landscape }: KindRule): Text | undefined {
  const seen = new Set<string>();
  for (const { words, weight, heading } of phrases) {
    if (words === '' || words !== foldText(words))
      return {
        ru: `«${words}» не в том виде: строчные русские буквы, без ё и знаков`,
        en: `“${words}” is not in its plain form: small Russian letters, no ё, no signs`,
      };
    if (words.length > longestPhrase)
      return {
        ru: `«${words}» длиннее ${longestPhrase} букв`,
        en: `“${words}” has more than ${longestPhrase} letters`,
      };
    const wrong = wrongWeight(weight, `«${words}»`, `“${words}”`);
    if (wrong) return wrong;
    const place = `${words} ${heading ?? false}`;
    if (seen.has(place)) return { ru: `«${words}» есть дважды`, en: `“${words}” is there twice` };
    seen.add(place);
  }
  return (
    wrongWeight(machineReadable, 'машиночитаемые строки', 'machine-readable lines') ??
    wrongWeight(landscape, 'лист поперёк', 'a page wider than high')
  );
}

function wrongWeight(weight: number | undefined, ru: string, en: string): Text | undefined {
  if (weight === undefined || (weight !== 0 && Math.abs(weight) <= heaviestPhrase)) return undefined;
  return {
    ru: `${ru}: вес ${weight}, а можно от −${heaviestPhrase} до ${heaviestPhrase}, кроме 0`,
    en: `${en}: the weight is ${weight}; it may be −${heaviestPhrase} to ${heaviestPhrase}, but not 0`,
  };
}
