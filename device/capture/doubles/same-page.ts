import type { RecognisedPage } from '../recognised.ts';
import { distance } from './fingerprint.ts';

/** Bits of 256 by which two scans of one sheet differ at most. */
const mostBits = 60;
/** With fewer letters nobody can tell two photographs or two seals apart: such pages are never called doubles. */
const leastLetters = 40;
/** Words of which the engine is this sure count, 0–100. */
const sure = 85;
/** Shorter words are misread too often. */
const shortestWord = 4;
/** Share of the sure words of a page that may lack on the other: they were misread or fell into a fold. */
const strangersShare = 0.01;

/** A page as the comparison needs it. */
export type ComparedPage = Pick<RecognisedPage, 'words' | 'fingerprint'>;

/**
 * Whether two pages are scans of one sheet: alike from afar, and of the words that were surely read on either
 * hardly one lacks on the other. Two forms filled in by two people look alike and differ in names and numbers.
 */
export function isSamePage(one: ComparedPage, other: ComparedPage): boolean {
  if (one.fingerprint === undefined || other.fingerprint === undefined) return false;
  if (distance(one.fingerprint, other.fingerprint) > mostBits) return false;
  const [ours, theirs] = [wordsOf(one), wordsOf(other)];
  if (Math.min(ours.letters, theirs.letters) < leastLetters) return false;
  return !hasStrangers(ours, theirs) && !hasStrangers(theirs, ours);
}

interface PageWords {
  letters: number;
  all: Set<string>;
  sure: string[];
}

function wordsOf({ words }: ComparedPage): PageWords {
  const plain = words.map(({ text, confidence }) => ({
    text: text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''),
    confidence,
  }));
  return {
    letters: plain.reduce((sum, { text }) => sum + text.length, 0),
    all: new Set(plain.map(({ text }) => text)),
    sure: plain
      .filter(({ text, confidence }) => confidence >= sure && text.length >= shortestWord)
      .map(({ text }) => text),
  };
}

function hasStrangers(ours: PageWords, { all }: PageWords): boolean {
  const known = [...all];
  const most = Math.max(1, Math.floor(ours.sure.length * strangersShare));
  let strangers = 0;
  for (const word of ours.sure)
    if (!all.has(word) && !known.some(each => isMisread(word, each)) && ++strangers > most) return true;
  return false;
}

/** Whether one word may be the other with a letter or two misread; a number with another digit is another number. */
function isMisread(word: string, other: string): boolean {
  if (Math.abs(word.length - other.length) > 1 || /\d/.test(word)) return false;
  return differences(word, other, Math.ceil(word.length / 4)) <= Math.ceil(word.length / 4);
}

/** Letters to change, put in or leave out (Levenshtein); whatever is more than `most` is `most + 1`. */
function differences(one: string, other: string, most: number): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let at = 1; at <= one.length; at++) {
    const next = [at];
    for (let to = 1; to <= other.length; to++)
      next.push(
        Math.min(
          (row[to] ?? 0) + 1,
          (next[to - 1] ?? 0) + 1,
          (row[to - 1] ?? 0) + Number(one[at - 1] !== other[to - 1]),
        ),
      );
    row = next;
    if (Math.min(...row) > most) return most + 1;
  }
  return row.at(-1) ?? 0;
}
