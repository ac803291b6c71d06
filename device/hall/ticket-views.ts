import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { LineDetails, QueueLine } from '../../protocol/api/queue.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import type { HallRules } from '../../protocol/hall-rules.ts';
import type { Text } from '../../protocol/values.ts';
import type { BoxConfig } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { mayBecome } from '../core/ticket-rules.ts';
import type { Journal } from '../journal/journal.ts';
import { followingOf, type TicketRow } from '../journal/projections/tickets.ts';
import { followForecast } from './forecast-model.ts';
import type { HallWordsStore } from './hall-words.ts';
import type { OpenTickets } from './open-tickets.ts';
import { createTodayHours } from './opening-hours.ts';
import { createWaitingLine, type Forecast, isTooLate } from './waiting-line.ts';
import type { Windows } from './windows.ts';

export type WaitTold = Pick<TicketView, 'ahead' | 'wait' | 'closing'>;

/** What a person is told of a forecast: no wait that would end after closing. */
export function waitTold({ waiting: ahead, wait, closing }: Forecast): WaitTold {
  return { ahead, wait: isTooLate(closing) ? null : wait, closing };
}

export interface TicketViews {
  /** With the wait that the person was told already, or the one of now. */
  view(row: TicketRow, told?: WaitTold): TicketView;
  line(row: TicketRow): QueueLine;
  details(row: TicketRow): LineDetails;
  shortTitle(serviceId: string): Text;
  /** Who waits now, and the wait of somebody who comes now. */
  waitNow(): Forecast;
  /** What somebody is told who takes a ticket now and is due at a moment of the hall. */
  newcomer(serviceId: string, dueMs: number): Forecast;
}

/** Tickets as kiosk, phone and clerk see them. */
export function createTicketViews(parts: {
  db: DatabaseSync;
  journal: Journal;
  open: OpenTickets;
  windows: Windows;
  words: HallWordsStore;
  clock: Clock;
  config: BoxConfig;
  rules: HallRules;
  register: RegisterHolder;
  publicUrl: () => string;
  awaited?: (() => { serviceId: string; at: Date }[]) | undefined;
}): TicketViews {
  const { db, journal, open, windows, words, clock, config, rules, register } = parts;
  const findService = (serviceId: string) =>
    register.get().services.find(service => service.id === serviceId);
  const normSeconds = (serviceId: string) => {
    const minutes = findService(serviceId)?.receptionMinutes;
    return minutes === undefined ? undefined : minutes * 60;
  };
  const waitingLine = createWaitingLine({
    ...{ db, open, clock, windows },
    windowNames: config.branch.windows,
    hours: createTodayHours({
      ...{ hours: rules.hours ?? [], timeZone: config.branch.timeZone, clock },
      calendar: () => register.get().appointments?.calendar,
    }),
    categoryOf: serviceId => findService(serviceId)?.categoryId ?? null,
    model: followForecast(db, journal, normSeconds),
    awaited: parts.awaited ?? (() => []),
    bookedWaitMinutes: rules.appointmentWaitMinutes,
  });
  const titleOf = (serviceId: string) => findService(serviceId)?.title ?? { ru: serviceId, en: serviceId };
  const shortTitle = (serviceId: string) => findService(serviceId)?.short ?? titleOf(serviceId);
  const moreOf = (row: TicketRow) =>
    followingOf(row).map(({ serviceId }) => ({ serviceId, title: shortTitle(serviceId) }));

  function view(row: TicketRow, told?: WaitTold): TicketView {
    const isPending = row.state === 'issued' || row.state === 'waiting';
    const { ahead, wait, closing } = isPending
      ? (told ?? waitTold(waitingLine.before(row.id)))
      : { ahead: 0, wait: null, closing: null };
    return {
      id: row.id,
      number: row.number,
      state: row.state,
      serviceId: row.service_id,
      serviceTitle: titleOf(row.service_id),
      purpose: row.purpose,
      more: moreOf(row),
      mayReturnUntil: mayReturnUntil(row, rules)?.toISOString() ?? null,
      mayCancel: mayBecome(row.state, 'cancelled'),
      issuedAt: row.issued_at,
      ...{ ahead, wait, closing },
      window: row.state === 'called' || row.state === 'serving' ? row.window : null,
      statusUrl: `${parts.publicUrl()}/t/${row.id}`,
      print: printState(row),
    };
  }

  function details(row: TicketRow): LineDetails {
    const due = open.dueMs(row.id);
    return {
      purpose: row.purpose,
      privilege: row.privilege,
      dueAt: due === undefined ? row.waits_from : open.wallTime(due).toISOString(),
      more: moreOf(row),
      forWindow: row.for_window,
      comments: words.comments(row.id).map(({ by, at, words: said }) => ({ by, at, words: said })),
      returns: row.returns,
    };
  }

  function line(row: TicketRow): QueueLine {
    return {
      ...details(row),
      ticketId: row.id,
      number: row.number,
      serviceId: row.service_id,
      serviceTitle: shortTitle(row.service_id),
      waitingSince: row.waiting_since ?? row.issued_at,
      doubtful: row.waiting_by === 'recovery',
    };
  }

  return {
    view,
    line,
    details,
    shortTitle,
    waitNow: () => waitingLine.before(),
    newcomer: waitingLine.beforeNewcomer,
  };
}

/** Until when somebody who missed the call may come back to the old place; undefined when that is no longer granted. */
export function mayReturnUntil(row: TicketRow, { comeBack }: HallRules): Date | undefined {
  if (row.state !== 'no-show' || row.ended_at === null || row.returns >= comeBack.times) return undefined;
  return new Date(Date.parse(row.ended_at) + comeBack.withinMinutes * 60_000);
}

function printState(row: TicketRow): TicketView['print'] {
  if (row.waiting_by === 'printed' || row.waiting_by === 'on-screen') return { state: row.waiting_by };
  if (isErrorCode(row.print_error)) return { state: 'failed', error: apiError(row.print_error) };
  return { state: row.waiting_by === 'recovery' ? 'recovered' : 'printing' };
}
