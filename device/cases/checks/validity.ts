import { type DocumentWarning, documentWarning } from '../../../protocol/document-warnings.ts';
import { type CheckedDocument, isoDay, valuesOf } from './checked-document.ts';

/** Papers that end; in an application or a contract «действует до» is about something else. */
const ending = new Set([
  ...['passport', 'former-passport', 'power-of-attorney', 'certificate', 'medical-certificate'],
  ...['driving-licence', 'vehicle-registration'],
]);

/** A passport is replaced at these ages, and stays valid for this many days after the birthday (Government decree 2267 of 2023). */
const passportAges = [20, 45];
const passportGraceDays = 90;

/** The end that is printed, the age of a passport's holder, and how old the register lets a paper be. `today` is YYYY-MM-DD. */
export function checkValidity(document: CheckedDocument, today: string): DocumentWarning[] {
  return [
    ...(ending.has(document.kind) ? checkEnd(document, today) : []),
    ...(document.kind === 'passport' ? checkPassportAge(document, today) : []),
    ...checkFreshness(document, today),
  ];
}

function checkEnd(document: CheckedDocument, today: string): DocumentWarning[] {
  const [until] = valuesOf(document, 'valid-until');
  const day = isoDay(until);
  if (until === undefined || day === undefined || day >= today) return [];
  return [documentWarning('expired', [document.documentId], { title: document.title, day: until })];
}

function checkPassportAge(document: CheckedDocument, today: string): DocumentWarning[] {
  const born = isoDay(valuesOf(document, 'birth-date')[0]);
  const issued = isoDay(valuesOf(document, 'issue-date')[0]);
  if (born === undefined || issued === undefined) return [];
  for (const age of passportAges) {
    const birthday = `${Number(born.slice(0, 4)) + age}${born.slice(4)}`;
    const last = daysLater(birthday, passportGraceDays);
    if (issued < birthday && last < today)
      return [documentWarning('passport-age', [document.documentId], { age, day: printed(last) })];
  }
  return [];
}

function checkFreshness(document: CheckedDocument, today: string): DocumentWarning[] {
  const days = document.line?.maxAgeDays;
  if (days === undefined) return [];
  // A paper names many days; the newest one that has been is that of its making.
  const newest = ['issue-date', 'date']
    .flatMap(name => valuesOf(document, name))
    .flatMap(value => isoDay(value) ?? [])
    .filter(day => day <= today)
    .toSorted()
    .at(-1);
  if (newest === undefined || daysLater(newest, days) >= today) return [];
  const details = { title: document.title, day: printed(newest), days };
  return [documentWarning('stale', [document.documentId], details)];
}

function daysLater(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00.000Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

const printed = (day: string) => day.split('-').toReversed().join('.');
