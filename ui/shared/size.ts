import { language, t } from './language.ts';
import { localesOf } from './languages.ts';

/** «820 КБ», «2,4 МБ». */
export function showSize(sizeBytes: number): string {
  const locale = localesOf(language.value);
  if (sizeBytes < 1_000_000)
    return t('size.kilobytes', { count: Math.max(1, Math.round(sizeBytes / 1000)).toLocaleString(locale) });
  const megabytes = (sizeBytes / 1_000_000).toLocaleString(locale, { maximumFractionDigits: 1 });
  return t('size.megabytes', { count: megabytes });
}
