import type { DatabaseSync } from 'node:sqlite';
import type { Log } from '../../platform/log.ts';
import type { Me } from '../../protocol/api/people.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { Journal } from '../journal/journal.ts';
import { type CallLine, startCallLine } from '../peripherals/call-boards/call-line.ts';
import type { Watched } from '../peripherals/health.ts';
import { openSerial } from '../peripherals/transports/serial.ts';
import { openTcp } from '../peripherals/transports/tcp.ts';
import { createCallBoards } from './call-boards.ts';
import type { Hall } from './hall.ts';
import { readWindows } from './windows.ts';

/** The plates and buttons that the configuration names, on their line; nothing when it names none. */
export function openCallBoards(parts: {
  config: BoxConfig;
  db: DatabaseSync;
  journal: Journal;
  hall: Hall;
  log: Log;
}): { watched: Watched[]; stop(): Promise<void> } {
  const { config, db, journal, hall, log } = parts;
  if (!config.callBoards) return { watched: [], stop: async () => {} };
  const { boards, line: port } = config.callBoards;
  const line: CallLine = startCallLine({
    open: () =>
      port.line === 'tcp'
        ? openTcp({ host: port.host, port: port.port, connectTimeoutMs: 2_000 })
        : openSerial({ path: port.path, baudRate: port.baudRate }),
    boards,
    onPress: window =>
      void callBoards
        .press(window)
        .catch((error: unknown) => log.error({ err: error, window }, 'a press of a button failed')),
    log: (event, details) => log.info({ event, ...details }, 'call boards'),
  });
  const callBoards = createCallBoards({
    ...{ db, journal, hall, log },
    windows: boards.map(({ window }) => window),
    line,
    clerkAt: clerksAtWindows(config, db),
  });
  return {
    watched: boards.map(({ window }) => ({
      id: `call-board-${window}`,
      kind: 'call-board',
      title: { ru: `Табло окна ${window}`, en: `Plate of window ${window}` },
      check: async () => line.codeOf(window),
    })),
    stop: () => line.stop(),
  };
}

/** Whoever opened the window; before anybody did, the clerk whose place it is. */
function clerksAtWindows({ users }: BoxConfig, db: DatabaseSync): (window: string) => Me | undefined {
  const windows = readWindows(db);
  return window => {
    const manned = windows.manned().find(each => each.window === window);
    const user = users.find(({ login, role, window: place }) =>
      manned ? login === manned.clerk : role === 'clerk' && place === window,
    );
    if (!user) return undefined;
    const { login, name, post, role } = user;
    return { login, name, post, role, window };
  };
}
