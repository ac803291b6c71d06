import { onBack } from './live.ts';

const lookMs = 1_000;

/**
 * A box that was away may have come back with a newer page. Walls and kiosks, which nobody reloads, load it
 * by themselves as soon as nobody is in the middle of something.
 */
export function renewWhenBack(isFree: () => boolean = () => true): void {
  let looking = false;
  onBack(() => {
    if (looking) return;
    looking = true;
    void isOutdated().then(outdated => {
      looking = false;
      if (!outdated) return;
      setInterval(() => isFree() && location.reload(), lookMs);
    });
  });
}

/** The names of scripts carry a digest of their content. */
async function isOutdated(): Promise<boolean> {
  const running = document.querySelector('script[src]')?.getAttribute('src') ?? '';
  try {
    const response = await fetch(location.pathname, { cache: 'no-store' });
    return response.ok && !(await response.text()).includes(`"${running}"`);
  } catch {
    // Away again: the next time it is back will tell.
    return false;
  }
}
