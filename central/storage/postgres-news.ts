import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const channel = 'okno_news';
/** News are told together: each NOTIFY takes a lock that every other one waits for. */
const gatherMs = 100;
const restMs = 1000;

/**
 * Tells the other centres that something is new, by LISTEN and NOTIFY. A hint for pages: what is said
 * while the database is away is lost, and whoever listens is told once when it is back.
 */
export function openNews(parts: {
  options: pg.ClientConfig;
  notify: (sql: string, channel: string, from: string) => Promise<unknown>;
  onBroken: (error: Error) => void;
}) {
  const { options, notify, onBroken } = parts;
  const self = randomUUID();
  let gathering: NodeJS.Timeout | undefined;
  let listening: pg.Client | undefined;
  let stopped = false;

  async function listen(call: () => void): Promise<void> {
    const client = new pg.Client(options);
    client.on('error', onBroken);
    client.on('notification', ({ payload }) => payload !== self && call());
    const ended = once(client, 'end');
    await client.connect();
    listening = client;
    await client.query(`listen ${channel}`);
    call();
    await ended;
  }

  return {
    announce(): void {
      gathering ??= setTimeout(() => {
        gathering = undefined;
        notify('select pg_notify($1, $2)', channel, self).catch(onBroken);
      }, gatherMs);
    },
    async onAnnounced(call: () => void): Promise<void> {
      while (!stopped) {
        await listen(call).catch(onBroken);
        if (!stopped) await sleep(restMs, undefined, { ref: false });
      }
    },
    async close(): Promise<void> {
      stopped = true;
      clearTimeout(gathering);
      await listening?.end();
    },
  };
}
