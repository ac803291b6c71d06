import { signal } from '@preact/signals';
import { highContrast, largePrint, lowered, readAloud } from '../shared/preferences.ts';
import { softTone } from '../shared/tone.ts';
import { order } from './order.ts';
import { barDialog, currentScreen, startOver } from './screens.ts';

/**
 * A person who does nothing for so long has gone. The last seconds are counted down on the screen and begin
 * with a tone, and one touch gives the whole time again, as often as wanted (WCAG 2.2.1).
 */
const idleMs = 60_000;
const warnMs = 20_000;
/** Who needs an aid needs more time. */
const aidedTimes = 2;

/** Seconds until the screen goes back to the start; null while nobody needs to know. */
export const idleSeconds = signal<number | null>(null);

let touchedMs = performance.now();

export function stay(): void {
  touchedMs = performance.now();
  idleSeconds.value = null;
}

export function startIdleWatch(): void {
  for (const name of ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'] as const)
    addEventListener(name, () => idleSeconds.value === null && stay(), { capture: true, passive: true });
  setInterval(() => {
    if (!isWatched()) {
      stay();
      return;
    }
    const isAided = [largePrint, highContrast, lowered, readAloud].some(aid => aid.value);
    const leftMs = idleMs * (isAided ? aidedTimes : 1) - (performance.now() - touchedMs);
    if (leftMs <= 0) {
      stay();
      startOver();
    } else if (leftMs <= warnMs) {
      if (idleSeconds.value === null) softTone();
      idleSeconds.value = Math.ceil(leftMs / 1000);
    } else idleSeconds.value = null;
  }, 250);
}

function isWatched(): boolean {
  // The last person's aids, language and dialogs are forgotten on the start screen too.
  if (currentScreen().name === 'attract')
    return barDialog.value !== null || [largePrint, highContrast, lowered, readAloud].some(aid => aid.value);
  // While the ticket is being made nobody is to be hurried; the done screen counts for itself.
  const phase = order.value?.phase;
  return phase !== 'sending' && phase !== 'printing' && phase !== 'held';
}
