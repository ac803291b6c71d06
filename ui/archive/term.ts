import { language, t } from '../shared/language.ts';
import { fullDay } from '../shared/time.ts';

/** «5 лет», «400 дней», «постоянно» for an ISO 8601 duration of the register. */
export function showTerm(retention: string): string {
  const [, count, unit] = /^P(\d+)([YD])$/.exec(retention) ?? [];
  if (count === undefined) return t('archive.for-good');
  return t(unit === 'Y' ? 'archive.term-years' : 'archive.term-days', { count: Number(count) });
}

/** «22.11.2027»; a day as the archive says it, which no zone may shift. */
export const showDay = (day: string): string => fullDay(day, language.value, 'UTC');
