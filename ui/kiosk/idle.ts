import { signal } from '@preact/signals';
import { order } from './order.ts';
import { currentScreen, startOver } from './screens.ts';

/** A person who does nothing for so long has gone; the last seconds are counted down aloud and on screen. */
const idleMs = 45_000;
const warnMs = 15_000;

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
    const leftMs = idleMs - (performance.now() - touchedMs);
    if (leftMs <= 0) {
      stay();
      startOver();
    } else idleSeconds.value = leftMs <= warnMs ? Math.ceil(leftMs / 1000) : null;
  }, 250);
}

function isWatched(): boolean {
  if (currentScreen().name === 'attract') return false;
  // While the ticket is being made nobody is to be hurried; the done screen counts for itself.
  const phase = order.value?.phase;
  return phase !== 'sending' && phase !== 'printing' && phase !== 'held';
}
