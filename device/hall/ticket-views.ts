import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { QueueLine, TicketView, Wait } from '../../protocol/api.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { forecastWait } from '../core/forecast.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';

/** A window that called nobody for so long is not counted in the forecast. */
const windowIdleAfterMs = 60 * 60_000;

export interface TicketViews {
  view(row: TicketRow): TicketView;
  line(row: TicketRow): QueueLine;
  /** The wait of somebody who comes after these. */
  waitFor(ahead: readonly TicketRow[]): Wait;
}

/** Tickets as kiosk, phone and clerk see them. `waitingRows` gives those who wait, in calling order. */
export function createTicketViews(
  parts: {
    db: DatabaseSync;
    clock: Clock;
    config: BoxConfig;
    register: RegisterHolder;
    publicUrl: () => string;
  },
  waitingRows: () => TicketRow[],
): TicketViews {
  const { db, clock, config, register } = parts;
  const activeWindows = db.prepare(
    'select window, state, service_id, serving_since, called_at from tickets where called_at > ? order by called_seq',
  );

  /** Usual minutes at the window; a service that left the register counts as a quarter of an hour. */
  const minutesFor = (serviceId: string) =>
    register.get().services.find(service => service.id === serviceId)?.receptionMinutes ?? 15;

  const findService = (serviceId: string) =>
    register.get().services.find(service => service.id === serviceId);
  const titleOf = (serviceId: string) => findService(serviceId)?.title ?? { ru: serviceId, en: serviceId };
  const shortTitleOf = (serviceId: string) => findService(serviceId)?.short ?? titleOf(serviceId);

  function waitFor(ahead: readonly TicketRow[]): Wait {
    const now = clock.now().getTime();
    const since = new Date(now - windowIdleAfterMs).toISOString();
    const windows = new Map<string, number>();
    for (const row of activeWindows.all(since) as unknown as TicketRow[]) {
      const busy = row.state === 'called' || row.state === 'serving';
      const begun = Date.parse(row.serving_since ?? row.called_at ?? row.issued_at);
      const elapsed = Math.max(0, (now - begun) / 60_000);
      windows.set(row.window ?? '', busy ? Math.max(1, minutesFor(row.service_id) - elapsed) : 0);
    }
    const open = windows.size > 0 ? [...windows.values()] : config.branch.windows.map(() => 0);
    return forecastWait({ windows: open, ahead: ahead.map(row => minutesFor(row.service_id)) });
  }

  function view(row: TicketRow): TicketView {
    const waiting = waitingRows();
    const ahead = waiting.filter(other => other.issued_seq < row.issued_seq);
    const pending = row.state === 'issued' || row.state === 'waiting';
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      serviceId: row.service_id,
      serviceTitle: titleOf(row.service_id),
      issuedAt: row.issued_at,
      ahead: pending ? ahead.length : 0,
      wait: pending ? waitFor(ahead) : null,
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

  return { view, line, waitFor };
}

function printState(row: TicketRow): TicketView['print'] {
  if (row.waiting_by === 'printed' || row.waiting_by === 'on-screen') return { state: row.waiting_by };
  if (isErrorCode(row.print_error)) return { state: 'failed', error: apiError(row.print_error) };
  return { state: row.waiting_by === 'recovery' ? 'recovered' : 'printing' };
}
