import { join } from 'node:path';
import { openRegister } from '../../../device/config/register-file.ts';
import { createHall } from '../../../device/hall/hall.ts';
import { addHallRoutes } from '../../../device/http/hall-routes.ts';
import { settleAnswers } from '../../../device/http/settled-answers.ts';
import { openJournal } from '../../../device/journal/journal.ts';
import type { TicketPrinter } from '../../../device/peripherals/driver.ts';
import { openTicketPrinter } from '../../../device/peripherals/open-peripherals.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { createHttpServer } from '../../../platform/http.ts';
import { addLiveStream } from '../../../platform/live-stream.ts';
import { createLog } from '../../../platform/log.ts';
import { addLogin, hashPassword, type User } from '../../../platform/login.ts';
import { openDatabase } from '../../../platform/sqlite.ts';
import { boxConfig } from '../setting/box-config.ts';
import { answer, tell } from './conversation.ts';

/**
 * `hall DIR [PORT] [PASSWORD]`: the hall of a box as `device/main.ts` builds it, with the ticket printer on a TCP
 * port of this machine, or without one (or an empty word), with a printer that confirms at once. With a password, a
 * clerk at each window logs in by it.
 */
const [dir = '', printerPort, password] = process.argv.slice(2);
const config = boxConfig('mfc-901', dir);
const log = createLog('hall', 'error');
const instantPrinter: TicketPrinter = {
  print: async () => ({ kind: 'printed', bytes: 0 }),
  status: async () => ({
    online: true,
    coverOpen: false,
    paperOut: false,
    paperNearEnd: false,
    fault: false,
  }),
  close: async () => {},
};
const printer = printerPort
  ? openTicketPrinter({ line: 'tcp', host: '127.0.0.1', port: Number(printerPort), model: 'epson-80mm' }, log)
  : instantPrinter;

const db = openDatabase(join(dir, 'box.db'));
const journal = openJournal({ db, clock, clockQuality: () => 'trusted' });
const register = await openRegister(db, await openBlobStore(join(dir, 'blobs')), config.register, log);
const server = await createHttpServer(log);
const live = addLiveStream(server);
settleAnswers(server, journal);
const passwordHash = password === undefined ? '' : await hashPassword(password);
const clerks = config.branch.windows.map((window): User => {
  const login = `clerk-${window}`;
  return { login, name: 'Проба', post: 'Специалист', role: 'clerk', window, passwordHash };
});
const login = addLogin(server, password === undefined ? [] : clerks, clock);
journal.onCommit(() => live.changed('link', 'queue', 'board'));
const publicUrl = () => config.http.publicUrl;
const hall = createHall({ db, journal, clock, config, register, printer, publicUrl, log });
addHallRoutes(server, { hall, register, config, login, clock });
await server.listen({ host: '127.0.0.1', port: 0 });

answer({
  /** What lies in the database, to be compared with what the clients were told; `factBytes` without the names of members. */
  count: () =>
    db
      .prepare(
        `select count(*) as tickets, count(distinct number) as numbers, (select sum(octet_length(concat(
            epoch, seq, id, type, at, clock, subject, body, prev_hash, hash))) from facts) as factBytes
          from tickets`,
      )
      .get() ?? {},
});
tell({ port: (server.server.address() as { port: number }).port });
process.on('SIGTERM', () => process.exit(0));
