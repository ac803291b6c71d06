import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { limitConnections } from '../../platform/connection-limit.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream } from '../../platform/live-stream.ts';
import { createLog } from '../../platform/log.ts';
import { runProgram } from '../../platform/program.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import type { Register } from '../../protocol/register.ts';
import { addPageRoutes } from '../http/page-routes.ts';
import { limitPublicWrites } from '../http/public-writes.ts';
import type { TicketPrinter } from '../peripherals/driver.ts';
import { openTicketPrinter } from '../peripherals/open-peripherals.ts';
import { createBranchHub } from './branch-hub.ts';
import { createStation } from './station.ts';
import { openStationBook } from './station-book.ts';
import { readStationConfig, type StationConfig } from './station-config.ts';
import { addStationRoutes } from './station-server.ts';

const reconcileEveryMs = 2_000;

/** Builds a station, starts it, and returns the way to stop it. */
export async function startStation(
  config: StationConfig,
  options: { uiDir?: string; clock?: Clock; printer?: TicketPrinter; everyMs?: number } = {},
) {
  const log = createLog(config.station, config.logLevel);
  const clock = options.clock ?? systemClock;
  const ends = new AsyncDisposableStack();
  const db = openDatabase(join(config.dataDir, 'station.db'));
  ends.defer(() => db.close());
  const book = openStationBook(db);
  // F01: somebody may hold a paper whose print was cut off.
  book.recover();
  const provisioned = JSON.parse(await readFile(config.register, 'utf8')) as Register;
  const register = () => {
    const newest = book.answer('/api/register');
    return newest === undefined ? provisioned : (JSON.parse(newest) as Register);
  };
  const printer = options.printer ?? openTicketPrinter(config.ticketPrinter, log);
  ends.defer(() => printer.close());
  const hub = createBranchHub(config.hub, book);
  const station = createStation({ config, book, hub, printer, register, clock, log });

  const server = await createHttpServer(log);
  limitConnections(server.server, log);
  const live = addLiveStream(server);
  ends.defer(async () => {
    live.close();
    await server.close();
  });
  limitPublicWrites(server, clock);
  addStationRoutes(server, { station, hub, book });
  if (options.uiDir !== undefined) await addPageRoutes(server, options.uiDir);

  let running = Promise.resolve();
  let isIdle = true;
  /** Tells and asks the hub now, or waits for the talk that goes on. */
  const reconcile = (): Promise<void> => {
    if (!isIdle) return running;
    isIdle = false;
    running = station.reconcile().finally(() => {
      isIdle = true;
      // What the hub offers may have changed; pages ask again.
      live.changed('queue', 'hall', 'register');
    });
    return running;
  };
  const timer = setInterval(reconcile, options.everyMs ?? reconcileEveryMs);
  ends.defer(async () => {
    clearInterval(timer);
    await running;
  });
  await server.listen({ host: config.http.host, port: config.http.port });
  void reconcile();
  const { port } = server.server.address() as { port: number };
  return {
    station: config.station,
    url: `http://${config.http.host}:${port}`,
    reconcile,
    stop: () => ends.disposeAsync(),
  };
}

if (import.meta.main) {
  const [configPath = 'station.json', uiDir = 'ui/dist'] = process.argv.slice(2);
  await runProgram(async () => startStation(await readStationConfig(configPath), { uiDir }));
}
