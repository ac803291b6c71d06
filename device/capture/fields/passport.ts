import { dash, digitLike, readDigits } from './digits.ts';
import { type Built, before, type Finding, findAll } from './finding.ts';
import type { Above } from './page-text.ts';

const number = new RegExp(
  `(?<![\\p{L}\\d])${digitLike}{2} ?${digitLike}{2}(?: ?${dash} ?|[ ,]*)\\n?(?:№|N|номер)?[ :]*\\n?${digitLike}{3} ?${digitLike}{3}(?![\\p{L}\\d])`,
  'giu',
);
/** The red number beside the edge, when the engine turned it and put its pieces on lines of their own. */
const vertical = /(?<=^|\n)(?:\d{2}\s\d{2}\s\d{6}|\d(?:\n\d){9})(?=\n|$)/g;
const code = new RegExp(`(?<![\\d-])\\d{3} ?${dash} ?\\d{3}(?![\\d-])`, 'gu');

/** Other things have codes too. Between the label and the code the date of issue may stand; a stamp has the office alone before it. */
const departmentLabel =
  /(?:(?<![\p{L}-])код(?:[:\s]*|\s+под(?!тв)[^\d]{0,32})|к ?[/.] ?п\.?[:\s]*)$|подразделени[ея],?\s*\d\d\.\d\d\.\d{4},?\s*$|(?:ФМС|МВД|ОВМ|УВМ|ОВД|УВД)(?:(?!тел)[^\d\n]){0,40}$/iu;

/** Vehicles and buildings have passports too. */
const word = 'паспорт(?!\\p{L}*\\s+(?:[тt][сc](?!\\p{L})|трансп|объект|издел|сделк|качеств))';
const label = new RegExp(`(?:${word}|сери[яию])(?:(?!тел|факс)[^\\d])*$`, 'iu');
/** A policy's or a certificate's series has letters, a passport's never. */
const lettered = /(?:сери[яию]|СЕРИ[ЯИЮ])[:\s]+(?!И )[A-ZА-ЯЁ]{1,4}[\s№N-]*$/u;
const someLabel = new RegExp(`${word}|код подразделения|личный код`, 'iu');

/** `4510 123456` of a Russian passport; it carries no check digit but in the machine-readable lines. */
function passport(found: string, startsWithSeries: boolean): Built | undefined {
  const { digits, mended } = readDigits(found.replace(/№|N|номер/iu, '')) ?? {};
  if (digits?.length !== 10 || !startsWithSeries) return undefined;
  const value = `${digits.slice(0, 4)} ${digits.slice(4)}`;
  return { name: 'passport', value, check: 'none', ...(mended && { read: found }) };
}

/** Series and number where the page says passport or series, the vertical red number, and the department's code. */
export function findPassport(text: string, _asOf: Date, above: Above): Finding[] {
  /** Whether the number has the label before it, on its line and the one before, or over it. */
  const isLabelled = ({ index, 0: found }: RegExpExecArray, wanted: RegExp) =>
    [before(text, index, 60), above(index, index + found.length)].some(
      words => wanted.test(words) && !lettered.test(words),
    );
  const printed = findAll(text, number, match => passport(match[0], isLabelled(match, label)));
  const onPassport = someLabel.test(text);
  const red = findAll(text, vertical, match => passport(match[0], onPassport));
  const codes = findAll(text, code, match =>
    isLabelled(match, departmentLabel)
      ? { name: 'department-code', value: match[0].replace(new RegExp(` ?${dash} ?`), '-'), check: 'none' }
      : undefined,
  );
  return [...printed, ...red, ...codes];
}
