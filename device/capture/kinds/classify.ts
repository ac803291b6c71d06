import { setImmediate as nextTurn } from 'node:timers/promises';
import { otherKind } from '../../../protocol/kind-phrases.ts';
import type { Found, KindRules, RuleScore } from '../../../protocol/kind-rules.ts';
import { readZone } from '../fields/mrz/read-zone.ts';
import { pageText } from '../fields/page-text.ts';
import type { RecognisedPage } from '../recognised.ts';
import { findPhrase } from './find-phrase.ts';
import { foldWords } from './fold-words.ts';

/** How sure the rules are of a kind, or of `other`, 0–1. */
export interface KindChance {
  kind: string;
  sure: number;
}

/** What a paper seems to be. Below `sureEnough` it is `other`, and the candidates say what it may be. */
export interface KindGuess extends KindChance {
  /** The likeliest first, `other` among them. */
  candidates: KindChance[];
}

/** What the rules need of a page. */
export interface KindPage extends Pick<RecognisedPage, 'words' | 'width' | 'height'> {
  /** Said of a page whose words were changed since it was read. */
  hasPassportZone?: boolean;
}

/** Chance from which a kind is named; set on the pages of the test. */
export const sureEnough = 0.8;
/** What a page scores as `other`: two weak words are no kind. */
const otherScore = 4;
/** The more, the less a difference of scores says. Fitted to how often the rules were right on misread pages. */
const temperature = 1.1;
/** Headings stand above this part of the page's height. */
const headingPart = 0.45;
/** Candidates below this chance are not worth a look. */
const leastChance = 0.02;

/** What a document seems to be, from the page of which the rules are surest. A document without words is `other`. */
export function classify(pages: readonly KindPage[], rules: KindRules): KindGuess {
  return surestOf(pages.filter(page => page.words.length > 0).map(page => guessOf(scorePage(page, rules))));
}

/** The same, page by page, so that other work goes on: two hundred pages take seconds. */
export async function classifyInTurns(pages: readonly KindPage[], rules: KindRules): Promise<KindGuess> {
  const guesses: KindGuess[] = [];
  for (const page of pages) {
    if (page.words.length === 0) continue;
    guesses.push(guessOf(scorePage(page, rules)));
    await nextTurn();
  }
  return surestOf(guesses);
}

function surestOf(guesses: readonly KindGuess[]): KindGuess {
  const certain = guesses.filter(({ kind }) => kind !== otherKind).toSorted((a, b) => b.sure - a.sure);
  return certain[0] ?? guesses[0] ?? { kind: otherKind, sure: 1, candidates: [] };
}

function guessOf(rulesGave: readonly RuleScore[]): KindGuess {
  const scores = [...rulesGave, { kind: otherKind, score: otherScore }];
  const powers = scores.map(({ score }) => Math.exp(score / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  const candidates = scores
    .map(({ kind }, at): KindChance => ({ kind, sure: Math.round(((powers[at] ?? 0) / sum) * 1000) / 1000 }))
    .filter(({ sure }) => sure >= leastChance)
    .toSorted((a, b) => b.sure - a.sure);
  const [best] = candidates;
  return best !== undefined && best.kind !== otherKind && best.sure >= sureEnough
    ? { ...best, candidates }
    : { kind: otherKind, sure: candidates.find(({ kind }) => kind === otherKind)?.sure ?? 0, candidates };
}

/** What every rule gives on a page, the best first. */
export function scorePage(page: KindPage, rules: KindRules): RuleScore[] {
  const { words, width, height } = page;
  const whole = foldWords(words);
  const above = words.flatMap(({ box }, at) => (box.y < headingPart ? [at] : []));
  const upper = foldWords(words.filter(({ box }) => box.y < headingPart));
  const isInternalPassport = page.hasPassportZone ?? readZone(pageText({ words }).text)?.format === 'pnrus';
  return Object.entries(rules)
    .map(([kind, rule]): RuleScore => {
      const found = rule.phrases.flatMap(({ words: phrase, weight, heading }): Found[] => {
        const place = findPhrase((heading ? upper : whole).text, phrase);
        if (place === undefined) return [];
        const { errors, end } = place;
        const gave = weight * (1 - errors / phrase.length);
        const [from, to] = [end - phrase.length + errors, end];
        const at = heading
          ? upper.wordsAt(from, to).flatMap(index => above[index] ?? [])
          : whole.wordsAt(from, to);
        return [{ is: heading ? 'heading' : 'phrase', what: phrase, gave, errors, words: at }];
      });
      const hint = (what: string, gave: number | undefined, holds: boolean): Found[] =>
        holds && gave !== undefined ? [{ is: 'hint', what, gave, errors: 0, words: [] }] : [];
      found.push(
        ...hint('machineReadable', rule.machineReadable, isInternalPassport),
        ...hint('landscape', rule.landscape, width > height),
      );
      return { kind, score: found.reduce((sum, { gave }) => sum + gave, 0), found };
    })
    .toSorted((a, b) => b.score - a.score);
}
