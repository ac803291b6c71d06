import type { Closing } from '../../protocol/api/wait.ts';
import { showTime } from './clock.ts';
import { t } from './language.ts';

/** A warning as the name and the value of a figure; null while a person will be called in time. */
export function closingFigure(closing: Closing | null): { name: string; value: string } | null {
  if (closing === null || closing.chance === 'likely') return null;
  const time = showTime(closing.at);
  return closing.chance === 'over'
    ? { name: t('closing.today'), value: t('closing.ended', { time }) }
    : { name: t('closing.until', { time }), value: t('closing.maybe-not') };
}
