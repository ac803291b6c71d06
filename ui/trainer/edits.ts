import type { KindRule, KindRules, Phrase } from '../../protocol/kind-rules.ts';

/* Changes of rules; every one gives new rules, so that those in force stay for comparison. */

const withPhrases = (rules: KindRules, kind: string, change: (phrases: Phrase[]) => Phrase[]): KindRules => {
  const rule = rules[kind];
  return rule ? { ...rules, [kind]: { ...rule, phrases: change(rule.phrases) } } : rules;
};

/** Behind the others; a phrase that is there already stays as it is. */
export const withPhrase = (rules: KindRules, kind: string, words: string, weight: number): KindRules =>
  withPhrases(rules, kind, phrases =>
    words === '' || phrases.some(phrase => phrase.words === words && !phrase.heading)
      ? phrases
      : [...phrases, { words, weight }],
  );

export const withoutPhrase = (rules: KindRules, kind: string, at: number): KindRules =>
  withPhrases(rules, kind, phrases => phrases.toSpliced(at, 1));

export const withWeight = (rules: KindRules, kind: string, at: number, weight: number): KindRules =>
  withPhrases(rules, kind, phrases =>
    phrases.map((phrase, index) => (index === at ? { ...phrase, weight } : phrase)),
  );

export const withHeading = (rules: KindRules, kind: string, at: number, heading: boolean): KindRules =>
  withPhrases(rules, kind, phrases =>
    phrases.map((phrase, index) => {
      const { words, weight } = phrase;
      return index === at ? { words, weight, ...(heading ? { heading } : {}) } : phrase;
    }),
  );

export const withKind = (rules: KindRules, kind: string, rule: KindRule): KindRules => ({
  ...rules,
  [kind]: rule,
});

export function withoutKind(rules: KindRules, kind: string): KindRules {
  const { [kind]: _, ...others } = rules;
  return others;
}

/** The next weight in a direction; nought says nothing and is passed over. */
export function stepWeight(weight: number, step: number, most: number): number {
  const next = Math.max(-most, Math.min(most, weight + step));
  return next === 0 ? step : next;
}

/** Whether two sets of rules say the same, in whatever order their members stand. */
export const sameRules = (one: KindRules, other: KindRules): boolean => plain(one) === plain(other);

const plain = (rules: KindRules) =>
  JSON.stringify(rules, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
