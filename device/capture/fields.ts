import type { FieldView } from '../../protocol/api.ts';
import type { Text } from '../../protocol/values.ts';
import { findDates } from './fields/dates.ts';
import type { FieldName, Finding } from './fields/finding.ts';
import { findAmounts, findDocumentNumbers, findInn, findPhones, findSnils } from './fields/numbers.ts';
import { boxAround, pageText } from './fields/page-text.ts';
import { findAddresses, findPerson } from './fields/people.ts';
import type { RecognisedPage } from './recognised.ts';

const titles: Record<FieldName, Text> = {
  'full-name': { ru: 'Фамилия, имя, отчество', en: 'Full name' },
  'birth-date': { ru: 'Дата рождения', en: 'Date of birth' },
  snils: { ru: 'СНИЛС', en: 'SNILS' },
  inn: { ru: 'ИНН', en: 'INN' },
  phone: { ru: 'Телефон', en: 'Telephone' },
  address: { ru: 'Адрес', en: 'Address' },
  date: { ru: 'Дата', en: 'Date' },
  number: { ru: 'Номер документа', en: 'Document number' },
  amount: { ru: 'Сумма', en: 'Amount' },
};

const finders = [
  findPerson,
  findSnils,
  findInn,
  findDates,
  findPhones,
  findAddresses,
  findDocumentNumbers,
  findAmounts,
];

/**
 * Fields of a document in the order of `titles`, each value once. Names are unique: a second date is
 * `date.2`. A number whose check digits disagree is kept with `check: 'failed'`, for the clerk to compare
 * with the paper; it never passes. Confidence is that of the weakest word, 0–100.
 */
export function findFields(pages: Pick<RecognisedPage, 'words'>[]): FieldView[] {
  const found = pages.flatMap((page, number) => {
    const { text, wordsAt } = pageText(page);
    return withoutOverlaps(finders.flatMap(find => find(text))).map(finding => {
      const words = wordsAt(finding.start, finding.end);
      const box = boxAround(words);
      return {
        finding,
        confidence: Math.min(100, ...words.map(word => word.confidence)),
        box: box === undefined ? null : { page: number, ...box },
      };
    });
  });
  const order = Object.keys(titles);
  const sorted = found.toSorted(
    (one, other) =>
      order.indexOf(one.finding.name) - order.indexOf(other.finding.name) ||
      // The twelve digits of a person before the ten of the organisation in the letterhead.
      (one.finding.name === 'inn' ? other.finding.value.length - one.finding.value.length : 0),
  );
  const seen = new Map<FieldName, Set<string>>();
  return sorted.flatMap(({ finding, confidence, box }) => {
    const { name, value, check } = finding;
    const values = seen.get(name) ?? new Set();
    seen.set(name, values);
    // A document is about one person; further names on later pages are witnesses and officials.
    if (values.has(value) || (name === 'full-name' && values.size > 0)) return [];
    const count = values.add(value).size;
    const title = titles[name];
    return [
      {
        name: count === 1 ? name : `${name}.${count}`,
        title: count === 1 ? title : { ru: `${title.ru} ${count}`, en: `${title.en} ${count}` },
        value,
        confidence,
        check,
        corrected: false,
        box,
      },
    ];
  });
}

/** Earlier finders win: the digits of a СНИЛС are no telephone. An address may hold anything. */
function withoutOverlaps(findings: Finding[]): Finding[] {
  const kept: Finding[] = [];
  for (const finding of findings) {
    const clash = kept.some(
      other => other.name !== 'address' && other.start < finding.end && other.end > finding.start,
    );
    if (!clash || finding.name === 'address') kept.push(finding);
  }
  return kept;
}
