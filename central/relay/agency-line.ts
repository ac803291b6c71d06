import { createBackoff } from '../../platform/backoff.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import type { AgencyDialogue } from './agency-dialogue.ts';
import { type Loop, startLoop } from './loop.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';

/**
 * Sends to one agency and asks it, in rounds of its own. Faults of the line make it rest longer and
 * longer; kicks do not shorten the rest.
 */
export function startAgencyLine(parts: {
  agencyId: string;
  store: RelayStore;
  /** Runs the work unless another centre is at this agency's line. */
  alone: (work: () => Promise<void>) => Promise<void>;
  dialogue: AgencyDialogue;
  isSetAside: (row: RelayRow) => Promise<boolean>;
  isStopped: () => boolean;
  setAside: (row: RelayRow, error: unknown) => Promise<void>;
  pollMs: number;
  clock: Clock;
  log: Log;
}): Loop {
  const { agencyId, store, dialogue, pollMs, clock, log } = parts;
  const backoff = createBackoff(pollMs, 60_000);
  const failures = new Map<string, number>();
  let restUntilMs = 0;
  let askAtMs = 0;

  async function sendWaiting(): Promise<void> {
    const failed = (row: RelayRow) => failures.get(row.case_id) ?? 0;
    // What failed before goes last: one package that the agency stumbles over must not hold up the others.
    for (const row of (await store.toSend(agencyId)).sort((one, other) => failed(one) - failed(other))) {
      if (parts.isStopped()) return;
      if (await parts.isSetAside(row)) continue;
      try {
        await dialogue.send(row);
        failures.delete(row.case_id);
      } catch (error) {
        if (codeOf(error) !== 'relay.agency-unreachable') await parts.setAside(row, error);
        else {
          failures.set(row.case_id, failed(row) + 1);
          throw error;
        }
      }
    }
  }

  async function ask(): Promise<void> {
    if (parts.isStopped() || clock.monotonicMs() < askAtMs || !(await store.isAtWork(agencyId))) return;
    await dialogue.collectEvents();
    askAtMs = clock.monotonicMs() + pollMs;
  }

  return startLoop(async () => {
    const restMs = restUntilMs - clock.monotonicMs();
    if (restMs > 0) return restMs;
    // What cannot be sent must not keep results from coming.
    const faults: AppError[] = [];
    await parts.alone(async () => {
      faults.push(...(await faultOf(sendWaiting())), ...(await faultOf(ask())));
    });
    if (faults.length === 0) {
      backoff.reset();
      return pollMs;
    }
    log.info({ agencyId, reason: faults.map(String) }, 'an agency does not answer as agreed');
    const pauseMs = backoff.next();
    restUntilMs = clock.monotonicMs() + pauseMs;
    return pauseMs;
  });
}

/** None or one; anything but a fault with a code is a defect and is thrown on (F41). */
function faultOf(work: Promise<void>): Promise<AppError[]> {
  return work.then(
    () => [],
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return [error];
    },
  );
}
