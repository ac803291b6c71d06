import { isGivenName } from './given-names.ts';
import { type Case, declinedLook, type Gender, genders, type Reading, readForm } from './paradigms.ts';

/** A full name as it may be meant: every part in the nominative, lower case, ё as е. */
export interface NameReading {
  gender: Gender;
  case: Case | 'any';
  surname: string;
  given: string;
  patronymic: string | undefined;
}

/** The words of a name in the order surname, given, patronymic, as they stand. */
interface NameWords {
  surname: string;
  given: string;
  patronymic: string | undefined;
  /** Turkic «оглы» or «кызы» behind the patronymic, which then is not declined. */
  suffix: 'оглы' | 'кызы' | undefined;
}

const patronymicForm = /(?:ич(?:а|у|ем|е)?|(?:вн|ичн)(?:а|ы|е|у|ой|ою))$/;

/** Lower case, ё as е, one kind of dash. */
export function foldName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/\s*[-‐-―−]\s*/g, '-')
    .replace(/[.,]+$/, '');
}

function split(text: string): NameWords | undefined {
  const words = foldName(text).split(/\s+/);
  const last = words.at(-1);
  const suffix =
    last === 'оглы' || last === 'огли' ? 'оглы' : last === 'кызы' || last === 'кизи' ? 'кызы' : undefined;
  if (suffix !== undefined) words.pop();
  const [one, two, three] = words;
  if (one === undefined || two === undefined || words.length > 3) return undefined;
  // «Пётр Сергеевич Иванов»: the patronymic in the middle. A surname may look like one («Абрамович»), so last first.
  if (three !== undefined && suffix === undefined && !patronymicForm.test(three) && patronymicForm.test(two))
    return { surname: three, given: one, patronymic: two, suffix };
  return { surname: one, given: two, patronymic: three, suffix };
}

/** Double surnames and given names are declined in both halves, or in the second alone. */
function readDouble(word: string, part: 'surname' | 'given'): Reading[] {
  const halves = word.split('-');
  const [first, second] = halves;
  if (halves.length !== 2 || !first || !second) return readForm(word, part);
  const firsts = readForm(first, part);
  if (!declinedLook.test(first)) firsts.push(...genders.map(unchanged(first)));
  return readForm(second, part).flatMap(ending =>
    firsts
      .filter(start => start.gender === ending.gender && agree(start.case, ending.case))
      .map(start => ({ ...ending, nominative: `${start.nominative}-${ending.nominative}` })),
  );
}

const unchanged =
  (word: string) =>
  (gender: Gender): Reading => ({ nominative: word, gender, case: 'any' });

const agree = (one: Case | 'any', other: Case | 'any') => one === 'any' || other === 'any' || one === other;

/** A list of known names decides where it can: «Петра» is a man's genitive and no woman. */
function readGiven(word: string): Reading[] {
  const all = readDouble(word, 'given');
  const known = all.filter(({ nominative, gender }) =>
    nominative.split('-').every(half => isGivenName(half, gender)),
  );
  return known.length > 0 ? known : all;
}

function readPatronymic({ patronymic, suffix }: NameWords): Reading[] {
  if (patronymic === undefined) return genders.map(unchanged(''));
  if (suffix !== undefined)
    return [unchanged(`${patronymic} ${suffix}`)(suffix === 'оглы' ? 'male' : 'female')];
  const read = readForm(patronymic, 'patronymic');
  // «Ахмедович» has rules; a foreign one («Хуан Карлос») is taken as it stands.
  return read.length > 0 ? read : genders.map(unchanged(patronymic));
}

/** Everything that a full name in any case may mean; all its parts agree in case and gender. */
export function readName(text: string): NameReading[] {
  const words = split(text);
  if (words === undefined) return [];
  const surnames = readDouble(words.surname, 'surname');
  const givens = readGiven(words.given);
  const found = new Map<string, NameReading>();
  for (const middle of readPatronymic(words))
    for (const given of givens)
      for (const surname of surnames) {
        if (given.gender !== middle.gender || surname.gender !== given.gender) continue;
        const parts = [surname.case, given.case, middle.case];
        const declined = parts.find(part => part !== 'any') ?? 'any';
        if (!parts.every(part => agree(part, declined))) continue;
        const reading: NameReading = {
          ...{ gender: given.gender, case: declined },
          ...{ surname: surname.nominative, given: given.nominative },
          patronymic: middle.nominative === '' ? undefined : middle.nominative,
        };
        found.set(Object.values(reading).join(' '), reading);
      }
  return [...found.values()];
}

/**
 * The nominative as it is printed: «Иванова-Петрова Анна Сергеевна». Where the name that was read has a ё it
 * keeps it; none is added, since papers are free to write «Петр».
 */
export function printName(reading: NameReading, read: string): string {
  const words = read.split(/\s+/);
  return [reading.surname, reading.given, reading.patronymic]
    .filter(part => part !== undefined)
    .map(part => {
      const word = words.find(other => foldName(other).startsWith(part.slice(0, 2))) ?? '';
      const spelled = [...part].map((letter, at) =>
        letter === 'е' && /ё/i.test(word[at] ?? '') ? 'ё' : letter,
      );
      return spelled.join('').replace(/(^|-)(\p{L})/gu, capital);
    })
    .join(' ');
}

const capital = (_: string, start: string, letter: string) => start + letter.toUpperCase();
