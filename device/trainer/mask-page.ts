import type { SamplePage } from '../../protocol/trainer.ts';
import { readZone } from '../capture/fields/mrz/read-zone.ts';
import { pageText } from '../capture/fields/page-text.ts';
import { findPerson } from '../capture/fields/people.ts';
import { isGivenName } from '../capture/names/given-names.ts';
import { genders, readForm } from '../capture/names/paradigms.ts';
import type { RecognisedPage, Word } from '../capture/recognised.ts';

/** What stands in a sample for every word of a name. */
const placeholder = 'Примеров';
/** A page of certificates and lists names some dozen people. */
const mostPeople = 60;
/** No birth is held against a day here. */
const noDay = new Date(0);
/** A name in another case keeps its beginning. */
const [leastStem, longestEnding] = [4, 3];

const patronymic = /^[а-яё]{2,}(?:вич(?:а|у|ем|е)?|(?:вн|ичн)(?:а|ы|е|у|ой|ою))$/;
const label = /^(?:фамили[яюи]|им[яею]|имени|отчеств[оау]|фио)$/;
const initials = /^[А-ЯЁ]\.(?:\s?[А-ЯЁ]\.)?,?$/u;
/** Lines of machine-readable zones, whose names are in Latin letters. */
const zoneWord = /<.*<|^P[NA]?RUS/;

/**
 * The page as a sample keeps it, since rules need neither digits nor names: digits are 0, words of names
 * «Примеров», lines of machine-readable zones are X. What an engine misread beyond a name stays; so do places.
 * `keep` are words of the rules, folded to lower case: a word of a form beside a name is no surname.
 */
export function maskPage(
  page: Pick<RecognisedPage, 'words' | 'width' | 'height'> & { hasPassportZone?: boolean },
  keep: ReadonlySet<string>,
): SamplePage {
  const { words, width, height } = page;
  const names = nameWords(words, keep);
  return {
    ...{ width, height },
    words: words.map((word, at) => {
      const { text, confidence, line, box } = word;
      const shown = zoneWord.test(text)
        ? text.replace(/\p{L}/gu, 'X')
        : names.has(at)
          ? asPlaceholder(text)
          : text;
      return {
        ...{ text: shown.replace(/\p{Nd}/gu, '0').slice(0, 200), confidence, line },
        box: { x: short(box.x), y: short(box.y), width: short(box.width), height: short(box.height) },
      };
    }),
    hasPassportZone: page.hasPassportZone ?? readZone(pageText({ words }).text)?.format === 'pnrus',
  };
}

/** A thousandth of the page is finer than any rule asks. */
const short = (fraction: number) => Math.round(fraction * 1000) / 1000;

function asPlaceholder(text: string): string {
  const letters = text.match(/\p{L}[\p{L}-]*/u)?.[0] ?? '';
  const isUpper = letters.length > 1 && letters === letters.toUpperCase();
  return text.replace(/\p{L}[\p{L}-]*/gu, isUpper ? placeholder.toUpperCase() : placeholder);
}

const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}-]/gu, '');

/** Indexes of the words that are, or stand beside, a person's names. */
function nameWords(words: readonly Word[], keep: ReadonlySet<string>): Set<number> {
  const plains = words.map(({ text }) => plain(text));
  // What was masked before says nothing about its neighbours: they were looked at then.
  const isPlaceholder = (at: number) => plains[at] === plain(placeholder);
  const isFree = (at: number) => {
    const word = plains[at] ?? '';
    return word.length > 1 && !keep.has(word) && !label.test(word) && !isPlaceholder(at);
  };
  const isCapital = (at: number) => /^[«"(]*\p{Lu}/u.test(words[at]?.text ?? '');
  const names = new Set(foundPeople(words).filter(isFree));
  for (const [at, word] of plains.entries()) {
    const isKnown = isCapital(at) && word.split('-').some(isGiven);
    if (isFree(at) && isKnown) names.add(at);
    // Before a patronymic stands a given name, known or not.
    if (isFree(at) && isCapital(at) && patronymic.test(word))
      for (const part of [at - 1, at]) if (isFree(part) && isCapital(part)) names.add(part);
    if (label.test(word) && isFree(at + 1) && isCapital(at + 1)) names.add(at + 1);
    if (initials.test(words[at]?.text ?? ''))
      for (const beside of [at - 1, at + 1])
        if (words[beside]?.line === words[at]?.line && isFree(beside) && isCapital(beside)) names.add(beside);
  }
  // A surname stands beside the other names, on their line or on one of its own.
  for (const at of [...names])
    for (const beside of [at - 2, at - 1, at + 1, at + 2])
      if (isFree(beside) && isCapital(beside) && looksLikeSurname(plains[beside] ?? '')) names.add(beside);
  // A given name that nobody knows stands between two others, or goes on with a capital where nothing parts them.
  const isName = (at: number) => names.has(at) || isPlaceholder(at);
  const goesOn = (at: number) =>
    words[at - 1]?.line === words[at]?.line &&
    /\p{L}$/u.test(words[at - 1]?.text ?? '') &&
    /\p{Ll}/u.test(words[at]?.text ?? '');
  const fillUp = () => {
    for (const at of plains.keys())
      if (isName(at - 1) && isFree(at) && isCapital(at) && (isName(at + 1) || goesOn(at))) names.add(at);
  };
  fillUp();
  // Elsewhere on the page the same names stand alone and in other cases.
  const stems = [...names].map(at => stemOf(plains[at] ?? '')).filter(stem => stem.length >= leastStem);
  for (const [at, word] of plains.entries())
    if (
      isFree(at) &&
      stems.some(stem => word.startsWith(stem) && word.length <= stem.length + 2 * longestEnding)
    )
      names.add(at);
  fillUp();
  return names;
}

const stemOf = (word: string) => word.slice(0, Math.max(leastStem, word.length - longestEnding));

function isGiven(word: string): boolean {
  return (
    word.length > 2 &&
    genders.some(
      gender =>
        isGivenName(word, gender) ||
        readForm(word, 'given').some(
          reading => reading.gender === gender && isGivenName(reading.nominative, gender),
        ),
    )
  );
}

function looksLikeSurname(word: string): boolean {
  return readForm(word, 'surname').some(({ nominative }) =>
    /(?:ов|ев|ин|ын|ский|цкий|ова|ева|ина|ына|ская|цкая|енко|чук|юк|ян|дзе|швили)$/.test(nominative),
  );
}

/** Words of every person whom the name finder finds, one after another. */
function foundPeople(words: readonly Word[]): number[] {
  const found = new Set<number>();
  const shown = [...words];
  for (let people = 0; people < mostPeople; people++) {
    const page = pageText({ words: shown });
    const person = findPerson(page.text, noDay)[0];
    if (person === undefined) break;
    const here = page.wordsAt(person.start, person.end);
    if (here.length === 0) break;
    for (const word of here) {
      const at = shown.indexOf(word);
      found.add(at);
      // Out of the way, so that the finder goes on to the next person.
      shown[at] = { ...word, text: '·' };
    }
  }
  return [...found];
}
