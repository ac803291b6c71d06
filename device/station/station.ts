import { businessDay, type Clock } from '../../platform/clock.ts';
import { apiError } from '../../platform/http.ts';
import type { Log } from '../../platform/log.ts';
import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import type { BranchView } from '../../protocol/api/branch.ts';
import { anyDay, type LeasedNumbers, type StationView } from '../../protocol/api/station.ts';
import type { TicketView, TicketWish } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import { isErrorCode } from '../../protocol/errors.ts';
import type { Register } from '../../protocol/register.ts';
import { numberText } from '../core/numbering.ts';
import { slipOf } from '../hall/slip.ts';
import type { TicketPrinter } from '../peripherals/driver.ts';
import type { BranchHub } from './branch-hub.ts';
import { HubAway, HubRefusal } from './hub-client.ts';
import { followHubTime } from './hub-time.ts';
import type { StationBook, StationTicketRow } from './station-book.ts';
import type { StationConfig } from './station-config.ts';

/** Numbers of tomorrow are leased so long before midnight, for a station that is alone then. */
const aheadMs = 6 * 60 * 60_000;

export interface Station {
  /** Numbers from a lease and prints. A repeated request gets the same ticket. Throws `queue.*`. */
  issue(wish: TicketWish): Promise<TicketView>;
  confirmOnScreen(ticketId: string): TicketView;
  ticket(ticketId: string): TicketView;
  /** Whether the hub has this ticket. */
  isTold(ticketId: string): boolean;
  view(): StationView;
  /** The time of the hall. */
  now(): Date;
  /** Tells the hub what was given, and leases numbers; the hub may be away. */
  reconcile(): Promise<void>;
}

export function createStation(parts: {
  config: StationConfig;
  book: StationBook;
  hub: BranchHub;
  printer: TicketPrinter;
  /** The newest that is known. */
  register: () => Register;
  clock: Clock;
  log: Log;
}): Station {
  const { config, book, hub, printer, register, log } = parts;
  const clock = followHubTime(parts.clock);
  const printing = new Map<string, Promise<void>>();
  /** When tickets were taken on a day that was not known, by the clock that only grows. */
  const takenAtMs = new Map<string, number>();
  const refused = new Set<string>();
  let isHubThere = false;
  let lastTrouble = '';
  let newestBranch: string | undefined;
  const dayOf = (at: Date) => businessDay(at, config.branch.timeZone);
  const today = () => dayOf(clock.now());

  function letterOf(serviceId: string): string {
    const service = register().services.find(({ id }) => id === serviceId);
    if (!service) throw new AppError('queue.unknown-service', { serviceId });
    return register().categories.find(({ id }) => id === service.categoryId)?.letter ?? 'Я';
  }

  function viewOf(row: StationTicketRow): TicketView {
    const wish = JSON.parse(row.wish) as TicketWish;
    const titleOf = (serviceId: string) =>
      register().services.find(({ id }) => id === serviceId)?.title ?? { ru: serviceId, en: serviceId };
    return {
      id: row.ticket_id,
      number: numberText(row.letter, row.running),
      state: row.held_by === null ? 'issued' : 'waiting',
      serviceId: wish.serviceId,
      serviceTitle: titleOf(wish.serviceId),
      purpose: wish.purpose ?? 'submit',
      more: (wish.more ?? []).map(serviceId => ({ serviceId, title: titleOf(serviceId) })),
      mayReturnUntil: null,
      mayCancel: false,
      issuedAt: row.taken_at,
      // Only the hub knows; this is the newest that it said.
      ahead: newestBranch === undefined ? 0 : (JSON.parse(newestBranch) as BranchView).waiting,
      wait: null,
      closing: null,
      window: null,
      statusUrl: `${hub.publicUrl()}/t/${row.ticket_id}`,
      print: printState(row),
    };
  }

  function need(ticketId: string): StationTicketRow {
    const row = book.find(ticketId);
    if (!row) throw new AppError('queue.unknown-ticket');
    return row;
  }

  async function print(row: StationTicketRow): Promise<void> {
    const slip = slipOf(viewOf(row), config.branch, false);
    // Without the hub nobody knows who is ahead, so the paper does not say; nor what nobody knows of the time.
    const outcome = await printer.print({ ...slip, ahead: '', ...(row.day === anyDay && { issuedAt: '' }) });
    if (outcome.kind === 'printed') book.held(row.ticket_id, 'printed');
    else if (outcome.kind === 'doubtful') book.held(row.ticket_id, 'recovery');
    else {
      log.warn({ code: outcome.code }, 'a ticket was not printed');
      book.printFailed(row.ticket_id, outcome.code);
    }
  }

  async function lease(letter: string, day: string): Promise<void> {
    const leaseId = book.wishedLease(letter, day, () => timeOrderedId(clock.now()));
    const wish = { leaseId, letter, day, count: config.leaseSize };
    book.keepLease(JSON.parse(await hub.ask('POST', '/api/stations/leases', wish)) as LeasedNumbers);
  }

  async function leaseAll(): Promise<void> {
    const days = new Set([today(), dayOf(new Date(clock.now().getTime() + aheadMs))]);
    for (const day of [...days, anyDay])
      for (const { letter } of register().categories) {
        // A second reserve would have the numbers of the first.
        if (day === anyDay ? book.hasReserve(letter) : book.left(letter, day) >= config.leaseSize / 2)
          continue;
        try {
          await lease(letter, day);
        } catch (error) {
          // A letter or a day that the hub does not know must not keep the others from their numbers.
          if (!(error instanceof HubRefusal) || !isFinal(error)) throw error;
          const name = `${letter} ${day}`;
          if (!refused.has(name)) log.warn({ code: error.body.code }, 'the hub leases no numbers');
          refused.add(name);
        }
      }
  }

  /** What the hub offers, so that it is at hand when the hub is away; it also shows that the hub is there. */
  async function refresh(): Promise<void> {
    for (const path of [
      '/api/hall',
      '/api/screens',
      '/api/branch',
      ...(isRegisterNewest() ? [] : ['/api/register']),
    ]) {
      const body = await hub.ask('GET', path).catch((error: unknown) => unlessUnknown(error, path));
      if (body === undefined) continue;
      if (path !== '/api/branch') {
        if (book.answer(path) !== body) book.keepAnswer(path, body);
        continue;
      }
      const known = book.answer(path);
      const { registerVersion, now } = JSON.parse(body) as BranchView;
      clock.told(now);
      // Its figures change each second, and would wear the disk.
      if (known === undefined || (JSON.parse(known) as BranchView).registerVersion !== registerVersion)
        book.keepAnswer(path, body);
      newestBranch = body;
    }
  }
  const isRegisterNewest = () =>
    newestBranch !== undefined &&
    (JSON.parse(newestBranch) as BranchView).registerVersion === register().version;

  /** The hub told the time: those who took a number on a day that was not known have waited since. */
  function date(): void {
    if (!clock.isTold()) return;
    for (const { ticket_id: ticketId } of book.undated()) {
      const agoMs = clock.monotonicMs() - (takenAtMs.get(ticketId) ?? clock.monotonicMs());
      const takenAt = new Date(clock.now().getTime() - agoMs);
      book.dated(ticketId, dayOf(takenAt), takenAt.toISOString());
    }
    takenAtMs.clear();
  }

  async function tell(): Promise<void> {
    for (const row of book.untold()) {
      const wish = JSON.parse(row.wish) as TicketWish;
      const told = {
        ...{ ...wish, ticketId: row.ticket_id, leaseId: row.lease_id, running: row.running },
        of: { letter: row.letter, day: row.day },
        ...{ takenAt: row.taken_at, heldBy: row.held_by },
      };
      try {
        await hub.ask('POST', '/api/stations/tickets', told);
        book.told(row.ticket_id, 'taken');
      } catch (error) {
        // A ticket that the hub refused once is refused for ever; a log-in or a fault may be mended.
        if (!(error instanceof HubRefusal) || !isFinal(error)) throw error;
        log.error({ code: error.body.code }, 'the hub did not take a ticket of this station');
        book.told(row.ticket_id, error.body.code);
      }
    }
  }

  return {
    async issue(wish) {
      const known = book.byRequest(wish.requestId);
      if (known) {
        await printing.get(known.ticket_id);
        return viewOf(need(known.ticket_id));
      }
      const letter = letterOf(wish.serviceId);
      const ticket = {
        ticket_id: timeOrderedId(clock.now()),
        request_id: wish.requestId,
        letter,
        wish: JSON.stringify(wish),
        taken_at: clock.now().toISOString(),
      };
      // Started without the hub, by a clock that says a day of which there are no numbers: it may be wrong (ADR 59).
      const row = book.number(ticket, today()) ?? (clock.isTold() ? undefined : book.number(ticket, anyDay));
      if (!row) throw new AppError('queue.no-numbers');
      if (row.day === anyDay) takenAtMs.set(row.ticket_id, clock.monotonicMs());
      const printed = print(row).finally(() => printing.delete(row.ticket_id));
      printing.set(row.ticket_id, printed);
      await printed;
      return viewOf(need(row.ticket_id));
    },
    confirmOnScreen(ticketId) {
      need(ticketId);
      book.held(ticketId, 'on-screen');
      return viewOf(need(ticketId));
    },
    ticket: ticketId => viewOf(need(ticketId)),
    isTold: ticketId => need(ticketId).told === 'taken',
    now: clock.now,
    view: () => ({
      station: config.station,
      hub: isHubThere ? 'connected' : 'away',
      untold: book.untold().length,
      refused: book.refused().map(({ letter, running, told }) => ({
        number: numberText(letter, running),
        code: told ?? '',
      })),
      left: register().categories.map(({ letter }) => ({
        letter,
        numbers: book.left(letter, today()) || (clock.isTold() ? 0 : book.left(letter, anyDay)),
      })),
    }),
    async reconcile() {
      try {
        await hub.requireHub();
        await refresh();
        date();
        await tell();
        await leaseAll();
        isHubThere = true;
        lastTrouble = '';
        book.forgetBefore(today());
      } catch (error) {
        isHubThere = false;
        // The box before may have failed before anybody heard what it took from here.
        if (await hub.lookAround(() => book.tellAgain(today()))) {
          log.warn({ url: hub.url() }, 'another box of the branch is the hub');
          return;
        }
        // Tried every two seconds: each trouble is said once.
        if (String(error) === lastTrouble) return;
        lastTrouble = String(error);
        if (error instanceof HubAway)
          log.warn({ reason: error.message }, 'the hub is away, the station goes on');
        else if (error instanceof HubRefusal)
          log.error({ code: error.body.code }, 'the hub refuses this station');
        else
          log.error({ err: error }, 'a fault of the station: tickets go on, the hub does not hear of them');
      }
    },
  };
}

/** A hub of an earlier version does not have all that a kiosk shows; it takes tickets all the same (F23). */
function unlessUnknown(error: unknown, path: string): undefined {
  if (!(error instanceof HubRefusal) || error.status !== 404 || path === '/api/branch') throw error;
}

/** The hub's last word about a wish, and not about who asks or how it feels. */
const isFinal = ({ status, body: { code } }: HubRefusal) =>
  status < 500 && (code.startsWith('queue.') || code === 'internal.bad-request');

function printState(row: StationTicketRow): TicketView['print'] {
  if (row.held_by === 'printed' || row.held_by === 'on-screen') return { state: row.held_by };
  if (isErrorCode(row.print_error)) return { state: 'failed', error: apiError(row.print_error) };
  return { state: row.held_by === 'recovery' ? 'recovered' : 'printing' };
}
