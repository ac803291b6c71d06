import { codeOf } from '../../protocol/app-error.ts';

/** Work that is done again and again, one round at a time. */
export interface Loop {
  /** A round soon: at once, or right after the one that runs. */
  kick(): void;
  /** Waits for the round that runs. */
  stop(): Promise<void>;
}

const restMs = 1000;

/** The database or the content store is away for everybody; its return needs nobody's help here. */
export function isAway(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'internal.database-away' || code === 'internal.content-away';
}

function restOrThrow(error: unknown): number {
  if (!isAway(error)) throw error;
  return restMs;
}

/** `round` answers with the pause before the next one, in ms. When it throws, the process ends (F41). */
export function startLoop(round: () => Promise<number>): Loop {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  function kick(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    clearTimeout(timer);
    running = run();
  }

  async function run(): Promise<void> {
    const pauseMs = await round().catch(restOrThrow);
    running = undefined;
    if (stopped) return;
    timer = setTimeout(kick, again ? 0 : pauseMs);
    again = false;
  }

  kick();
  return {
    kick,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
