import type { Finding } from './finding.ts';
import { capitalised, endsAsPatronymic, hasKnownGiven, heading, name, patronymic } from './name-words.ts';

/** Between a label and its value: its English twin, in whatever letters it was read, what stands in brackets, the number of a line, dust. */
const gap = '(?: ?/ ?\\p{L}[\\p{L} ]+\\n)?[^\\p{Lu}]{0,24}?';
/** Behind a value its Latin spelling may stand. */
const behind = '(?:\\s*[/|]?\\s*[A-Z-]{2,})?[^\\p{Lu}]{0,24}?';
/** «Фамилия» and «Имя» (or its English twin, where the small print was misread), each before its value; what is behind «Отчество» is looked at apart. */
const form = new RegExp(
  `[Фф]ам\\p{L}{4,5}${gap}(?<family>${name})${behind}(?:[Ии]мя|\\p{L}{2,4}(?= ?/ ?Given))(?<both>,? [Оо]тч\\p{L}{4,6})?${gap}(?<given>${name})(?<rest>[^]{0,90})`,
  'u',
);
/** A form with the labels in small letters under the values, as on certificates of birth. */
const captions = new RegExp(
  `(?<![А-Яа-яЁё])(?<family>${name})\\s+\\(?фамилия\\)?\\s+(?<given>${name})\\s+(?:\\(?имя\\)?\\s+)?(?<middle>${patronymic})\\s+\\(?(?:имя,? )?отчество`,
  'u',
);
/** Entries 1 and 2 of a driving licence, or the lines of a booklet without labels. */
const numbered = new RegExp(
  `(?:^|\\n)1[.)]+ ?(?<family>${name})[^\\n]{0,30}\\n(?:[^\\n]{0,40}\\n)?2[.)]+ ?(?<given>${name})\\s+(?<middle>${patronymic})`,
  'u',
);
const fatherLabel = /^[^\p{Lu}]{0,24}?[Оо]тч\p{L}{4,6}(?: ?\([^)\n]{0,30}\))?[\s:.]*/u;
const dashed = /^(?:[-–—_]|нет(?!\p{L})|отсутств)/iu;
const besideGiven = new RegExp(`^ ${patronymic}`, 'u');
const middleName = new RegExp(`^[^\\p{Lu}]{0,24}?(?<middle>${patronymic}|${name})`, 'u');

/** The name in a form that asks for its parts one by one; a patronymic may be missing. */
export function findNameInForm(text: string): Finding | undefined {
  const match = captions.exec(text) ?? numbered.exec(text);
  if (match?.groups !== undefined) {
    const { family = '', given = '', middle = '' } = match.groups;
    return finding(`${family} ${given} ${middle}`, match.index, match[0].length);
  }
  const asked = form.exec(text);
  if (asked?.groups === undefined) return undefined;
  const { family = '', given = '', both, rest = '' } = asked.groups;
  // A passport has the patronymic on the line of the given name, with no label of its own.
  const isBeside = both !== undefined || besideGiven.test(rest);
  const label = isBeside ? '' : fatherLabel.exec(rest)?.[0];
  if (label === undefined) return undefined;
  const value = rest.slice(label.length);
  const read = dashed.test(value) ? undefined : middleName.exec(value);
  const middle = read?.groups?.middle ?? '';
  const words = `${family} ${given}`;
  if (heading.test(words)) return undefined;
  const end = asked[0].length - rest.length;
  // What follows an empty line is the next label. Foreigners' second names end in anything; so do misread ones.
  if (endsAsPatronymic.test(middle) || (middle !== '' && !heading.test(middle) && hasKnownGiven(words)))
    return finding(`${words} ${middle}`, asked.index, end + label.length + (read?.[0].length ?? 0));
  return hasKnownGiven(words) ? finding(words, asked.index, end) : undefined;
}

function finding(words: string, start: number, length: number): Finding {
  return { name: 'full-name', value: capitalised(words), check: 'none', start, end: start + length };
}
