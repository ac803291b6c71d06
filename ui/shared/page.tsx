import { type ComponentChild, render } from 'preact';
import { startClock } from './clock.ts';
import { followLanguage } from './language.ts';
import { startLive } from './live.ts';

/** Starts a page: language, clock, live figures, then the first paint. A screen in the hall says its place. */
export function startPage(page: ComponentChild, place?: 'kiosk'): void {
  const root = document.getElementById('page');
  if (!root) throw new Error('the page has no root element');
  followLanguage();
  startClock();
  pressOnce();
  startLive(place ? `/api/live?place=${place}` : undefined);
  render(page, root);
}

/** A key that is held down, by a sleeve or a folder, presses a button once and not thirty times a second. */
function pressOnce(): void {
  addEventListener(
    'keydown',
    event => {
      const isButton = event.target instanceof Element && event.target.closest('button, a, summary');
      if (event.repeat && event.key === 'Enter' && isButton) event.preventDefault();
    },
    { capture: true },
  );
}

/** For screens that nobody can reload: after a fault of the page itself it opens again. */
export function restartAfterFault(): void {
  addEventListener('error', () => setTimeout(() => location.reload(), 3000), { once: true });
}
