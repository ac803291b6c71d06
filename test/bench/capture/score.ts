import { findFields } from '../../../device/capture/fields.ts';
import type { Word } from '../../../device/capture/recognised.ts';
import { characterErrorRate, plainText } from '../../fixtures/character-errors.ts';
import type { TruePage } from './pages.ts';

/** What an engine read on one page. */
export interface ReadText {
  text: string;
  /** With the places of the words, when the engine tells them; else the text is cut into words. */
  pages?: { words: Word[] }[];
}

/** Rates 0–1. Precision is NaN when nothing was found, recall when nothing was there. */
export interface Score {
  /** Character errors over all pages, weighted by their length. */
  cer: number;
  /** Share of the words of the truth that were not read, in whatever order: fair to tables and columns. */
  wer: number;
  fieldPrecision: number;
  fieldRecall: number;
}

export function scoreOf(pages: readonly TruePage[], read: readonly ReadText[]): Score {
  let [errors, characters, lost, words] = [0, 0, 0, 0];
  let [right, found, there] = [0, 0, 0];
  for (const [index, page] of pages.entries()) {
    const { text, pages: placed } = read[index] ?? { text: '' };
    const truth = plainText(page.text);
    if (truth.length > 0) {
      errors += characterErrorRate(page.text, text) * truth.length;
      characters += truth.length;
      lost += lostWords(truth, plainText(text));
      words += truth.split(' ').length;
    } else errors += plainText(text).length;
    const values = findFields(placed ?? [{ words: wordsOf(text) }], new Date()).map(field => {
      const name = field.name.replace(/\.\d+$/, '');
      return { name, value: plainValue(name, field.value) };
    });
    for (const [name, expected] of Object.entries(page.fields)) {
      const those = values.filter(field => field.name === name);
      found += those.length;
      there += expected.length;
      right += expected.filter(value => those.some(field => field.value === plainValue(name, value))).length;
    }
  }
  return {
    cer: errors / characters,
    wer: lost / words,
    fieldPrecision: right / found,
    fieldRecall: right / there,
  };
}

/**
 * A value without its spelling: letters and digits alone. «350000», «350 000,00» and «350000.00» are one sum;
 * of an address the order of its parts and the words for their kinds («ул.», «улица») are spelling too.
 */
export function plainValue(name: string, value: string): string {
  const folded = value.toLowerCase().replaceAll('ё', 'е');
  if (name === 'amount') return String(Number(folded.replace(/[^\d.,]/g, '').replace(',', '.')));
  if (name !== 'address') return plain(folded);
  const parts = folded.split(',').map(part => plain(part.replace(kindsOfPlaces, ' ')));
  return parts.filter(Boolean).toSorted().join(',');
}

const plain = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');

const kindsOfPlaces =
  /(?<!\p{L})(?:рф|россия|российская федерация|край|область|обл|республика|респ|район|р-н|город|гор|г|пос[её]лок|пос|пгт|п|село|с|деревня|дер|улица|ул|проспект|пр-кт|пр-т|бульвар|бул|б-р|переулок|пер|проезд|пр-д|набережная|наб|шоссе|ш|площадь|пл|тупик|туп|микрорайон|мкр|дом|д|владение|вл|участок|уч|корпус|корп|к|строение|стр|литера|лит|квартира|кв|комната|комн|ком|офис|оф|с\/с|сельсовет)(?!\p{L})\.?/gu;

function lostWords(truth: string, read: string): number {
  const left = new Map<string, number>();
  for (const word of read.split(' ')) left.set(word, (left.get(word) ?? 0) + 1);
  return truth.split(' ').filter(word => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count <= 0;
  }).length;
}

/** Words without a place, lines as they stand in the text. */
function wordsOf(text: string): Word[] {
  return text.split('\n').flatMap((row, line) =>
    row
      .split(/\s+/)
      .filter(Boolean)
      .map(word => ({ text: word, confidence: 90, line, box: { x: 0, y: 0, width: 0, height: 0 } })),
  );
}
