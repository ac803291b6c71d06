import type { DatabaseSync } from 'node:sqlite';
import { businessDay, type Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { TicketView, TicketWish } from '../../protocol/api/tickets.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { HallRules } from '../../protocol/hall-rules.ts';
import { type BoxConfig, hallRulesOf } from '../config/box-config.ts';
import type { RegisterHolder } from '../config/register-file.ts';
import { allowedMinutes, type Waiting } from '../core/calling.ts';
import { zoneText } from '../core/zones.ts';
import type { Journal } from '../journal/journal.ts';
import type { TicketRow } from '../journal/projections/tickets.ts';
import type { TicketPrinter } from '../peripherals/driver.ts';
import { type DoneRequests, openDoneRequests } from './done-requests.ts';
import { followGivenNumbers, type GivenNumbers } from './given-numbers.ts';
import { type HallWordsStore, openHallWords } from './hall-words.ts';
import { followOffers, type Offers } from './offers.ts';
import { followOpenTickets, type OpenTickets } from './open-tickets.ts';
import { createTicketViews, mayReturnUntil, type TicketViews } from './ticket-views.ts';
import { readWindows, type Windows } from './windows.ts';

export interface HallParts {
  db: DatabaseSync;
  journal: Journal;
  clock: Clock;
  /** What the day goes by, when the wall clock may be wrong; the same as `clock` when left out. */
  calendar?: Clock;
  config: BoxConfig;
  register: RegisterHolder;
  printer: TicketPrinter;
  /** People with an appointment who have not come yet, ascending; the forecast counts with them. */
  awaited?: () => { serviceId: string; at: Date }[];
  /** Whether the other box of the branch told of a ticket, however it went on there. */
  isKnownElsewhere?: (ticketId: string) => boolean;
  /** Base of the addresses on tickets. */
  publicUrl: () => string;
  log: Log;
}

/** What every desk of the hall works with. */
export interface HallContext extends HallParts {
  rules: HallRules;
  open: OpenTickets;
  numbers: GivenNumbers;
  windows: Windows;
  words: HallWordsStore;
  requests: DoneRequests;
  offers: Offers;
  views: TicketViews;
  /** Business day of the branch; of a day later or earlier. */
  today(daysLater?: number): string;
  /** Group of a service in the register. */
  categoryOf(serviceId: string): string | null;
  /** Throws `queue.unknown-ticket`. */
  find(ticketId: string): TicketRow;
  /** Throws `queue.too-late-to-return` unless the person missed the call a short while ago. */
  needMayReturn(row: TicketRow): void;
  /** Where the person will be called, as the ticket says it; empty when the branch has no zones. */
  zoneOf(ticket: Pick<TicketView, 'serviceId' | 'purpose'>): string;
  /** When somebody with this wish is to be called at the latest, by the reckoning of the hall. */
  dueOf(wish: Pick<TicketWish, 'purpose' | 'privilege'>): number;
  /** Who waits, as the rule of calling sees them. */
  people(): Waiting[];
}

export function createHallContext(parts: HallParts): HallContext {
  const { db, journal, clock, calendar = clock, config, register } = parts;
  const rules = hallRulesOf(config);
  const byId = db.prepare('select * from tickets where id = ?');
  const categoryOf = (serviceId: string) =>
    register.get().services.find(({ id }) => id === serviceId)?.categoryId ?? null;
  const open = followOpenTickets({ db, journal, clock, rules, categoryOf });
  const windows = readWindows(db);
  const words = openHallWords(db);
  return {
    ...parts,
    ...{ rules, open, windows, words, categoryOf },
    requests: openDoneRequests(db),
    numbers: followGivenNumbers(db, journal, config.pair?.series ?? null),
    views: createTicketViews({ ...parts, open, windows, words, rules }),
    offers: followOffers(db, journal, { box: config.box, rules }),
    today: (daysLater = 0) =>
      businessDay(new Date(calendar.now().getTime() + daysLater * 86_400_000), config.branch.timeZone),
    find(ticketId) {
      const row = open.find(ticketId) ?? (byId.get(ticketId) as TicketRow | undefined);
      if (!row) throw new AppError('queue.unknown-ticket');
      return row;
    },
    needMayReturn(row) {
      const until = mayReturnUntil(row, rules);
      if (!until || clock.now() > until)
        throw new AppError('queue.too-late-to-return', { number: row.number });
    },
    zoneOf({ serviceId, purpose }) {
      if (rules.zones.length === 0) return '';
      const wish = { forWindow: null, serviceId, categoryId: categoryOf(serviceId), purpose };
      return zoneText(rules.zones, windows.manned(), wish);
    },
    dueOf({ purpose = 'submit', privilege = null }) {
      return open.nowMs() + allowedMinutes({ purpose, privilege, transferred: false }, rules) * 60_000;
    },
    people() {
      const people = open.people();
      if (people.every(({ forWindow }) => forWindow === null)) return people;
      const manned = new Set(windows.manned().map(({ window }) => window));
      // A window that closed can keep nobody waiting for it.
      return people.map(person =>
        person.forWindow === null || manned.has(person.forWindow) ? person : { ...person, forWindow: null },
      );
    },
  };
}
