import type { FieldView } from '../../protocol/api/documents.ts';
import { type FieldName, fieldNames, fieldTitles } from '../../protocol/field-titles.ts';
import { findAddresses } from './fields/addresses.ts';
import { findAmounts } from './fields/amounts.ts';
import { findBankDetails } from './fields/bank.ts';
import { findCadastralNumbers } from './fields/cadastral.ts';
import { findDates } from './fields/dates.ts';
import { findDocumentNumbers } from './fields/document-numbers.ts';
import type { Built, Finding } from './fields/finding.ts';
import { findInn } from './fields/inn.ts';
import { findMachineReadable, findMachineReadableName } from './fields/machine-readable.ts';
import { findOgrn } from './fields/ogrn.ts';
import { type Above, boxAround, pageText } from './fields/page-text.ts';
import { findPassport } from './fields/passport.ts';
import { readPaymentCode } from './fields/payment-code.ts';
import { findPerson } from './fields/people.ts';
import { findPhones } from './fields/phones.ts';
import { findSnils } from './fields/snils.ts';
import { findUin } from './fields/uin.ts';
import type { RecognisedPage } from './recognised.ts';

const finders: ((text: string, asOf: Date, above: Above) => Finding[])[] = [
  findMachineReadable,
  findPerson,
  findMachineReadableName,
  findSnils,
  findInn,
  findOgrn,
  findUin,
  findBankDetails,
  findCadastralNumbers,
  findPassport,
  findDates,
  findPhones,
  findAddresses,
  findDocumentNumbers,
  findAmounts,
];

interface Found {
  finding: Built;
  confidence: number;
  box: FieldView['box'];
}

/**
 * Fields of a document in the order of `fieldTitles`, each value once. Names are unique: a second date is
 * `date.2`. A number whose check digits disagree is kept with `check: 'failed'`, for the clerk to compare
 * with the paper; it never passes. Nothing is mended silently: `read` says what stood there. Confidence is
 * that of the weakest word, 0–100. `asOf` is the day against which births and issues are held.
 */
export function findFields(pages: Pick<RecognisedPage, 'words' | 'barcodes'>[], asOf: Date): FieldView[] {
  const found = pages.flatMap((page, number) => {
    const { text, wordsAt, above } = pageText(page);
    const printed = withoutOverlaps(finders.flatMap(find => find(text, asOf, above))).map(
      (finding): Found => {
        const words = wordsAt(finding.start, finding.end);
        const box = boxAround(words);
        return {
          finding,
          confidence: Math.min(100, ...words.map(word => word.confidence)),
          box: box === undefined ? null : { page: number, ...box },
        };
      },
    );
    const coded = (page.barcodes ?? []).flatMap(({ text: code, box }) =>
      readPaymentCode(code).map(
        (finding): Found => ({ finding, confidence: 100, box: { page: number, ...box } }),
      ),
    );
    // What a code says was not misread: its place comes before that of the same value in print.
    return [...coded, ...printed];
  });
  const sorted = found.toSorted(
    ({ finding: one }, { finding: other }) =>
      fieldNames.indexOf(one.name) - fieldNames.indexOf(other.name) ||
      // The twelve digits of a person before the ten of the organisation in the letterhead.
      (one.name === 'inn' ? other.value.length - one.value.length : 0),
  );
  // The same number in machine-readable lines is worth more than in print: there check digits prove it.
  const isProved = ({ name, value }: Built) =>
    found.some(
      ({ finding: other }) => other.name === name && other.value === value && other.check === 'passed',
    );
  const seen = new Map<FieldName, Set<string>>();
  return sorted.flatMap(({ finding, confidence, box }) => {
    const { name, value, read } = finding;
    const check = isProved(finding) ? 'passed' : finding.check;
    const values = seen.get(name) ?? new Set();
    seen.set(name, values);
    // A document is about one person; further names on later pages are witnesses and officials.
    if (values.has(value) || (name === 'full-name' && values.size > 0)) return [];
    const count = values.add(value).size;
    const title = fieldTitles[name];
    return [
      {
        name: count === 1 ? name : `${name}.${count}`,
        title: count === 1 ? title : { ru: `${title.ru} ${count}`, en: `${title.en} ${count}` },
        value,
        confidence,
        check,
        corrected: false,
        box,
        ...(read !== undefined && { read }),
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
