import { nominativeOf, sameName } from '../names/same-name.ts';
import { withCyrillicTwins } from './cyrillic-twins.ts';
import type { Finding } from './finding.ts';
import { findMachineReadable, findMachineReadableName } from './machine-readable.ts';
import { findNameInForm } from './name-forms.ts';
import { capitalised, hasKnownGiven, heading, name, patronymic } from './name-words.ts';

/** A patronymic tells a person. */
const person = `(?<name>${name}\\s+${name}\\s+${patronymic})`;
/** Two names or three, of which `isPerson` judges. */
const any = `(?<name>${name}\\s+${name}(?:\\s+(?:${patronymic}|${name}))?)`;
const citizen =
  '(?:(?:гр\\.|гражданин\\p{L}{0,2}|гражданк\\p{L}{1,2})\\s*(?:РФ|России|Российской\\s+Федерации)?,?\\s*|ИП\\s+)?';

/** Three names in a row, known by the patronymic alone. */
const bare = new RegExp(`(?<![А-Яа-яЁё-])${person}`, 'gu');
/** In a narrow column the patronymic stands on the next line, behind the rest of the row. */
const wrapped = new RegExp(
  `(?<![А-Яа-яЁё-])(?<name>${name} ${name}) [^\\n]{0,80}?\\d[^\\n]{0,80}\\n(?<rest>${patronymic})(?=\\n|$)`,
  'gu',
);

/** Where a form asks for a name, also one without a patronymic is believed. */
const asked = new RegExp(
  `(?:Ф\\.? ?И\\.? ?О\\.?|Фамилия,? имя,? отчество)[^\\n:]{0,40}?(?:\\n?наличии\\))?:?\\s+${any}`,
  'gu',
);
/** Words behind which a person's name stands, the most telling first; after «от» it is in the genitive. */
const cues: RegExp[] = [
  asked,
  new RegExp(
    `(?:Заявител[ья]|Плательщик|Правообладател[ья]|Страхователь|Должник|Кому)(?: \\([^)\\n]{0,40}\\))?:?\\s+(?:\\d\\.)*\\s*${citizen}${any}`,
    'gu',
  ),
  new RegExp(`(?<![\\p{L}«])(?:Я|Мы),?(?:\\s+нижеподписавш\\p{L}+,?)?\\s+${citizen}${any}`, 'gu'),
  new RegExp(
    `(?:[Вв]ыдана?|[Дд]ана|[Гг]ражданин\\p{L}{0,2}|[Гг]ражданк\\p{L}{1,2}|[Нн]астоящая справка выдана)(?: гр\\.| \\(ке\\)| \\(на\\)| в том, что)?:?\\s+${person}`,
    'gu',
  ),
  new RegExp(`(?<![А-Яа-яЁё])[Оо]т(?: гр\\.| гражданина| гражданки)?:?\\s+${any}`, 'gu'),
  bare,
  wrapped,
  new RegExp(
    `(?:Собственник|Наниматель|Владелец|Получатель|Абонент|Клиент)\\p{L}?:?\\s+${citizen}${any}`,
    'gu',
  ),
];

/** «Фамилия Имя Отчество» of the person whom the document is about: the best find of the page. */
export function findPerson(printed: string, asOf: Date): Finding[] {
  const text = withCyrillicTwins(printed);
  const spelled = findNameInForm(text);
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
    const { name: words = '', rest } = match.groups ?? {};
    const found = personIn(words, cue === asked ? text.slice(match.index + match[0].length) : undefined);
    if (found === undefined) return [];
    const start =
      match.index + match[0].indexOf(words, rest === undefined ? match[0].length - words.length : 0);
    const value = capitalised(rest === undefined ? found : `${found} ${rest}`);
    return [{ name: 'full-name', value, check: 'none', start, end: start + found.length } as const];
  });
}

const withFather = new RegExp(`^\\S+\\s+\\S+\\s+${patronymic}$`, 'u');

/**
 * The part of some capitalised words that is a name: with a patronymic; surname and a given name that people
 * bear; or, where `next` says what follows, three words of which none is a label, as foreigners are called, with
 * nothing more on the line.
 */
function personIn(words: string, next: string | undefined): string | undefined {
  const parts = words.split(/\s+/);
  if (withFather.test(words)) return heading.test(words) ? undefined : words;
  const two = /^\S+\s+\S+/.exec(words)?.[0] ?? words;
  // A third word on the line that is neither patronymic nor label is a patronymic misread: half a name is a wrong one.
  const isCut = parts.length === 3 && !/\n\S+$/.test(words) && !heading.test(parts[2] ?? '');
  if (!isCut && !heading.test(two) && !two.includes('\n') && hasKnownGiven(two)) return two;
  const isAlone =
    next !== undefined &&
    parts.length === 3 &&
    !words.includes('\n') &&
    new Set(parts).size === 3 &&
    /^(?:[,;.)]|\s*(?:\n|$))/.test(next);
  return isAlone && !heading.test(words) ? words : undefined;
}
