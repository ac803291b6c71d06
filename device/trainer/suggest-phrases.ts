import { longestPhrase } from '../../protocol/kind-phrases.ts';
import type { Suggestion } from '../../protocol/trainer.ts';

/** A sample as suggestions see it: its kind and its folded words. */
export interface FoldedSample {
  kind: string;
  words: readonly string[];
}

const longestWords = 3;
const shown = 12;
/** As in the shipped rules: two phrases that stand nowhere else make a kind certain. */
const weights = { phrase: 4, word: 3, also: 2 };
/** Words that say nothing by themselves: digits are masked, names too, prepositions are short. */
const telling = /^(?!примеров)\p{L}{4,}$/u;

/**
 * Phrases of one to three words that stand in samples of this kind and in few others', the best first. A phrase
 * is left out when a better one that contains it, or is contained in it, stands in the same samples.
 */
export function suggestPhrases(samples: readonly FoldedSample[], kind: string): Suggestion[] {
  const mine = samples.filter(sample => sample.kind === kind);
  const others = samples.filter(sample => sample.kind !== kind);
  const counts = new Map<string, { here: number; elsewhere: number; first: number }>();
  for (const { words } of mine)
    for (const [phrase, first] of phrasesOf(words)) {
      const count = counts.get(phrase) ?? { here: 0, elsewhere: 0, first };
      counts.set(phrase, { ...count, here: count.here + 1, first: Math.min(count.first, first) });
    }
  for (const { words } of others)
    for (const phrase of phrasesOf(words).keys()) {
      const count = counts.get(phrase);
      if (count) count.elsewhere++;
    }
  const rated = [...counts].map(([words, { here, elsewhere, first }]) => {
    // As if half a sample more had it, and half a sample more had not: one page proves little.
    const odds = Math.log((here + 0.5) / (mine.length + 1) / ((elsewhere + 0.5) / (others.length + 1)));
    const weight = elsewhere > 0 ? weights.also : wordsIn(words) > 1 ? weights.phrase : weights.word;
    return { words, weight, here, elsewhere, worth: odds * (here / mine.length), first };
  });
  const best = rated
    .filter(({ worth }) => worth > 0.3)
    // Of equals, what is more than a word, and then what stands higher on the page.
    .toSorted((a, b) => b.worth - a.worth || wordsIn(b.words) - wordsIn(a.words) || a.first - b.first);
  const kept: Suggestion[] = [];
  for (const { words, weight, here, elsewhere } of best) {
    const isSaid = kept.some(
      other => other.here === here && (other.words.includes(words) || words.includes(other.words)),
    );
    const overlaps = kept.some(other => other.words.split(' ').some(word => words.split(' ').includes(word)));
    if (!isSaid && !overlaps) kept.push({ words, weight, here, elsewhere });
    if (kept.length === shown) break;
  }
  return kept;
}

const wordsIn = (phrase: string) => phrase.split(' ').length;

/** With the place of the first word, where it stands first. */
function phrasesOf(words: readonly string[]): Map<string, number> {
  const phrases = new Map<string, number>();
  for (let from = 0; from < words.length; from++)
    for (let count = 1; count <= longestWords && from + count <= words.length; count++) {
      const part = words.slice(from, from + count);
      const phrase = part.join(' ');
      const ends = [part[0] ?? '', part.at(-1) ?? ''];
      if (phrase.length > longestPhrase || part.some(word => !/^(?!примеров)\p{L}+$/u.test(word))) continue;
      if (ends.every(word => telling.test(word)) && !phrases.has(phrase)) phrases.set(phrase, from);
    }
  return phrases;
}
