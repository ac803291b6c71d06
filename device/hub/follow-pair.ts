import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { HubFacts, PairView } from '../../protocol/api/hub.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { BoxConfig } from '../config/box-config.ts';
import { type SharedConfiguration, sharedDigest } from '../config/shared-configuration.ts';
import { createHubClient, HubAway, HubRefusal } from '../station/hub-client.ts';
import type { Hub } from './hub.ts';
import type { HubCopy } from './hub-copy.ts';

const everyMs = 1_000;
/** While there is more to read; the other box has people to serve meanwhile. */
const moreAfterMs = 50;

export interface PairLine {
  view(): PairView;
  stop(): Promise<void>;
}

/**
 * Asks the other box of the branch, again and again, what it wrote: so its line is here when it fails, it hears
 * who is the hub, and what it gave while it did not know comes into the line.
 */
export function followPair(parts: {
  config: BoxConfig;
  pair: NonNullable<BoxConfig['pair']>;
  hub: Hub;
  copy: HubCopy;
  clock: Clock;
  log: Log;
  onChange: () => void;
  /** The hub works by another configuration than this box. */
  onConfiguration: (shared: SharedConfiguration) => Promise<void>;
}): PairLine {
  const { config, pair, hub, copy, clock, log, onChange, onConfiguration } = parts;
  const client = createHubClient({ url: pair.url, login: config.box, password: pair.password });
  const stopping = new AbortController();
  const own = sharedDigest(config);
  let state: PairView['state'] = 'away';
  let heardAt: string | null = null;
  let lastTrouble = '';

  /** True when there is more to read. */
  async function ask(): Promise<boolean> {
    const query = { ...copy.cursor(), statement: hub.statement() };
    const told = JSON.parse(await client.ask('POST', '/api/hub/facts', query)) as HubFacts;
    if (told.box !== pair.box)
      throw new AppError('setup.bad-configuration', { what: `pair.box ${told.box}` });
    heardAt = clock.now().toISOString();
    // Who is the hub comes first: a box that was replaced must not take in what the new hub gave.
    const isNews = told.statement !== null && (await hub.hear(told.statement));
    await hub.keep(told);
    if (isNews || state === 'away') {
      state = 'connected';
      onChange();
    }
    if (told.configuration !== own && hub.view().state !== 'hub')
      await onConfiguration(
        JSON.parse(await client.ask('GET', '/api/hub/configuration')) as SharedConfiguration,
      );
    return told.upTo < told.head;
  }

  function missed(error: unknown): void {
    if (state === 'connected') onChange();
    state = 'away';
    if (String(error) === lastTrouble) return;
    lastTrouble = String(error);
    if (error instanceof HubAway) log.warn({ reason: error.message }, 'the other box of the branch is away');
    else if (error instanceof HubRefusal)
      log.error({ code: error.body.code }, 'the other box of the branch refuses this one');
    else log.error({ err: error }, 'the line of the other box is not known here');
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      let hasMore = false;
      try {
        hasMore = await ask();
        lastTrouble = '';
      } catch (error) {
        missed(error);
      }
      await sleep(hasMore ? moreAfterMs : everyMs, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  }
  const running = follow();
  return {
    view: () => ({ box: pair.box, state, heardAt, waiting: hub.waiting() }),
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
