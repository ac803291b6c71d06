import type { FieldName } from '../../../protocol/field-titles.ts';
import { dash, digitRun, readDigits } from './digits.ts';
import { before, type Check, type Finding, findAll } from './finding.ts';
import type { Above } from './page-text.ts';

/** A number that counts only where the page names it: by chance one in ten would pass its check. */
export interface LabelledNumber {
  name: FieldName;
  /** Ends right before the number; 60 letters are looked at. */
  label: RegExp;
  /** How many digits it may have, the most first. */
  lengths: readonly number[];
  check: (digits: string) => Check;
}

/** No part of a word or a longer number; the engine may lose the space behind a label. */
const begins = '(?:(?<![\\p{L}\\d-])|(?<=(?<!\\p{L})(?:ОГРН|ОГРНИП|ИНН|БИК)))';

/** Numbers of given lengths behind or under their label; the length whose check digits agree wins. */
export function findLabelled(
  text: string,
  above: Above,
  { name, label, lengths, check }: LabelledNumber,
): Finding[] {
  const found = lengths.flatMap(length => {
    const expression = new RegExp(`${begins}${digitRun(length)}(?![\\p{L}\\d]|${dash}\\d)`, 'gu');
    return findAll(text, expression, match => {
      const read = readDigits(match[0]);
      if (read?.digits.length !== length) return undefined;
      const isLabelled =
        label.test(before(text, match.index, 60)) ||
        label.test(above(match.index, match.index + match[0].length));
      if (!isLabelled) return undefined;
      const { digits, mended } = read;
      return { name, value: digits, check: check(digits), ...(mended && { read: match[0] }) };
    });
  });
  return found.filter(
    one =>
      one.check === 'passed' ||
      !found.some(other => other !== one && other.check === 'passed' && other.start === one.start),
  );
}
