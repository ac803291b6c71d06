import { signal } from '@preact/signals';
import type { Wait } from '../../protocol/api/wait.ts';
import { waitInHours } from '../../protocol/wait-hours.ts';
import { language, t } from './language.ts';
import { clockTime, dayAndTime, fullDay, longDay, waitPhrase } from './time.ts';

/** The branch's zone; pages learn it from the box, until then the browser's own. */
export const timeZone = signal(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** The server's time, in ms since 1970, renewed each second. */
export const now = signal(Date.now());

/** From the page's own steady clock: the one on the wall may be wrong, and be set right while the page is open. */
let offsetMs = Date.now() - performance.now();
const tick = () => {
  now.value = performance.now() + offsetMs;
};

/** Takes the server's word for the time. */
export function agreeClock(serverNow: string): void {
  offsetMs = Date.parse(serverNow) - performance.now();
  tick();
}

export function startClock(): void {
  setInterval(tick, 1000);
}

export const showTime = (at: string | number): string => clockTime(at, language.value, timeZone.value);
export const showDayAndTime = (at: string | number): string =>
  dayAndTime(at, now.value, language.value, timeZone.value);
export const showLongDay = (at: string | number): string => longDay(at, language.value, timeZone.value);
export const showFullDay = (at: string | number): string => fullDay(at, language.value, timeZone.value);

/** «10–15 минут», «до 5 минут», «2–4 часа». */
export function showWait(wait: Wait): string {
  const hours = waitInHours(wait);
  if (hours)
    return hours.from === hours.to
      ? t('wait.hours', { count: hours.to })
      : t('wait.hours-range', { from: hours.from, count: hours.to });
  const phrase = waitPhrase(wait);
  switch (phrase.kind) {
    case 'up-to':
      return t('wait.up-to', { count: phrase.minutes });
    case 'about':
      return t('wait.about', { count: phrase.minutes });
    case 'range':
      return t('wait.range', { from: phrase.from, count: phrase.to });
  }
}
