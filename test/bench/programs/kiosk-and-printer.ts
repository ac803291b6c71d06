import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatedPrinter } from '../../simulators/ticket-printer/simulated-printer.ts';
import { listenTcp } from '../../simulators/ticket-printer/tcp-end.ts';
import { answer, tell } from './conversation.ts';

/**
 * `kiosk-and-printer SERVICE…`: the person's finger and the printer's end of the cable in one process, so
 * that one clock measures from the one to the other.
 */
const services = process.argv.slice(2);
/** A printer at work is not what is measured here. */
const betweenPeopleMs = 10;
const escByte = 0x1b;

let printed = 0;
let firstByteMs: number | undefined;
const printer = new SimulatedPrinter(ticket => {
  if (ticket.violations.length > 0) throw new Error(ticket.violations.join('; '));
  printed += 1;
});
const end = await listenTcp(0, (bytes, send) => {
  // Questions begin with DLE or GS; a ticket with ESC @.
  if (bytes[0] === escByte) firstByteMs ??= performance.now();
  printer.receive(bytes, send);
});

async function press(port: number, serviceId: string): Promise<number> {
  const body = JSON.stringify({ requestId: randomUUID(), serviceId });
  const headers = { 'content-type': 'application/json' };
  firstByteMs = undefined;
  const pressedMs = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/api/tickets`, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  if (firstByteMs === undefined) throw new Error(`nothing was printed: ${text}`);
  return firstByteMs - pressedMs;
}

answer({
  async run(wish) {
    const { port, seconds } = wish as unknown as { port: number; seconds: number };
    const latenciesMs: number[] = [];
    const until = performance.now() + seconds * 1000;
    while (performance.now() < until) {
      latenciesMs.push(await press(port, services[latenciesMs.length % services.length] ?? ''));
      await sleep(betweenPeopleMs);
    }
    return { latenciesMs, printed };
  },
});
tell({ printerPort: end.port });
