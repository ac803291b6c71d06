import { nominativeOf, sameName } from '../names/same-name.ts';
import type { Finding } from './finding.ts';
import { findMachineReadable, findMachineReadableName } from './machine-readable.ts';

const name = '[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+)(?:-[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+))?';
const patronymic =
  '[А-ЯЁ][А-Яа-яЁё]*(?:ич(?:а|у|ем|е)?|(?:вн|ичн)(?:а|ы|е|у|ой|ою)|ИЧ(?:А|У|ЕМ|Е)?|(?:ВН|ИЧН)(?:А|Ы|Е|У|ОЙ|ОЮ))(?![А-Яа-яЁё])';
const three = `(?<name>${name}\\s+${name}\\s+(?:${patronymic}|${name}(?:\\s+(?:оглы|кызы|ОГЛЫ|КЫЗЫ))?))`;
/** Behind «выдан» an office may stand as well; a patronymic tells a person. */
const person = `(?<name>${name}\\s+${name}\\s+(?:${patronymic}|${name}\\s+(?:оглы|кызы|ОГЛЫ|КЫЗЫ)))`;

/** Three names in a row, known by the patronymic alone. */
const bare = new RegExp(`(?<name>(?<![А-Яа-яЁё])${name}\\s+${name}\\s+${patronymic})`, 'gu');

/** Words behind which a person's name stands, the most telling first; after «от» it is in the genitive. */
const cues: RegExp[] = [
  new RegExp(`(?:Ф\\.? ?И\\.? ?О\\.?|Фамилия,? имя,? отчество)[^\\n:]{0,40}?:?\\s+${three}`, 'gu'),
  new RegExp(`Заявител[ья](?: \\([^)\\n]{0,40}\\))?:?\\s+${three}`, 'gu'),
  new RegExp(
    `(?:Выдана?|выдана?|Гражданин|гражданин|Гражданка|гражданка|[Нн]астоящая справка выдана)(?: гр\\.| \\(ке\\)| \\(на\\)| в том, что)?:?\\s+${person}`,
    'gu',
  ),
  new RegExp(`(?<![А-Яа-яЁё])[Оо]т(?: гр\\.| гражданина| гражданки)?:?\\s+${three}`, 'gu'),
  bare,
];

/** «Фамилия Имя Отчество» of the person whom the document is about: the best find of the page. */
export function findPerson(text: string, asOf: Date): Finding[] {
  const spelled = fromForm(text);
  if (spelled !== undefined) return [spelled];
  // A passport names offices and places beside its holder; its lines for machines name the holder alone.
  const zone = findMachineReadable(text, asOf);
  if (zone.some(({ name: field }) => field === 'passport')) return findMachineReadableName(text);
  for (const cue of cues) {
    const [found] = namesBehind(cue, text);
    if (found !== undefined) return [inNominative(found, text)];
  }
  return [];
}

/**
 * An application says «от Примерова Теста» above and «Примеров Тест» beside the signature: the latter is the
 * name. Where the page has no nominative it is offered when it is certain, with what was read beside it.
 */
function inNominative(found: Finding, text: string): Finding {
  const plain = namesBehind(bare, text).find(
    other =>
      /(?:ич|на)$/u.test(other.value) &&
      (sameName(other.value, found.value) === 'same' || beginAlike(other.value, found.value)),
  );
  if (plain !== undefined) return plain;
  const nominative = nominativeOf(found.value);
  return nominative === undefined ? found : { ...found, value: nominative, read: found.value };
}

/**
 * Two names of one page, of one gender, whose words differ in their endings only; a given name nobody knows may
 * drop a vowel («Вымысел», «Вымысла»).
 */
function beginAlike(one: string, other: string): boolean {
  const [ones, others] = [one.split(' '), other.split(' ')];
  const isOfWoman = (text: string) => /(?:вн|ичн)[аыеуо][йю]?$/u.test(text);
  return (
    ones.length === others.length &&
    isOfWoman(one) === isOfWoman(other) &&
    ones.every((word, at) => others[at]?.startsWith(word.slice(0, Math.max(3, word.length - 3))))
  );
}

function namesBehind(cue: RegExp, text: string): Finding[] {
  return [...text.matchAll(cue)].flatMap(match => {
    const found = match.groups?.name;
    if (found === undefined || heading.test(found)) return [];
    const start = match.index + match[0].lastIndexOf(found);
    const value = capitalised(found);
    return [{ name: 'full-name', value, check: 'none', start, end: start + found.length } as const];
  });
}

/** Words of letterheads and labels that look like three names in a row. */
const heading =
  /МИНИСТЕРСТВ|УПРАВЛЕНИ|ОТДЕЛЕНИ|ФОНД|СЛУЖБ|РОССИЙСК|ФЕДЕРАЦИ|СВИДЕТЕЛЬСТВ|СПРАВК|ДОГОВОР|ЗАЯВЛЕНИ|ГОРОД|ОБЛАСТ|(?<!\p{L})ОТДЕЛ|ВНУТРЕНН|(?<!\p{L})(?:ИМЯ|ФАМИЛИЯ|ОТЧЕСТВО)(?!\p{L})/iu;

/** Between a label and the next one: what stands in brackets, the number of a line, dust. */
const gap = '[^\\p{Lu}]{0,24}?';
/** A form with «Фамилия», «Имя» and «Отчество», each before its value. */
const form = new RegExp(
  `[Фф]амилия${gap}(?<family>${name})${gap}[Ии]мя${gap}(?<given>${name})${gap}[Оо]тчество${gap}(?<patronymic>${name})(?![А-Яа-яЁё])`,
  'u',
);
/** A form with the labels in small letters under the values, as on certificates of birth. */
const captions = new RegExp(
  `(?<![А-Яа-яЁё])(?<family>${name})\\s+\\(?фамилия\\)?\\s+(?<given>${name})\\s+(?:\\(?имя\\)?\\s+)?(?<patronymic>${patronymic})\\s+\\(?(?:имя,? )?отчество`,
  'u',
);

function fromForm(text: string): Finding | undefined {
  const match = form.exec(text) ?? captions.exec(text);
  if (match?.groups === undefined) return undefined;
  const { family = '', given = '', patronymic: middle = '' } = match.groups;
  const value = capitalised(`${family} ${given} ${middle}`);
  return { name: 'full-name', value, check: 'none', start: match.index, end: match.index + match[0].length };
}

function capitalised(found: string): string {
  return found
    .replace(/\s+/g, ' ')
    .replace(/\p{L}+/gu, word =>
      /^(?:оглы|кызы)$/iu.test(word) ? word.toLowerCase() : word.slice(0, 1) + word.slice(1).toLowerCase(),
    );
}
