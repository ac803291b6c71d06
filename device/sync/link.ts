import { type Backoff, createBackoff } from '../../platform/backoff.ts';
import type { LinkView } from '../../protocol/api/box.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { BoxState } from '../journal/box-state.ts';
import { firstBytes, type LineQuality, smallestBytes } from './line-window.ts';
import { type Connection, type ConnectionOptions, openConnection } from './link-connection.ts';
import { afterEvent, type LinkEvent, type LinkPhase, shownState, wasSteady } from './link-phases.ts';

export interface Link {
  start(): void;
  stop(): Promise<void>;
  state(): { state: LinkView['state']; since: string; code: ErrorCode | null };
  /** How the line is, as receipts tell; null without a connection. */
  quality(): LineQuality | null;
}

export interface LinkOptions extends ConnectionOptions {
  boxState: BoxState;
  backoff?: Backoff;
}

/** The link to the centre: a new connection for each break, with pauses between. */
export function createLink(options: LinkOptions): Link {
  const { journal, boxState, observations, content, downlink, clock, log, onChange } = options;
  const backoff = options.backoff ?? createBackoff(500, 60_000);
  let phase: LinkPhase = 'idle';
  let since = clock.now().toISOString();
  let code: ErrorCode | null = null;
  let connection: Connection | undefined;
  let timer: NodeJS.Timeout | undefined;
  let lastSession = Number(boxState.get('session') ?? 0);
  /** The last connection broke before it was steady. */
  let isFlapping = false;

  const listening = [
    journal.onCommit(() => connection?.pumpFacts()),
    observations.onKept(() => connection?.pumpObservations()),
  ];

  /** True when the event means something now. */
  function step(event: LinkEvent, reason = code): boolean {
    const next = afterEvent(phase, event);
    if (next === undefined) return false;
    if (shownState(next) !== shownState(phase)) since = clock.now().toISOString();
    [phase, code] = [next, reason];
    onChange();
    return true;
  }

  function connect(): void {
    const session = ++lastSession;
    // A full disk must not keep the box from sending what it holds.
    journal
      .commit([], () => boxState.set('session', String(session)), 'lazily')
      .catch((error: unknown) => log.warn({ code: codeOf(error) }, 'the session number is not kept'));
    // After a flap the window starts at its smallest, and opens only as far as receipts come in time (F16).
    const startBytes = isFlapping ? smallestBytes : firstBytes;
    connection = openConnection(
      options,
      { session, startBytes },
      {
        accepted: () => step('accepted'),
        greeted: () => step('watermark', null),
        lasted: () => step('lasted'),
        closed: reason => waitAfter(reason),
        failed: stoppedOrThrow,
        notApplied: keptOrThrow,
      },
    );
  }

  function waitAfter(reason: ErrorCode): void {
    connection = undefined;
    isFlapping = !wasSteady(phase);
    if (!isFlapping) backoff.reset();
    if (!step('closed', reason)) return;
    timer = setTimeout(() => {
      if (step('due')) connect();
    }, backoff.next());
  }

  /** Transfers end with an abort when the box stops; anything else is a defect and must be seen. */
  function stoppedOrThrow(error: unknown): void {
    if (phase === 'stopped') return;
    log.fatal({ err: error }, 'sync failed');
    throw error;
  }

  /** An entry that cannot be applied now stays unreceipted and comes again; the branch goes on (F22). */
  function keptOrThrow(error: unknown): void {
    if (error instanceof AppError)
      log.error({ err: error, code: error.code }, 'a downlink entry could not be applied');
    else stoppedOrThrow(error);
  }

  return {
    start() {
      // After an update: what the version before could not read.
      downlink.replay().catch(keptOrThrow);
      if (step('start')) connect();
    },
    async stop() {
      step('stop');
      clearTimeout(timer);
      for (const unsubscribe of listening) unsubscribe();
      content.stop();
      await connection?.end();
    },
    state: () => ({ state: shownState(phase), since, code }),
    quality: () => connection?.quality() ?? null,
  };
}
