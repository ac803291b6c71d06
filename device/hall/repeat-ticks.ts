import type { Log } from '../../platform/log.ts';
import type { Hall } from './hall.ts';

const everyMs = 1000;

/** Lets the hall do by itself what is due, until it is stopped. */
export function repeatTicks(hall: Pick<Hall, 'tick'>, log: Log): { stop(): Promise<void> } {
  let running = Promise.resolve();
  let isIdle = true;
  let isFailing = false;
  const timer = setInterval(() => {
    // A slow disk must not pile up ticks.
    if (!isIdle) return;
    isIdle = false;
    running = hall
      .tick()
      .then(() => {
        isFailing = false;
      })
      .catch((error: unknown) => {
        // A full disk lasts for hours: it is said once.
        if (!isFailing) log.error({ err: error }, 'the hall did not do what was due');
        isFailing = true;
      })
      .finally(() => {
        isIdle = true;
      });
  }, everyMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
