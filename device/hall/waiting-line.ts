import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../platform/clock.ts';
import type { Closing, Wait } from '../../protocol/api/wait.ts';
import type { ToldWait } from '../../protocol/told-wait.ts';
import { type Booked, type Replay, startReplay } from '../core/forecast/replay.ts';
import { quantile } from '../core/forecast/sliced.ts';
import { waitInWords } from '../core/forecast/told.ts';
import type { ForecastModel } from './forecast-model.ts';
import { type ForecastWindow, readForecastWindows } from './forecast-windows.ts';
import type { OpenTicket, OpenTickets } from './open-tickets.ts';
import type { TodayHours } from './opening-hours.ts';
import type { Windows } from './windows.ts';

/** A replay of the hall serves the numbers given after it for so long. */
const replayKeptMs = 5_000;
/** Appointments that matter for somebody who comes now, and until when a late person is counted with. */
const foreseenSeconds = 4 * 3600;
const stillAwaitedSeconds = 15 * 60;
/** Share of the forecast's futures in which the wait is no longer than its `lateSeconds`. */
const late = 0.8;
/** From these shares of futures in which the windows close before, a person is told so. */
const unsureFrom = 0.15;
const unlikelyFrom = 0.5;

export interface Forecast {
  /** People who are called before. */
  waiting: number;
  wait: Wait;
  /** Windows that are counted with. */
  windows: number;
  /** Null while the branch has told no hours for today. */
  closing: Closing | null;
  /**
   * What is put down with the ticket; undefined for somebody who is surely called at once, and for somebody who
   * is told that today is too late.
   */
  told: ToldWait | undefined;
}

export interface WaitingLine {
  /** How many are called before a ticket, and how long that takes; without one, before a new number. */
  before(ticketId?: string): Forecast;
  /** The same for a ticket that is about to be given; people who are due later than `dueMs` come after it. */
  beforeNewcomer(serviceId: string, dueMs: number): Forecast;
}

interface Kept {
  untilMs: number;
  disorder: number;
  /** The replay holds so many from the head of the line. */
  waiting: number;
  windows: readonly ForecastWindow[];
  replay: Replay;
}

/**
 * Who waits, for the forecast. Every new number asks, and the answer must not cost more at the end of a
 * day than at its beginning: the last replay is carried on by those who came since, as long as nobody
 * left the line before them.
 */
export function createWaitingLine(parts: {
  db: DatabaseSync;
  open: OpenTickets;
  windows: Windows;
  clock: Clock;
  windowNames: readonly string[];
  hours: TodayHours;
  categoryOf: (serviceId: string) => string | null;
  model: ForecastModel;
  awaited: () => { serviceId: string; at: Date }[];
  /** How long people with an appointment may be made to wait. */
  bookedWaitMinutes: number;
}): WaitingLine {
  const { open, clock, model } = parts;
  const windowsNow = readForecastWindows(parts);
  let kept: Kept | undefined;

  const holds = ({ untilMs, disorder }: Kept) =>
    clock.monotonicMs() < untilMs && disorder === open.disorder();

  /** The hall before anybody is called, or a replay that still holds for the first `ahead` of the line. */
  function start(ahead: number): Kept {
    const [nowMs, disorder] = [clock.monotonicMs(), open.disorder()];
    if (kept && holds(kept) && kept.waiting <= ahead) return kept;
    const windows = windowsNow();
    return {
      ...{ untilMs: nowMs + replayKeptMs, disorder, waiting: 0, windows },
      replay: startReplay(windows, booked(), model.knowledge()),
    };
  }

  function booked(): Booked[] {
    const nowMs = clock.now().getTime();
    return parts
      .awaited()
      .map(({ serviceId, at }) => ({ service: serviceId, inSeconds: (at.getTime() - nowMs) / 1000 }))
      .filter(({ inSeconds }) => inSeconds > -stillAwaitedSeconds && inSeconds < foreseenSeconds)
      .map(({ service, inSeconds }) => {
        const coming = Math.max(0, inSeconds);
        return { service, inSeconds: coming, dueSeconds: coming + parts.bookedWaitMinutes * 60 };
      });
  }

  function behind(waiting: number, serviceId: string, dueMs: number): Forecast {
    const nowMs = open.nowMs();
    const person = ({ row, sinceMs, dueMs: due }: OpenTicket) => ({
      service: row.service_id,
      waitedSeconds: Math.max(0, (nowMs - sinceMs) / 1000),
      dueSeconds: (due - nowMs) / 1000,
    });
    const from = start(waiting);
    for (const ticket of open.waiting().slice(from.waiting, waiting)) from.replay.serve(person(ticket));
    const now = { ...from, waiting };
    // A phone in the middle of the line must not cost the next new number a replay of all.
    if (!kept || !holds(kept) || kept.waiting <= waiting) kept = now;
    const waits = now.replay.waits(serviceId, (dueMs - nowMs) / 1000);
    const telling = model.telling().tell(waits);
    const closing = closingOf(now.windows, serviceId, waits);
    const told = telling && {
      fromSeconds: Math.round(telling.fromSeconds),
      toSeconds: Math.round(telling.toSeconds),
      usualSeconds: Math.round(telling.usualSeconds),
      lateSeconds: Math.round(quantile(waits, late)),
      ...{ ahead: waiting, windows: now.windows.length },
    };
    return {
      ...{ waiting, windows: now.windows.length, closing, wait: waitInWords(told) },
      // Nobody is promised a wait that ends after closing.
      told: isTooLate(closing) ? undefined : told,
    };
  }

  function closingOf(
    windows: readonly ForecastWindow[],
    serviceId: string,
    waits: Float64Array,
  ): Closing | null {
    const able = windows.filter(({ serves }) => serves?.(serviceId) ?? true);
    const closes = Math.max(
      ...(able.length > 0 ? able : windows).map(each => each.closesSeconds ?? Number.POSITIVE_INFINITY),
    );
    if (!Number.isFinite(closes)) return null;
    const at = new Date(clock.now().getTime() + closes * 1000).toISOString();
    if (closes <= 0) return { at, chance: 'over' };
    const late = waits.filter(seconds => seconds >= closes).length / waits.length;
    return { at, chance: late >= unlikelyFrom ? 'unlikely' : late >= unsureFrom ? 'unsure' : 'likely' };
  }

  return {
    before(ticketId) {
      const row = ticketId === undefined ? undefined : open.find(ticketId);
      const due = ticketId === undefined ? undefined : open.dueMs(ticketId);
      return behind(open.ahead(ticketId), row?.service_id ?? '', due ?? open.nowMs());
    },
    beforeNewcomer: (serviceId, dueMs) => behind(open.aheadOf(dueMs), serviceId, dueMs),
  };
}

/** Whoever is told so is promised no wait. */
export const isTooLate = (closing: Closing | null): boolean =>
  closing?.chance === 'unlikely' || closing?.chance === 'over';
