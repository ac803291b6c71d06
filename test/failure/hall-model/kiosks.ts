import { join } from 'node:path';
import type { TicketPrinter } from '../../../device/peripherals/driver.ts';
import { startStation } from '../../../device/station/main.ts';
import type { StationView } from '../../../protocol/api/station.ts';
import type { TicketView } from '../../../protocol/api/tickets.ts';
import { registerPath } from '../../fixtures/branch.ts';
import { startTcpProxy } from '../../simulators/tcp-proxy/tcp-proxy.ts';
import type { Answer, Hub } from './hub.ts';
import type { Wish } from './model.ts';

const hourMs = 60 * 60_000;
/** To tell the hub of a ticket, with its answer. */
const ticketBytes = 1500;

export type Kiosk = Awaited<ReturnType<typeof openKiosk>>;

/** A kiosk with a box of its own, behind a line to the hub that can fail, and a printer that can stop in the middle. */
export async function openKiosk(name: string, hub: Hub) {
  const { clock, config, dir } = hub.setting;
  const line = await startTcpProxy(hub.port);
  const printer = { stuck: false, prints: 0 };
  /** Talk with the hub that hangs on a line behind which nobody answers. */
  let talk: Promise<void> = Promise.resolve();
  let trouble: 'none' | 'cut' | 'stalled' = 'none';
  /** What a talk usually takes, both ways. */
  let talkBytes = 4000;
  let running = await start();

  async function start() {
    const device: TicketPrinter = {
      async print() {
        if (printer.stuck) await new Promise(() => {});
        printer.prints++;
        return { kind: 'printed', bytes: 0 };
      },
      status: async () => ({
        ...{ online: true, coverOpen: false, paperOut: false, paperNearEnd: false, fault: false },
      }),
      close: async () => {},
    };
    const started = await startStation(
      {
        ...{ station: name, branch: config.branch, dataDir: join(dir, name), register: registerPath },
        http: { host: '127.0.0.1', port: 0 },
        hub: {
          ...{ url: `http://127.0.0.1:${line.port}`, publicUrl: 'http://okno.test' },
          ...{ login: name, password: 'proba' },
        },
        ...{ ticketPrinter: config.ticketPrinter, leaseSize: 8, logLevel: 'silent' },
      },
      { clock, printer: device, everyMs: hourMs },
    );
    await started.reconcile();
    return started;
  }

  async function ask<T>(path: string, body?: object): Promise<Answer<T>> {
    try {
      const answer = await fetch(`${running.url}/api${path}`, {
        method: body ? 'POST' : 'GET',
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      const value = (await answer.json()) as T;
      return answer.ok
        ? { kind: 'done', value }
        : { kind: 'refused', code: (value as { code: string }).code };
    } catch {
      return { kind: 'lost' };
    }
  }

  async function view(): Promise<StationView> {
    const answer = await ask<StationView>('/station');
    if (answer.kind !== 'done') throw new Error(`${name} says nothing of itself`);
    return answer.value;
  }
  function cut(): void {
    trouble = 'cut';
    line.target = undefined;
    line.cut();
  }

  /** That a connection is broken may be noticed only when it is used; the kiosk would try again soon. */
  async function talkNow(): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const before = line.carriedBytes();
      await running.reconcile();
      talkBytes = line.carriedBytes() - before;
      if ((await view()).hub === 'connected') return;
    }
  }

  return {
    ...{ name, line, printer },
    trouble: () => trouble,
    take: (wish: Wish) => ask<TicketView>('/tickets', wish),
    view,
    cut,
    /** Half-open: what the kiosk says hangs, and comes through when the line is mended. */
    stall(): void {
      if (trouble !== 'none') return;
      trouble = 'stalled';
      line.stall(true);
      talk = running.reconcile();
    },
    async mend(): Promise<void> {
      trouble = 'none';
      line.target = hub.port;
      line.stall(false);
      await talk;
      await talkNow();
    },
    /** The line breaks somewhere in the talk, at a place in [0, 1) of it. */
    async talkUntil(place: number): Promise<void> {
      line.cutAfter(Math.floor(place * (talkBytes + ticketBytes * (await view()).untold)));
      await running.reconcile();
      line.cutAfter(Number.POSITIVE_INFINITY);
    },
    talk: talkNow,
    /** F01: power is lost while a ticket of this wish, which is a new one, is printed. */
    async kill(wish: Wish, letter: string): Promise<void> {
      const numbersLeft = async () => (await view()).left.find(each => each.letter === letter)?.numbers ?? 0;
      // Its talk with the hub ends with it, however long the line would have kept it waiting.
      if (trouble === 'stalled') cut();
      const before = await numbersLeft();
      printer.stuck = true;
      const broken = ask('/tickets', wish);
      // The number is on the disk before the printer hears of it; without one there is nothing to wait for.
      while (before > 0 && (await numbersLeft()) === before) await new Promise(setImmediate);
      await running.stop();
      await broken;
      printer.stuck = false;
      running = await start();
    },
    async close(): Promise<void> {
      line.stall(false);
      line.target = undefined;
      line.cut();
      await talk;
      await running.stop();
      await line.close();
    },
  };
}
