import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BytePipe } from '../../device/peripherals/byte-pipe.ts';
import type { PrintOutcome, TicketSlip } from '../../device/peripherals/driver.ts';
import { epson80mm } from '../../device/peripherals/printers/escpos/models.ts';
import { ticketPrinter } from '../../device/peripherals/printers/escpos/reconnecting.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type PrintedTicket, SimulatedPrinter } from '../simulators/ticket-printer/simulated-printer.ts';

const slip: TicketSlip = {
  branch: 'МФЦ «Северный»',
  number: 'А042',
  service: 'Регистрация по месту жительства',
  issuedAt: '22.11.2026, 10:41',
  wait: '',
  ahead: 'Вы следующий в очереди',
  statusUrl: 'https://okno.example.ru/t/7f3c9a12e4',
  reprint: false,
};

/** A cable into the simulator that breaks for good after so many bytes, or loses every answer from then on. */
function cable(printer: SimulatedPrinter, breaksAfter: number, how: 'cut' | 'deaf'): BytePipe {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const gone = Promise.withResolvers<void>();
  let carried = 0;
  let broken = false;
  const answer = (bytes: Uint8Array) => {
    if (!broken) queueMicrotask(() => listeners.forEach(listener => void listener(bytes)));
  };
  return {
    async write(bytes) {
      if (broken && how === 'cut') throw new AppError('printer.offline', { what: 'cut' });
      const rest = Math.max(0, breaksAfter - carried);
      carried += bytes.length;
      if (carried > breaksAfter) broken = true;
      printer.receive(how === 'cut' && broken ? bytes.subarray(0, rest) : bytes, answer);
      if (!broken || how === 'deaf') return;
      gone.resolve();
      throw new AppError('printer.offline', { what: 'cut' });
    },
    onBytes(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onClose: listener => void gone.promise.then(listener),
    async close() {
      gone.resolve();
    },
  };
}

/** Prints over a cable that breaks, then the reprint over a whole one, as a clerk asks for it after a doubt. */
async function visit(breaksAfter: number, how: 'cut' | 'deaf') {
  const tickets: PrintedTicket[] = [];
  const simulator = new SimulatedPrinter(ticket => tickets.push(ticket));
  let cables = 0;
  const printer = ticketPrinter({
    open: async () => cable(simulator, cables++ === 0 ? breaksAfter : Number.POSITIVE_INFINITY, how),
    model: epson80mm,
    ...{ answerMs: 150, jobMs: 400, pollMs: 40, backOffMs: { first: 0, longest: 0 } },
  });
  const first = await printer.print(slip);
  const outAtOnce = tickets.length;
  let again = await printer.print({ ...slip, reprint: true });
  // A place behind the first ticket breaks the second; whoever asks goes on asking.
  for (let tries = 0; again.kind !== 'printed' && tries < 3; tries++)
    again = await printer.print({ ...slip, reprint: true });
  await printer.close();
  return { first, again, outAtOnce, tickets };
}

const whole = (ticket: PrintedTicket) =>
  ticket.cut && ticket.lines.includes(slip.number) && ticket.qr.length === 1;
const marked = (ticket: PrintedTicket) => ticket.lines.includes('ПОВТОРНАЯ ПЕЧАТЬ');

for (const how of ['cut', 'deaf'] as const)
  test(`F26 a cable that goes ${how} anywhere in a ticket: never printed twice unmarked, never said to be out when it is not`, async () => {
    // Every 53rd byte: amid questions, modes, letters, the QR code, the cut and the confirmation.
    const places = Array.from({ length: 14 }, (_, index) => 3 + index * 53);
    const visits = await Promise.all(places.map(place => visit(place, how)));
    const kinds = new Set<PrintOutcome['kind']>();
    for (const [index, { first, again, outAtOnce, tickets }] of visits.entries()) {
      const place = `byte ${places[index]}, ${first.kind}`;
      kinds.add(first.kind);
      const unmarked = tickets.filter(ticket => whole(ticket) && !marked(ticket));
      assert.ok(unmarked.length <= 1, place);
      if (first.kind === 'printed') assert.equal(outAtOnce, 1, place);
      if (first.kind === 'failed') assert.equal(unmarked.length, 0, place);
      assert.equal(again.kind, 'printed', place);
      const last = tickets.at(-1);
      assert.ok(last && whole(last) && marked(last), place);
    }
    assert.ok(kinds.has('doubtful') && kinds.size > 1, [...kinds].join());
  });
