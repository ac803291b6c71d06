import { checkDigit } from './check-digit.ts';
import { type CheckedName, type MrzFormat, mrzFormats, type Place } from './formats.ts';
import { atLength, findMrzLines, type MrzLine } from './lines.ts';

export interface MrzPart {
  /** With the fillers. */
  value: string;
  /** What stood there, when letters and digits had to be told apart by the check digits. */
  read: string | undefined;
  check: 'passed' | 'failed' | 'none';
  start: number;
  end: number;
}

export interface MrzZone {
  format: MrzFormat['id'];
  /** Undefined when only the line with the numbers was found. */
  name: MrzPart | undefined;
  /** Two or three letters, without fillers. */
  nationality: MrzPart;
  parts: Partial<Record<CheckedName, MrzPart>>;
  /** How many check digits agree, the last one over everything included. */
  passed: number;
}

/** In a place for digits, the digit that a letter looks like. */
const digitOf: Record<string, string> = {
  ...{ O: '0', Q: '0', D: '0', I: '1', L: '1', Z: '2', S: '5', G: '6', B: '8' },
};
/**
 * Numbers that may hold letters too: O and I alone are doubted, since hardly an issuer uses them beside 0
 * and 1. With more letters, one wrong digit in ten would find a letter that makes the check digit agree.
 */
const doubtful: Record<string, string> = { O: '0', I: '1' };

/**
 * The machine-readable zone of a page: the reading in which the most check digits agree. At least two must,
 * three when the line with the name was not found; a page of figures is no zone.
 */
export function readZone(text: string): MrzZone | undefined {
  const lines = findMrzLines(text);
  let best: MrzZone | undefined;
  for (const format of mrzFormats)
    for (let first = 0; first < lines.length; first++)
      for (const zone of readings(format, lines.slice(first, first + format.lines)))
        if (zone.passed > (best?.passed ?? 0)) best = zone;
  return best ?? lines.flatMap(numbersAlone).find(zone => zone.passed >= 3);
}

function readings(format: MrzFormat, lines: MrzLine[]): MrzZone[] {
  if (lines.length < format.lines) return [];
  const [first] = lines;
  if (first === undefined || !format.begins.test(first.signs)) return [];
  return combine(lines.map(line => atLength(line, format.length)))
    .map(fitted => readAt(format, fitted))
    .filter(zone => zone.passed >= 2);
}

/**
 * Second lines that prove themselves when the first was misread: a Russian internal passport's with four
 * check digits, a travel document's with those of its number and both dates, a nationality and a sex beside them.
 */
function numbersAlone(line: MrzLine): MrzZone[] {
  return mrzFormats
    .filter(({ lines }) => lines === 2)
    .flatMap(format => {
      const none: MrzLine = { signs: '<'.repeat(format.length), offsets: Array(format.length).fill(0) };
      return atLength(line, format.length).flatMap(fitted => {
        const zone = readAt(format, [none, fitted]);
        const { number, birth, expiry, personal } = zone.parts;
        // A travel passport has an end; an internal one has a department instead.
        const isInternal =
          format.id === 'pnrus' &&
          zone.nationality.value === 'RUS' &&
          expiry?.check === 'none' &&
          personal?.check === 'passed';
        const isTravel =
          [number, birth, expiry].every(part => part?.check === 'passed') &&
          // The last check digit proves the line as well as letters of a nationality do, which has none of its own.
          (/^[A-Z]{1,3}$/.test(zone.nationality.value) || zone.passed >= 4) &&
          /^[MFX<]$/.test(fitted.signs[20] ?? '');
        return isInternal || (format.id !== 'pnrus' && isTravel) ? [{ ...zone, name: undefined }] : [];
      });
    });
}

/** Every choice of one reading per line. */
function combine(choices: MrzLine[][]): MrzLine[][] {
  return choices.reduce<MrzLine[][]>(
    (all, choice) => all.flatMap(lines => choice.map(line => [...lines, line])),
    [[]],
  );
}

function readAt(format: MrzFormat, lines: MrzLine[]): MrzZone {
  const signs = lines.map(line => [...line.signs]);
  const at = (place: Place) => (signs[place.line] ?? []).slice(place.from, place.to).join('');
  const put = ({ line, from }: Place, text: string) => signs[line]?.splice(from, text.length, ...text);
  const span = ({ line, from, to }: Place) => ({
    start: lines[line]?.offsets[from] ?? 0,
    end: (lines[line]?.offsets[to - 1] ?? 0) + 1,
  });

  const parts: MrzZone['parts'] = {};
  // What was mended goes back into the lines: the last check digit is held against it.
  for (const part of format.checked) {
    const read = at(part);
    const check = { line: part.line, from: part.to, to: part.to + 1 };
    put(check, asDigits(at(check)));
    const value = part.digitsOnly ? asDigits(read) : provedVariant(read, at(check));
    put(part, value);
    const result = judge(value, at(check));
    // Letters stay as they were read where no check digit proves the change.
    const kept = result === 'passed' ? value : read;
    parts[part.name] = { value: kept, read: kept === read ? undefined : read, check: result, ...span(part) };
  }
  const { composite } = format;
  const agrees =
    composite !== undefined && checkDigit(composite.over.map(at).join('')) === asDigits(at(composite.at));
  return {
    format: format.id,
    name: { value: at(format.name), read: undefined, check: 'none', ...span(format.name) },
    nationality: {
      value: at(format.nationality).replaceAll('0', 'O').replaceAll('<', ''),
      ...{ read: undefined, check: 'none' },
      ...span(format.nationality),
    },
    parts,
    passed: Object.values(parts).filter(({ check }) => check === 'passed').length + Number(agrees),
  };
}

/** An empty part may have no check digit, or that of nothing. */
function judge(value: string, digit: string): MrzPart['check'] {
  if (/^<*$/.test(value)) return digit === '<' || digit === '0' ? 'none' : 'failed';
  return checkDigit(value) === digit ? 'passed' : 'failed';
}

const asDigits = (text: string) => [...text].map(sign => digitOf[sign] ?? sign).join('');

/** What was read if it agrees, else the only way to take letters for digits in which the check digit agrees. */
function provedVariant(read: string, digit: string): string {
  if (judge(read, digit) !== 'failed') return read;
  const proved = variants(read).filter(variant => judge(variant, digit) === 'passed');
  const [only] = proved;
  return proved.length === 1 && only !== undefined ? only : read;
}

function variants(text: string): string[] {
  return [...text].reduce<string[]>(
    (all, sign) => {
      const digit = doubtful[sign];
      return all.flatMap(start => (digit === undefined ? [start + sign] : [start + sign, start + digit]));
    },
    [''],
  );
}
