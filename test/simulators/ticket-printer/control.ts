import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Faults } from './faults.ts';
import type { TicketPrinterSimulator } from './start.ts';

/** How other programs look at a running simulator and break it. */
export interface ControlPort {
  port: number;
  close(): Promise<void>;
}

type FaultWish = Partial<Faults> & { afterLines?: number };

/**
 * `GET /tickets` lists what was printed; `GET /tickets/N.png|bin|txt` is one ticket, from 1;
 * `GET /faults` and `POST /faults` read and change what is wrong, `afterLines` delays the change;
 * `POST /unplug` and `POST /plug-in` are the cables.
 */
export async function openControlPort(printer: TicketPrinterSimulator, port: number): Promise<ControlPort> {
  const server = createServer((request, response) => {
    answer(printer, request, response).catch(error => {
      send(response, error instanceof RangeError ? 404 : 400, 'text/plain; charset=utf-8', String(error));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  printer: TicketPrinterSimulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const wish = `${request.method} ${request.url}`;
  const file = /^GET \/tickets\/(\d+)\.(png|bin|txt)$/.exec(wish);
  if (file) return sendTicket(printer, Number(file[1]), file[2] ?? '', response);
  switch (wish) {
    case 'GET /tickets':
      sendJson(response, printer.tickets().map(summary));
      break;
    case 'GET /faults':
      sendJson(response, printer.faults.now());
      break;
    case 'POST /faults': {
      const { afterLines, ...change } = checked(JSON.parse(await bodyOf(request)));
      printer.faults.set(change, afterLines === undefined ? undefined : { afterLines });
      sendJson(response, printer.faults.now());
      break;
    }
    case 'POST /unplug':
      await printer.unplug();
      sendJson(response, {});
      break;
    case 'POST /plug-in':
      await printer.plugIn();
      sendJson(response, {});
      break;
    default:
      throw new RangeError(`nothing at ${wish}`);
  }
}

function summary(ticket: ReturnType<TicketPrinterSimulator['tickets']>[number], index: number) {
  const { lines, qr, cut, violations, bytes } = ticket;
  return { n: index + 1, lines, qr, cut, violations, sizeBytes: bytes.length };
}

async function sendTicket(
  printer: TicketPrinterSimulator,
  n: number,
  form: string,
  response: ServerResponse,
): Promise<void> {
  const ticket = printer.tickets()[n - 1];
  if (!ticket) throw new RangeError(`there is no ticket ${n}`);
  if (form === 'png') send(response, 200, 'image/png', await printer.picture(n));
  else if (form === 'bin') send(response, 200, 'application/octet-stream', ticket.bytes);
  else send(response, 200, 'text/plain; charset=utf-8', ticket.layout);
}

const allowed: Record<keyof FaultWish, (value: unknown) => boolean> = {
  paper: value => value === 'ok' || value === 'near-end' || value === 'out',
  cover: value => value === 'closed' || value === 'open',
  error: value => value === 'none' || value === 'cutter' || value === 'overheated',
  ticket: value => value === 'taken' || value === 'left',
  dead: value => typeof value === 'boolean',
  noise: value => typeof value === 'boolean',
  msPerLine: value => typeof value === 'number' && value >= 0,
  afterLines: value => Number.isInteger(value),
};

/** A misspelt fault would make a test pass for nothing. */
function checked(wish: Record<string, unknown>): FaultWish {
  for (const [name, value] of Object.entries(wish)) {
    const isAllowed = Object.hasOwn(allowed, name) && allowed[name as keyof FaultWish](value);
    if (!isAllowed) throw new TypeError(`no such fault: ${name} = ${JSON.stringify(value)}`);
  }
  return wish;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function sendJson(response: ServerResponse, value: unknown): void {
  send(response, 200, 'application/json; charset=utf-8', JSON.stringify(value));
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
