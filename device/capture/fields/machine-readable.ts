import type { FieldName } from '../../../protocol/field-titles.ts';
import { formatDay, judge } from './dates.ts';
import type { Check, Finding } from './finding.ts';
import { type MrzPart, type MrzZone, readZone } from './mrz/read-zone.ts';
import { toRussian } from './mrz/russian-letters.ts';

/** Numbers and dates of the machine-readable zone of a passport, identity card or visa. */
export function findMachineReadable(text: string, asOf: Date): Finding[] {
  const zone = readZone(text);
  if (zone === undefined) return [];
  const { number, birth, expiry, personal } = zone.parts;
  return [
    ...day('birth-date', birth, pastYear),
    ...day('valid-until', expiry, short => 2000 + short),
    ...(zone.format === 'pnrus' ? internalPassport(number, personal) : travelDocument(number, zone)),
  ];

  function day(name: FieldName, part: MrzPart | undefined, year: (short: number) => number): Finding[] {
    const digits = /^(\d\d)(\d\d)(\d\d)$/.exec(part?.value ?? '');
    if (part === undefined || digits === null) return [];
    const [full, month, date] = [year(Number(digits[1])), Number(digits[2]), Number(digits[3])];
    const impossible = judge(name, full, month, date, asOf) === 'failed';
    return [found(name, formatDay(full, month, date), part, impossible ? 'failed' : part.check)];
  }

  /** Two digits of a year that has been. */
  function pastYear(short: number): number {
    return 2000 + short > asOf.getUTCFullYear() ? 1900 + short : 2000 + short;
  }

  /** The series' last digit stands apart, before the date of issue and the department. */
  function internalPassport(head: MrzPart | undefined, rest: MrzPart | undefined): Finding[] {
    if (head === undefined || rest === undefined) return [];
    const both: Check = head.check === 'passed' && rest.check === 'passed' ? 'passed' : 'failed';
    const value = `${head.value.slice(0, 3)}${rest.value.slice(0, 1)} ${head.value.slice(3)}`;
    const read = head.read !== undefined || rest.read !== undefined;
    const part = (from: number, to: number) => ({
      ...rest,
      ...{ value: rest.value.slice(from, to), start: rest.start + from, end: rest.start + to },
    });
    const department = `${rest.value.slice(7, 10)}-${rest.value.slice(10, 13)}`;
    return [
      {
        ...found('passport', value, head, both),
        ...(read && { read: `${head.read ?? head.value} ${rest.read ?? rest.value}` }),
      },
      ...day('issue-date', part(1, 7), pastYear),
      ...(/^\d{3}-\d{3}$/.test(department) ? [found('department-code', department, part(7, 13))] : []),
    ];
  }
}

/** The name of the machine-readable zone: in Russian letters from an internal passport, else in Latin ones. */
export function findMachineReadableName(text: string): Finding[] {
  const zone = readZone(text);
  if (zone?.name === undefined) return findLatinName(text);
  // Behind a run of fillers comes nothing but what the engine made of further fillers.
  const [line = ''] = zone.name.value.split('<<<');
  const [surname = '', given = ''] = line.split('<<');
  const name = `${surname} ${given}`.replaceAll('<', ' ').replace(/\s+/g, ' ').trim();
  if (name.length < 3) return [];
  // Only the internal passport writes letters as digits: elsewhere the line was misread.
  if (zone.format !== 'pnrus' && /\d/.test(name)) return findLatinName(text);
  if (zone.format !== 'pnrus') return [found('latin-name', name, zone.name)];
  // Parts of a double surname stand with the filler between them, as names do; hyphens cannot be told from it.
  const russian = toRussian(`${surname.replaceAll('<', '-')} ${given.replaceAll('<', ' ')}`.trim());
  const finding = found('full-name', russian.name, zone.name);
  return [russian.mended ? { ...finding, read: name } : finding];
}

/** Captions of travel documents, each over its value: the Russian spelling, if any, stands before the Latin one. */
const surname = /[Ss]urname[^\n]*\n[^\nA-Z]*(?<value>[A-Z]{2,}(?:[- ][A-Z]{2,})?)(?=\n|$)/u;
const given = /[Gg]iven [Nn]ames?[^\n]*\n[^\nA-Z]*(?<value>[A-Z]{2,}(?:[- ][A-Z]{2,})?)(?=\n|$)/u;

/** The Latin name in print, where the machine-readable lines were not read. */
function findLatinName(text: string): Finding[] {
  const family = surname.exec(text)?.groups?.value;
  const found = given.exec(text);
  const own = found?.groups?.value;
  if (family === undefined || found === null || own === undefined) return [];
  // The place of the given name: the surname lies between the parts of the Russian one.
  const end = found.index + found[0].length;
  return [{ name: 'latin-name', value: `${family} ${own}`, check: 'none', start: end - own.length, end }];
}

function travelDocument(number: MrzPart | undefined, { nationality }: MrzZone): Finding[] {
  if (number === undefined) return [];
  const citizen = /^[A-Z]{1,3}$/.test(nationality.value);
  return [
    found('travel-document', number.value.replaceAll('<', ''), number),
    ...(citizen ? [found('citizenship', nationality.value, nationality)] : []),
  ];
}

function found(name: FieldName, value: string, part: MrzPart, check: Check = part.check): Finding {
  const { start, end, read } = part;
  return { name, value, check, ...(read !== undefined && { read }), start, end };
}
