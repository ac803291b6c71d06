import type { Clock } from '../../platform/clock.ts';
import { limitConnections } from '../../platform/connection-limit.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLiveStream } from '../../platform/live-stream.ts';
import type { Log } from '../../platform/log.ts';
import { addLogin } from '../../platform/login.ts';
import { type OpenDoor, openTlsDoor } from '../../platform/tls-door.ts';
import type { LiveTopic } from '../../protocol/api/common.ts';
import { isForEverybody, type Reading } from '../../protocol/readings.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { Journal } from '../journal/journal.ts';
import { addKioskSeats } from './kiosk-seats.ts';
import { settleAnswers } from './settled-answers.ts';

/** Topics of the pages that a fact touches, by the first word of its type. */
const topicsOf: Record<string, LiveTopic[]> = {
  ticket: ['queue', 'board', 'hall'],
  window: ['queue', 'board', 'hall'],
  clerk: ['queue', 'hall'],
  hall: ['queue', 'hall'],
  service: ['hall'],
  announcement: ['board', 'hall'],
  visit: ['hall'],
  numbers: [],
  case: ['cases', 'queue'],
  document: ['cases'],
  token: ['devices'],
  register: ['register'],
  kinds: ['cases'],
  box: [],
  downlink: [],
};

/** The server of the box's pages, with their live stream and log-in; its addresses are added by their areas. */
export async function createBoxServer(parts: {
  journal: Journal;
  config: BoxConfig;
  clock: Clock;
  log: Log;
}) {
  const { journal, config, clock, log } = parts;
  const server = await createHttpServer(log);
  limitConnections(server.server, log);
  let door: OpenDoor | undefined;
  const live = addLiveStream(server);
  settleAnswers(server, journal);
  const login = addLogin(server, config.users, clock);
  const seats = addKioskSeats(server, config.screens?.kioskKey);
  journal.onCommit(facts =>
    live.changed('link', ...facts.flatMap(({ type }) => topicsOf[type.split('.')[0] ?? ''] ?? [])),
  );
  return {
    server,
    live,
    login,
    /** To the clerk at the window where it was read, while one is logged in there; or to the kiosks, if it names nobody. */
    tellReading(reading: Reading): void {
      const isKiosk = reading.place === 'kiosk';
      if (isKiosk && !isForEverybody(reading)) return;
      live.tell('reading', reading, request =>
        isKiosk
          ? (request.query as { place?: unknown }).place === 'kiosk' && seats.isKiosk(request)
          : login.find(request)?.window === reading.place,
      );
    },
    /** Base of the addresses that phones and papers show. */
    publicUrl(): string {
      if (config.http.publicUrl) return config.http.publicUrl;
      const { port } = server.server.address() as { port: number };
      return `http://localhost:${port}`;
    },
    async listen(): Promise<void> {
      const { host, port, tls } = config.http;
      await server.listen({ host, port });
      if (tls) door = await openTlsDoor(server, tls, log);
    },
    async stop(): Promise<void> {
      live.close();
      await door?.close();
      await server.close();
    },
  };
}
