import { isFieldName } from '../../../protocol/field-titles.ts';
import { judge } from './dates.ts';
import type { Check } from './finding.ts';
import { checkInn } from './inn.ts';
import { checkOgrn } from './ogrn.ts';
import { checkSnils } from './snils.ts';
import { checkUin } from './uin.ts';

/** Check digits and days of what a clerk typed; `none` for a field that has nothing to check. */
export function checkTyped(name: string, value: string, asOf: Date): Check {
  const [kind = ''] = name.split('.');
  const digits = value.replace(/[\s-]/g, '');
  if (kind === 'snils') return checkSnils(digits);
  if (kind === 'inn') return checkInn(digits);
  if (kind === 'ogrn') return checkOgrn(digits);
  if (kind === 'uin') return checkUin(digits);
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(value) ?? [];
  if (day === undefined || !isFieldName(kind)) return 'none';
  return judge(kind, Number(year), Number(month), Number(day), asOf);
}
