import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { QueueLine, TicketView, Wait } from '../../protocol/api.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { OpenTickets } from './open-tickets.ts';
import { createWaitingLine } from './waiting-line.ts';

export interface TicketViews {
  /** With the wait that `told` told the person already, or the one of now. */
  view(row: TicketRow, told?: TicketView): TicketView;
  line(row: TicketRow): QueueLine;
  /** Who waits now, and the wait of somebody who comes now. */
  waitNow(): { waiting: number; wait: Wait };
}

/** Tickets as kiosk, phone and clerk see them. */
export function createTicketViews(parts: {
  db: DatabaseSync;
  open: OpenTickets;
  clock: Clock;
  config: BoxConfig;
  register: RegisterHolder;
  publicUrl: () => string;
}): TicketViews {
  const { db, open, clock, config, register } = parts;
  /** Usual minutes at the window; a service that left the register counts as a quarter of an hour. */
  const minutesFor = (serviceId: string) =>
    register.get().services.find(service => service.id === serviceId)?.receptionMinutes ?? 15;

  const windows = config.branch.windows.length;
  const waitingLine = createWaitingLine({ db, open, clock, windows, minutesFor });

  const findService = (serviceId: string) =>
    register.get().services.find(service => service.id === serviceId);
  const titleOf = (serviceId: string) => findService(serviceId)?.title ?? { ru: serviceId, en: serviceId };
  const shortTitleOf = (serviceId: string) => findService(serviceId)?.short ?? titleOf(serviceId);

  function forecast(row: TicketRow): Pick<TicketView, 'ahead' | 'wait'> {
    const { waiting: ahead, wait } = waitingLine.before(row.issued_seq);
    return { ahead, wait };
  }

  function view(row: TicketRow, told?: TicketView): TicketView {
    const isPending = row.state === 'issued' || row.state === 'waiting';
    const { ahead, wait } = isPending ? (told ?? forecast(row)) : { ahead: 0, wait: null };
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      serviceId: row.service_id,
      serviceTitle: titleOf(row.service_id),
      issuedAt: row.issued_at,
      ahead,
      wait,
      window: row.state === 'called' || row.state === 'serving' ? row.window : null,
      statusUrl: `${parts.publicUrl()}/t/${row.id}`,
      print: printState(row),
    };
  }

  function line(row: TicketRow): QueueLine {
    return {
      ticketId: row.id,
      number: row.number,
      serviceId: row.service_id,
      serviceTitle: shortTitleOf(row.service_id),
      waitingSince: row.waiting_since ?? row.issued_at,
      doubtful: row.waiting_by === 'recovery',
    };
  }

  return { view, line, waitNow: () => waitingLine.before() };
}

function printState(row: TicketRow): TicketView['print'] {
  if (row.waiting_by === 'printed' || row.waiting_by === 'on-screen') return { state: row.waiting_by };
  if (isErrorCode(row.print_error)) return { state: 'failed', error: apiError(row.print_error) };
  return { state: row.waiting_by === 'recovery' ? 'recovered' : 'printing' };
}
