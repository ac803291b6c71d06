/** Russian numerals in words, cardinal and ordinal, in any case, gender and spelling of ё. */

const cardinals: [words: RegExp, value: number][] = [
  [/^(?:ноль|нуль)$/, 0],
  [/^(?:один|одна|одно|одного|одной|одну)$/, 1],
  [/^(?:два|две|двух)$/, 2],
  [/^(?:три|трех)$/, 3],
  [/^четыре(?:х)?$/, 4],
  [/^пят[ьи]$/, 5],
  [/^шест[ьи]$/, 6],
  [/^сем[ьи]$/, 7],
  [/^вос[ье]м[ьи]$/, 8],
  [/^девят[ьи]$/, 9],
  [/^десят[ьи]$/, 10],
  [/^одиннадцат[ьи]$/, 11],
  [/^двенадцат[ьи]$/, 12],
  [/^тринадцат[ьи]$/, 13],
  [/^четырнадцат[ьи]$/, 14],
  [/^пятнадцат[ьи]$/, 15],
  [/^шестнадцат[ьи]$/, 16],
  [/^семнадцат[ьи]$/, 17],
  [/^восемнадцат[ьи]$/, 18],
  [/^девятнадцат[ьи]$/, 19],
  [/^двадцат[ьи]$/, 20],
  [/^тридцат[ьи]$/, 30],
  [/^сорока?$/, 40],
  [/^пят[ьи]десяти?$/, 50],
  [/^шест[ьи]десяти?$/, 60],
  [/^сем[ьи]десяти?$/, 70],
  [/^вос[ье]м[ьи]десяти?$/, 80],
  [/^девяност[оа]$/, 90],
  [/^ст[оа]$/, 100],
  [/^дв(?:ести|ухсот)$/, 200],
  [/^тр(?:иста|ехсот)$/, 300],
  [/^четыре(?:ста|хсот)$/, 400],
  [/^пят[ьи]сот$/, 500],
  [/^шест[ьи]сот$/, 600],
  [/^сем[ьи]сот$/, 700],
  [/^вос[ье]м[ьи]сот$/, 800],
  [/^девят[ьи]сот$/, 900],
];

const scales: [words: RegExp, value: number][] = [
  [/^тысяч[аиу]?$/, 1000],
  [/^миллион(?:а|ов)?$/, 1_000_000],
  [/^миллиард(?:а|ов)?$/, 1_000_000_000],
];

const ordinalStems: [stem: string, value: number][] = [
  ...([
    ['перв', 1],
    ['втор', 2],
    ['трет', 3],
    ['четверт', 4],
    ['пят', 5],
    ['шест', 6],
    ['седьм', 7],
    ['восьм', 8],
    ['девят', 9],
    ['десят', 10],
    ['одиннадцат', 11],
    ['двенадцат', 12],
    ['тринадцат', 13],
    ['четырнадцат', 14],
    ['пятнадцат', 15],
    ['шестнадцат', 16],
    ['семнадцат', 17],
    ['восемнадцат', 18],
    ['девятнадцат', 19],
    ['двадцат', 20],
    ['тридцат', 30],
    ['сороков', 40],
    ['пятидесят', 50],
    ['шестидесят', 60],
    ['семидесят', 70],
    ['восьмидесят', 80],
    ['девяност', 90],
    ['сот', 100],
    ['двухсот', 200],
    ['девятисот', 900],
    ['тысячн', 1000],
    ['двухтысячн', 2000],
  ] as [string, number][]),
];
const ordinals = new Map(ordinalStems);
const ordinalEnding = /^(.*?)(?:ье|ье?го|ье?му|[оыи]й|ое|ого|ому|ом|ым)$/;

const folded = (word: string) => word.toLowerCase().replaceAll('ё', 'е');

function valueIn(table: readonly [RegExp, number][], word: string): number | undefined {
  return table.find(([words]) => words.test(word))?.[1];
}

/**
 * «сто восемьдесят семь тысяч двести пятнадцать» → 187215; undefined when a word is no numeral or words
 * do not fit behind each other («пять шесть»).
 */
export function readCardinal(words: readonly string[]): number | undefined {
  if (words.length === 0) return undefined;
  let total = 0;
  let group: number | undefined;
  let smallestScale = Number.POSITIVE_INFINITY;
  let room = 1000;
  for (const word of words.map(folded)) {
    const scale = valueIn(scales, word);
    if (scale !== undefined) {
      if (scale >= smallestScale) return undefined;
      total += (group ?? 1) * scale;
      smallestScale = scale;
      group = undefined;
      room = 1000;
      continue;
    }
    const value = valueIn(cardinals, word);
    if (value === undefined || value >= room) return undefined;
    group = (group ?? 0) + value;
    // After hundreds come tens, after tens units; after 10 to 19 nothing.
    room = value >= 100 ? 100 : value >= 20 ? 10 : 0;
  }
  return total + (group ?? 0);
}

/** «две тысячи двадцать шестого» → 2026, «двенадцатое» → 12: the last word ordinal, those before cardinal. */
export function readOrdinal(words: readonly string[]): number | undefined {
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const stem = ordinalEnding.exec(folded(last))?.[1];
  const unit = stem === undefined ? undefined : ordinals.get(stem);
  if (unit === undefined) return undefined;
  const earlier = words.slice(0, -1);
  if (earlier.length === 0) return unit;
  const base = readCardinal(earlier);
  // What stands before must leave room: «двадцать шестое», never «двадцать двадцатое».
  const step = unit >= 100 ? 1000 : unit >= 20 ? 100 : unit >= 10 ? 100 : 10;
  return base === undefined || base % step !== 0 ? undefined : base + unit;
}
