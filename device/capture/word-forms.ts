import { newStemmer } from 'snowball-stemmers';

/** A word of a text: where it stands and how it is looked up. */
export interface Token {
  start: number;
  end: number;
  /** Lower case, ё as е, Latin look-alikes inside Cyrillic words made Cyrillic. */
  word: string;
  /** The word without its ending: `справк` for «справке». */
  stem: string;
}

const russian = newStemmer('russian');
const english = newStemmer('english');

/** Letters that look the same; the engine mixes them within a word. */
const latinLookAlikes = 'abcehkmoptxy';
const cyrillicLookAlikes = 'авсенкмортху';

/**
 * Words and numbers of a text. SQLite's own folding leaves Cyrillic capitals and ё as they are
 * (`lower()` is ASCII; unicode61 does not fold ё), so everything is folded here.
 */
export function tokens(text: string): Token[] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(match => {
    const word = fold(match[0]);
    return { start: match.index, end: match.index + match[0].length, word, stem: stemOf(word) };
  });
}

/**
 * Numbers written in groups (`112-233-445 95`, `+7 (900) 000-11-22`) once more in one piece, so that they
 * are found however they are typed.
 */
export function joinedNumbers(text: string): string[] {
  return [...text.matchAll(/\d[\d\s()-]{4,24}\d/g)]
    .map(match => match[0].replace(/\D/g, ''))
    .filter(digits => digits.length >= 6);
}

function fold(word: string): string {
  const lower = word.normalize('NFC').toLowerCase().replaceAll('ё', 'е');
  if (!/\p{Script=Cyrillic}/u.test(lower)) return lower;
  return lower.replace(/[a-z]/g, letter => cyrillicLookAlikes[latinLookAlikes.indexOf(letter)] ?? letter);
}

function stemOf(word: string): string {
  if (/\p{N}/u.test(word)) return word;
  return (/\p{Script=Cyrillic}/u.test(word) ? russian : english).stem(word);
}
