import type { DatabaseSync } from 'node:sqlite';
import { migrate, transaction } from '../../platform/sqlite.ts';
import { anyDay, type LeasedNumbers } from '../../protocol/api/station.ts';

export interface StationTicketRow {
  ticket_id: string;
  request_id: string;
  lease_id: string;
  letter: string;
  running: number;
  /** `any` while it is not known. */
  day: string;
  /** `TicketWish` as JSON. */
  wish: string;
  taken_at: string;
  held_by: 'printed' | 'on-screen' | 'recovery' | null;
  print_error: string | null;
  /** What the hub said: `taken`, or the code of its refusal; null before. */
  told: string | null;
}

/** A reserve with fewer numbers left is made whole. */
const reserveLow = 12;

/** Everything that a station must not forget. Each call is on the disk when it returns. */
export interface StationBook {
  /** A lease that was asked for and not answered, so that it is asked for by the same name. */
  wishedLease(letter: string, day: string, newId: () => string): string;
  keepLease(lease: LeasedNumbers): void;
  left(letter: string, day: string): number;
  /** Takes the next number and writes the ticket; undefined when no number is left. */
  number(
    ticket: Pick<StationTicketRow, 'ticket_id' | 'request_id' | 'letter' | 'wish' | 'taken_at'>,
    day: string,
  ): StationTicketRow | undefined;
  /** Given from the reserve on a day that was not known then. */
  undated(): StationTicketRow[];
  /** It is known now when a ticket was taken. */
  dated(ticketId: string, day: string, takenAt: string): void;
  /**
   * Whether there is a reserve. One of which some are gone is given up when all tickets of it are forgotten: from
   * then on, which is another day, the same numbers may be given anew.
   */
  hasReserve(letter: string): boolean;
  find(id: string): StationTicketRow | undefined;
  byRequest(requestId: string): StationTicketRow | undefined;
  held(ticketId: string, by: NonNullable<StationTicketRow['held_by']>): void;
  printFailed(ticketId: string, code: string): void;
  /** Somebody may hold the paper of these: their print was cut off. */
  recover(): void;
  /** Held by people and not told to the hub, in the order of taking. */
  untold(): StationTicketRow[];
  told(ticketId: string, answer: string): void;
  /** Another box is the hub: what the one before took on a day is told once more. */
  tellAgain(day: string): void;
  /** Those that the hub refused. */
  refused(): StationTicketRow[];
  answer(path: string): string | undefined;
  keepAnswer(path: string, body: string): void;
  /** Forgets what was told, and leases of days before. */
  forgetBefore(day: string): void;
}

export function openStationBook(db: DatabaseSync): StationBook {
  migrate(db, [
    `
    create table leases (id text primary key, letter text not null, day text not null, next integer, last integer) strict;
    create table tickets (
      ticket_id text primary key,
      request_id text not null unique,
      lease_id text not null,
      letter text not null,
      running integer not null,
      day text not null,
      wish text not null,
      taken_at text not null,
      held_by text,
      print_error text,
      told text,
      unique (lease_id, running)
    ) strict;
    create table answers (path text primary key, body text not null) strict;
    `,
  ]);
  const wished = db.prepare('select id from leases where letter = ? and day = ? and last is null');
  const wish = db.prepare('insert into leases (id, letter, day) values (?, ?, ?)');
  const keep = db.prepare('update leases set next = ?, last = ? where id = ? and last is null');
  const left = db.prepare(
    'select coalesce(sum(last - next + 1), 0) as n from leases where letter = ? and day = ? and last is not null',
  );
  const usable = db.prepare(
    'select id, next from leases where letter = ? and day = ? and next <= last order by next limit 1',
  );
  const used = db.prepare('update leases set next = next + 1 where id = ?');
  const insert = db.prepare(
    `insert into tickets (ticket_id, request_id, lease_id, letter, running, day, wish, taken_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const undated = db.prepare('select * from tickets where day = ?');
  const dated = db.prepare('update tickets set day = ?, taken_at = ? where ticket_id = ?');
  const giveUp = db.prepare(
    `delete from leases where letter = ? and day = ? and last - next < ?
      and not exists (select 1 from tickets where lease_id = leases.id)`,
  );
  const reserve = db.prepare('select 1 from leases where letter = ? and day = ? and last is not null');
  const find = db.prepare('select * from tickets where ticket_id = ?');
  const byRequest = db.prepare('select * from tickets where request_id = ?');
  const held = db.prepare('update tickets set held_by = ? where ticket_id = ? and held_by is null');
  const failed = db.prepare('update tickets set print_error = ? where ticket_id = ?');
  const recover = db.prepare(
    `update tickets set held_by = 'recovery' where held_by is null and print_error is null`,
  );
  const untold = db.prepare(
    'select * from tickets where held_by is not null and told is null order by taken_at, rowid',
  );
  const told = db.prepare('update tickets set told = ? where ticket_id = ?');
  const again = db.prepare(`update tickets set told = null where day = ? and told = 'taken'`);
  const refused = db.prepare(`select * from tickets where told <> 'taken' order by taken_at, rowid`);
  const answer = db.prepare('select body from answers where path = ?');
  const keepAnswer = db.prepare('insert or replace into answers (path, body) values (?, ?)');
  const forgetTickets = db.prepare(
    `delete from tickets where day < ? and (told is not null or held_by is null)`,
  );
  const forgetLeases = db.prepare('delete from leases where day < ?');
  const row = (value: unknown) => value as StationTicketRow | undefined;

  return {
    wishedLease: (letter, day, newId) =>
      transaction(db, () => {
        const known = wished.get(letter, day) as { id: string } | undefined;
        if (known) return known.id;
        const id = newId();
        wish.run(id, letter, day);
        return id;
      }),
    keepLease: ({ leaseId, from, to }) => void keep.run(from, to, leaseId),
    left: (letter, day) => (left.get(letter, day) as { n: number }).n,
    number: ({ ticket_id, request_id, letter, wish: wanted, taken_at }, day) =>
      transaction(db, () => {
        const lease = usable.get(letter, day) as { id: string; next: number } | undefined;
        if (!lease) return undefined;
        used.run(lease.id);
        insert.run(ticket_id, request_id, lease.id, letter, lease.next, day, wanted, taken_at);
        return row(find.get(ticket_id));
      }),
    undated: () => undated.all(anyDay) as unknown as StationTicketRow[],
    dated: (ticketId, day, takenAt) => void dated.run(day, takenAt, ticketId),
    hasReserve(letter) {
      giveUp.run(letter, anyDay, reserveLow);
      return reserve.get(letter, anyDay) !== undefined;
    },
    find: id => row(find.get(id)),
    byRequest: requestId => row(byRequest.get(requestId)),
    held: (ticketId, by) => void held.run(by, ticketId),
    printFailed: (ticketId, code) => void failed.run(code, ticketId),
    recover: () => void recover.run(),
    untold: () => untold.all() as unknown as StationTicketRow[],
    told: (ticketId, said) => void told.run(said, ticketId),
    tellAgain: day => void again.run(day),
    refused: () => refused.all() as unknown as StationTicketRow[],
    answer: path => (answer.get(path) as { body: string } | undefined)?.body,
    keepAnswer: (path, body) => void keepAnswer.run(path, body),
    forgetBefore(day) {
      forgetTickets.run(day);
      forgetLeases.run(day);
    },
  };
}
