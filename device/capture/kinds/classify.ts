import { readZone } from '../fields/mrz/read-zone.ts';
import { pageText } from '../fields/page-text.ts';
import type { RecognisedPage } from '../recognised.ts';
import { findPhrase, foldText } from './find-phrase.ts';
import type { KindId } from './kind-rule.ts';
import { kindRules } from './rules.ts';

/** How sure the rules are of a kind, 0–1. */
export interface KindChance {
  kind: KindId | 'other';
  sure: number;
}

/** What a paper seems to be. Below `sureEnough` it is `other`, and the candidates say what it may be. */
export interface KindGuess extends KindChance {
  /** The likeliest first, `other` among them. */
  candidates: KindChance[];
}

/** What one rule gave on a page, for whoever writes rules. */
export interface RuleScore {
  kind: KindId;
  score: number;
  /** Phrases and layout hints that were found, with what each gave. */
  found: { what: string; gave: number; errors: number }[];
}

type KindPage = Pick<RecognisedPage, 'words' | 'width' | 'height'>;

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
export function classify(pages: readonly KindPage[]): KindGuess {
  const guesses = pages.filter(page => page.words.length > 0).map(classifyPage);
  const certain = guesses.filter(({ kind }) => kind !== 'other').toSorted((a, b) => b.sure - a.sure);
  return certain[0] ?? guesses[0] ?? { kind: 'other', sure: 1, candidates: [] };
}

function classifyPage(page: KindPage): KindGuess {
  const scores = [
    ...scorePage(page).map(({ kind, score }) => ({ kind, score })),
    { kind: 'other' as const, score: otherScore },
  ];
  const powers = scores.map(({ score }) => Math.exp(score / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  const candidates = scores
    .map(({ kind }, at): KindChance => ({ kind, sure: Math.round(((powers[at] ?? 0) / sum) * 1000) / 1000 }))
    .filter(({ sure }) => sure >= leastChance)
    .toSorted((a, b) => b.sure - a.sure);
  const [best] = candidates;
  return best !== undefined && best.kind !== 'other' && best.sure >= sureEnough
    ? { ...best, candidates }
    : { kind: 'other', sure: candidates.find(({ kind }) => kind === 'other')?.sure ?? 0, candidates };
}

/** What every rule gives on a page, the best first. */
export function scorePage({ words, width, height }: KindPage): RuleScore[] {
  const { text } = pageText({ words });
  const whole = foldText(text);
  const upper = foldText(pageText({ words: words.filter(({ box }) => box.y < headingPart) }).text);
  const isInternalPassport = readZone(text)?.format === 'pnrus';
  return Object.entries(kindRules)
    .map(([kind, rule]): RuleScore => {
      const found = rule.phrases.flatMap(({ words: phrase, weight, heading }) => {
        const errors = findPhrase(heading ? upper : whole, phrase);
        if (errors === undefined) return [];
        const gave = weight * (1 - errors / phrase.length);
        return [{ what: heading ? `${phrase} (heading)` : phrase, gave, errors }];
      });
      const hint = (what: string, gave: number | undefined, holds: boolean) =>
        holds && gave !== undefined ? [{ what, gave, errors: 0 }] : [];
      found.push(
        ...hint('machine-readable lines', rule.machineReadable, isInternalPassport),
        ...hint('wider than high', rule.landscape, width > height),
      );
      return { kind: kind as KindId, score: found.reduce((sum, { gave }) => sum + gave, 0), found };
    })
    .toSorted((a, b) => b.score - a.score);
}
