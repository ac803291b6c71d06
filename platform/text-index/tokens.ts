import { newStemmer } from 'snowball-stemmers';
import { asLetters, asNumber, digitLikeLetters } from './confusions.ts';

/** A word of a text: where it stands and how it is looked up. */
export interface Token {
  start: number;
  end: number;
  /** Lower case, ё as е, Latin look-alikes inside Cyrillic words made Cyrillic, misread digits made letters. */
  word: string;
  /** The word without its ending: `справк` for «справке». */
  stem: string;
  /** The number that it would be if its letters were misread digits, where that is another thing than `word`. */
  number?: string;
}

const russian = newStemmer('russian');
const english = newStemmer('english');

/** Letters that look the same; the engine mixes them within a word. */
const latinLookAlikes = 'abcehkmoptxy';
const cyrillicLookAlikes = 'авсенкмортху';

/** How a word is looked up, wherever it stands. */
export type Form = Pick<Token, 'word' | 'stem' | 'number'>;

/** Texts of a branch use the same words again and again; to find a word's form costs more than all the rest. */
const forms = new Map<string, Form>();
const keptForms = 50_000;

/**
 * Words and numbers of a text. SQLite's own folding leaves Cyrillic capitals and ё as they are
 * (`lower()` is ASCII; unicode61 does not fold ё), so everything is folded here.
 */
export function tokens(text: string): Token[] {
  return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(match => {
    const start = match.index;
    return { start, end: start + match[0].length, ...formOf(match[0]) };
  });
}

/** Places of the words that fit; a page has far more words than different ones, and each is judged once. */
export function placesOf(text: string, fits: (form: Form) => boolean): { start: number; end: number }[] {
  const judged = new Map<string, boolean>();
  const places: { start: number; end: number }[] = [];
  for (const { 0: written, index: start } of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    let isFitting = judged.get(written);
    if (isFitting === undefined) {
      isFitting = fits(formOf(written));
      judged.set(written, isFitting);
    }
    if (isFitting) places.push({ start, end: start + written.length });
  }
  return places;
}

function formOf(written: string): Form {
  const known = forms.get(written);
  if (known) return known;
  const plain = fold(written);
  const word = asLetters(plain) ?? plain;
  const number = numberOf(word);
  const form = { word, stem: stemOf(word), ...(number !== undefined && { number }) };
  if (forms.size >= keptForms) forms.clear();
  forms.set(written, form);
  return form;
}

/**
 * Numbers written in groups (`112-233-445 95`, `+7 (900) 000-11-22`) once more in one piece, so that they
 * are found however they are typed; letters that were read for digits are digits again.
 */
export function joinedNumbers(text: string): string[] {
  return [...text.matchAll(groups)]
    .map(([found]) => asNumber(found.replace(/[^\p{L}\p{N}]/gu, '')) ?? '')
    .filter(digits => digits.length >= 6);
}

/** Pieces between the separators, each with a digit and otherwise only what looks like one. */
const piece = `[${digitLikeLetters}]*\\d[\\d${digitLikeLetters}]*(?![\\p{L}])`;
const groups = new RegExp(`(?<![\\p{L}\\p{N}])${piece}(?:[\\s()./-]{1,3}${piece})*`, 'gu');

/** «ООО» is read as `000`; of shorter words there are too many for that to help. */
function numberOf(word: string): string | undefined {
  const number = asNumber(word);
  if (number === word || (number !== undefined && !/\d/.test(word) && word.length < 3)) return undefined;
  return number;
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
