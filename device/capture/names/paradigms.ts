/** How Russian names are declined. Everything here is in lower case with ё written as е. */

export const genders = ['male', 'female'] as const;
export type Gender = (typeof genders)[number];
export const cases = [
  'nominative',
  'genitive',
  'dative',
  'accusative',
  'instrumental',
  'prepositional',
] as const;
export type Case = (typeof cases)[number];
export type NamePart = 'surname' | 'given' | 'patronymic';

interface Paradigm {
  parts: readonly NamePart[];
  genders: readonly Gender[];
  /** Tests the nominative. */
  is: RegExp;
  /** The nominative's ending, then genitive, dative, accusative, instrumental, prepositional; «|» parts variants. */
  endings: readonly [string, string, string, string, string, string];
}

const male = ['male'] as const;
const female = ['female'] as const;
const surname = ['surname'] as const;
const given = ['given'] as const;
const nouns = ['surname', 'given'] as const;
const patronymic = ['patronymic'] as const;

const row = (
  parts: readonly NamePart[],
  genders: readonly Gender[],
  is: RegExp,
  endings: Paradigm['endings'],
): Paradigm => ({ parts, genders, is, endings });

/**
 * «Яровой» may be of Ярова or of Яровая, «Ивановой» of Иванова alone: adjectives in -овая are few, and
 * these are the stems that surnames have.
 */
const oviAdjective =
  /(?:яр|бор|сад|дуб|луг|пол|степ|лоз|мост|берег|круг|верб|клен|сосн|берез|лип|терн|кош|рог|верх|гор|гай|рост|строг|снег|стеж|труб|ход|шток)[ое]вая$/;

/** The first one that fits a nominative is the usual one; those behind it are for reading forms back. */
const paradigms: readonly Paradigm[] = [
  row(patronymic, male, /ич$/, ['', 'а', 'у', 'а', 'ем', 'е']),
  row(patronymic, female, /(?:вн|ичн)а$/, ['а', 'ы', 'е', 'у', 'ой|ою', 'е']),

  // Possessive surnames: Иванов, Сергеев, Ильин, Синицын.
  row(surname, male, /(?:ов|ев|ин|ын)$/, ['', 'а', 'у', 'а', 'ым|ом', 'е']),
  row(surname, female, /(?:ов|ев|ин|ын)а$/, ['а', 'ой', 'ой', 'у', 'ой|ою', 'ой']),
  // Adjectives: Успенский, Белый, Толстой, Зимний, Рыжий.
  row(surname, male, /[гкх]ий$/, ['ий', 'ого', 'ому', 'ого', 'им', 'ом']),
  row(surname, male, /[нжчшщ]ий$/, ['ий', 'его', 'ему', 'его', 'им', 'ем']),
  row(surname, male, /[^гкх]ый$/, ['ый', 'ого', 'ому', 'ого', 'ым', 'ом']),
  // Of those in -ской and -цкой there are few; «Дроздецкому» is of Дроздецкий.
  row(surname, male, /(?:(?<![сц]к)|трубецк|донск|лугск|морск|шаховск|тверск|полевск|городск)ой$/, [
    'ой',
    'ого',
    'ому',
    'ого',
    'ым|им',
    'ом',
  ]),
  row(surname, female, /[жчшщ]ая$/, ['ая', 'ей', 'ей', 'ую', 'ей|ею', 'ей']),
  row(surname, female, /(?<!ов|ев|ин|ын)ая$/, ['ая', 'ой', 'ой', 'ую', 'ой|ою', 'ой']),
  row(surname, female, oviAdjective, ['ая', 'ой', 'ой', 'ую', 'ой|ою', 'ой']),
  row(surname, female, /яя$/, ['яя', 'ей', 'ей', 'юю', 'ей|ею', 'ей']),

  // Given names whose vowel goes away: Павел, Лев.
  row(given, male, /^павел$/, ['ел', 'ла', 'лу', 'ла', 'лом', 'ле']),
  row(given, male, /^лев$/, ['ев', 'ьва', 'ьву', 'ьва', 'ьвом', 'ьве']),
  row(given, female, /^любовь$/, ['ь', 'и', 'и', 'ь', 'ью', 'и']),

  // Nouns in -а and -я: Глинка, Заря; Анна, Никита, Мария, Илья.
  row(nouns, genders, /[гкхжчшщ]а$/, ['а', 'и', 'е', 'у', 'ой|ою|ей|ею', 'е']),
  row(nouns, genders, /ца$/, ['а', 'ы', 'е', 'у', 'ей|ею', 'е']),
  row(nouns, genders, /[^гкхжчшщц]а$/, ['а', 'ы', 'е', 'у', 'ой|ою', 'е']),
  row(nouns, genders, /ия$/, ['я', 'и', 'и', 'ю', 'ей|ею', 'и']),
  row(nouns, genders, /[^и]я$/, ['я', 'и', 'е', 'ю', 'ей|ею', 'е']),

  // Men in a consonant, -ь and -й: Ковальчук, Коваль, Гайдай; Антон, Игорь, Сергей, Юрий.
  row(nouns, male, /[жчшщц]$/, ['', 'а', 'у', 'а', 'ем', 'е']),
  row(nouns, male, /[бвгдзклмнпрстфх]$/, ['', 'а', 'у', 'а', 'ом', 'е']),
  row(nouns, male, /ь$/, ['ь', 'я', 'ю', 'я', 'ем', 'е']),
  row(nouns, male, /ий$/, ['й', 'я', 'ю', 'я', 'ем', 'и']),
  row(nouns, male, /[аеоуыя]й$/, ['й', 'я', 'ю', 'я', 'ем', 'е']),
  row(given, female, /ь$/, ['ь', 'и', 'и', 'ь', 'ью', 'и']),

  // Surnames whose vowel may go away in speech or in old papers: Кравец, Волчок.
  row(surname, male, /ец$/, ['ец', 'ца', 'цу', 'ца', 'цом|цем', 'це']),
  row(surname, male, /[бвгджзклмнпрстфхцчшщ]ок$/, ['ок', 'ка', 'ку', 'ка', 'ком', 'ке']),
];

/** Surnames that keep one form: in -о, -е, -и, -у, -ю, -ы, -ых, -их, foreign ones in -ия; women's in a consonant or -ь. */
const indeclinable: Record<Gender, RegExp> = {
  male: /(?:[оеиуюыэ]|[ыи]х)$/,
  female: /(?:[оеиуюыэ]|[бвгджзйклмнпрстфхцчшщ]|ь)$/,
};
/** Given names that keep one form: Али, Гюзель (also declined), women's in a consonant. */
const indeclinableGiven: Record<Gender, RegExp> = {
  male: /[оеиуюыэ]$/,
  female: /(?:[оеиуюыэ]|[бвгджзйклмнпрстфхцчшщ]|ь)$/,
};

/** Endings that only a declined surname has: «Примерову» is of Примеров, not of a foreign Примерову. */
export const declinedLook = /(?:(?:ов|ев|ин|ын)(?:у|ы|ым|е|ой|ою)|[ое]го|[ое]му|ой|[нжчшщ]ей|ую|юю)$/;

const keepsForm = (part: NamePart, gender: Gender, word: string) =>
  part === 'surname'
    ? indeclinable[gender].test(word) && !declinedLook.test(word)
    : part === 'given' && indeclinableGiven[gender].test(word);

/** The form of a nominative in a case; the first of its variants. A name that is not declined stays. */
export function decline(word: string, part: NamePart, gender: Gender, wanted: Case): string {
  const fit = paradigms.find(
    ({ parts, genders: whose, is }) => parts.includes(part) && whose.includes(gender) && is.test(word),
  );
  if (fit === undefined || (keepsForm(part, gender, word) && !fit.is.test(word))) return word;
  const [nominative] = fit.endings;
  const [ending = ''] = (fit.endings[cases.indexOf(wanted)] ?? '').split('|');
  return word.slice(0, word.length - nominative.length) + ending;
}

/** What a form may be: of which nominative, in which case, of a man or a woman. */
export interface Reading {
  nominative: string;
  gender: Gender;
  /** `any` for a name that is not declined. */
  case: Case | 'any';
}

/** Every reading of a form; the nominative itself is one of them. */
export function readForm(word: string, part: NamePart): Reading[] {
  const found: Reading[] = [];
  for (const { parts, genders: whose, is, endings } of paradigms) {
    if (!parts.includes(part)) continue;
    for (const [at, variants] of endings.entries())
      for (const ending of variants.split('|')) {
        if (!word.endsWith(ending)) continue;
        const nominative = word.slice(0, word.length - ending.length) + endings[0];
        if (nominative.length < 2 || !is.test(nominative)) continue;
        for (const gender of whose) found.push({ nominative, gender, case: cases[at] ?? 'nominative' });
      }
  }
  for (const gender of genders)
    if (keepsForm(part, gender, word)) found.push({ nominative: word, gender, case: 'any' });
  return found;
}
