import type { Finding } from './finding.ts';

const name = '[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+)(?:-[А-ЯЁ](?:[а-яё]+|[А-ЯЁ]+))?';
const patronymic =
  '[А-ЯЁ][А-Яа-яЁё]*(?:вич|вна|ична|вича|вне|вны|вной|вичу|вичем|ВИЧ|ВНА|ИЧНА|ВИЧА|ВНЫ)(?![А-Яа-яЁё])';
const three = `(?<name>${name}\\s+${name}\\s+(?:${patronymic}|${name}(?:\\s+(?:оглы|кызы))?))`;

/** Three names in a row, known by the patronymic alone. */
const bare = new RegExp(`(?<name>(?<![А-Яа-яЁё])${name}\\s+${name}\\s+${patronymic})`, 'gu');

/**
 * Words behind which a person's name stands, the most telling first: a name in the nominative is worth more
 * than one after «от», which is in the genitive and cannot be turned back with certainty.
 */
const cues: RegExp[] = [
  new RegExp(`(?:Ф\\.? ?И\\.? ?О\\.?|Фамилия,? имя,? отчество)[^\\n:]{0,40}?:?\\s+${three}`, 'gu'),
  new RegExp(`Заявител[ья](?: \\([^)\\n]{0,40}\\))?:?\\s+${three}`, 'gu'),
  new RegExp(
    `(?:Выдана?|выдана?|Гражданин|гражданин|Гражданка|гражданка|[Нн]астоящая справка выдана)(?: гр\\.| \\(ке\\)| \\(на\\)| в том, что)?:?\\s+${three}`,
    'gu',
  ),
  new RegExp(`(?<![А-Яа-яЁё])[Оо]т(?: гр\\.| гражданина| гражданки)?:?\\s+${three}`, 'gu'),
  bare,
];

/** «Фамилия Имя Отчество» of the person whom the document is about: the best find of the page. */
export function findPerson(text: string): Finding[] {
  const spelled = fromForm(text);
  if (spelled !== undefined) return [spelled];
  for (const cue of cues) {
    const found = namesBehind(cue, text)[0];
    if (found !== undefined) return [nominative(found, text)];
  }
  return [];
}

/** An application says «от Примерова Теста» above and «Примеров Тест» beside the signature: the latter is the name. */
function nominative(found: Finding, text: string): Finding {
  const stems = (finding: Finding) =>
    finding.value.split(' ').map(word => word.slice(0, Math.max(3, word.length - 3)));
  const plain = namesBehind(bare, text).filter(other => /(?:вич|вна|ична)$/u.test(other.value));
  return (
    plain.find(other => stems(other).every((stem, at) => found.value.split(' ')[at]?.startsWith(stem))) ??
    found
  );
}

function namesBehind(cue: RegExp, text: string): Finding[] {
  return [...text.matchAll(cue)].flatMap(match => {
    const found = match.groups?.name;
    if (found === undefined || heading.test(found)) return [];
    const start = match.index + match[0].lastIndexOf(found);
    return [
      {
        name: 'full-name',
        value: capitalised(found),
        check: 'none',
        start,
        end: start + found.length,
      } as const,
    ];
  });
}

/** Words of letterheads that look like three names in a row. */
const heading =
  /МИНИСТЕРСТВ|УПРАВЛЕНИ|ОТДЕЛЕНИ|ФОНД|СЛУЖБ|РОССИЙСК|ФЕДЕРАЦИ|СВИДЕТЕЛЬСТВ|СПРАВК|ДОГОВОР|ЗАЯВЛЕНИ|ГОРОД|ОБЛАСТ/iu;

/** A form with «Фамилия», «Имя» and «Отчество» on lines of their own. */
function fromForm(text: string): Finding | undefined {
  const form = new RegExp(
    `Фамилия:?\\s+(?<family>${name})\\s+Имя:?\\s+(?<given>${name})\\s+Отчество:?\\s+(?<patronymic>${name})`,
    'u',
  );
  const match = form.exec(text);
  if (match?.groups === undefined) return undefined;
  const { family = '', given = '', patronymic: middle = '' } = match.groups;
  const value = capitalised(`${family} ${given} ${middle}`);
  return { name: 'full-name', value, check: 'none', start: match.index, end: match.index + match[0].length };
}

function capitalised(found: string): string {
  return found
    .split(/\s+/)
    .map(word =>
      word
        .split('-')
        .map(part => part.slice(0, 1) + part.slice(1).toLowerCase())
        .join('-'),
    )
    .join(' ');
}

/** An address goes on over line ends until a line that begins something else. */
export function findAddresses(text: string): Finding[] {
  const cue =
    /(?:Адрес|адрес|Место жительства|проживающ\p{L}{2,3} по адресу|зарегистрирован\p{L}{0,3} по адресу)[^:\n\d]{0,50}:\s*/gu;
  return [...text.matchAll(cue)].slice(0, 3).flatMap(match => {
    const start = match.index + match[0].length;
    const lines = text.slice(start).split('\n').slice(0, 3);
    const next = lines.findIndex((line, at) => at > 0 && !continues(lines[at - 1] ?? '', line));
    const value = lines.slice(0, next === -1 ? undefined : next).join('\n');
    if (value.length < 10) return [];
    return [
      {
        name: 'address',
        value: value.replace(/\s+/g, ' ').slice(0, 300),
        check: 'none',
        start,
        end: start + value.length,
      } as const,
    ];
  });
}

function continues(line: string, next: string): boolean {
  return /[,-]$/.test(line.trim()) || /^(?:д|дом|кв|ул|корп|стр|г)\.? /iu.test(next.trim());
}
