import { AppError } from '../../../protocol/app-error.ts';
import { type Columns, columnsByName } from './columns.ts';
import { dayOrderOf, type Moment, readDuration, readMoment } from './moments.ts';
import type { Person } from './people.ts';
import { type Row, readTable } from './table.ts';

/** A row that cannot be used, and why. */
export interface Unread {
  line: number;
  why: 'arrival' | 'duration' | 'patience' | 'columns';
  text: string;
}

export interface Arrivals {
  /** In the order of coming. Seconds are of the file: since 1970 when it has dates. */
  people: Person[];
  unread: Unread[];
  /** Rows whose visit has no length, because the person was not served: they got one of their service. */
  lengthsFound: number;
}

const names = {
  date: ['date', 'дата', 'день', 'day'],
  arrival: [
    'arrival',
    'arrivaltime',
    'arrived',
    'timestamp',
    'datetime',
    'enqueued',
    'issuedat',
    'приход',
    'времяприхода',
    'пришел',
    'пришёл',
    'выдан',
    'arrive',
    'time',
    'время',
    'at',
  ],
  service: [
    'service',
    'servicename',
    'servicetype',
    'услуга',
    'type',
    'тип',
    'queue',
    'категория',
    'category',
  ],
  duration: [
    'duration',
    'durationseconds',
    'serviceduration',
    'servicedurationseconds',
    'serviceseconds',
    'servicetime',
    'длительность',
    'обслуживание',
    'servtime',
    'seconds',
    'visit',
  ],
  patience: ['patience', 'patienceseconds', 'терпение', 'abandon', 'leaves'],
  booked: ['booked', 'bookedat', 'appointment', 'запись', 'назначено'],
} as const;
type Column = keyof typeof names;

const nothing = /^(|-|—|na|n\/a|nan|null|none|nil|inf|infinity|\+inf|∞|never|нет|-1)$/i;
/** A fall of the clock by so much is the next day, in files that have no dates. */
const nextDaySeconds = 6 * 3600;
/** A visit is never longer: such rows are slips of a log, like a window that was not closed at night. */
const longestSeconds = 24 * 3600;

/**
 * Reads a log of arrivals: arrival time, service, service duration in seconds, patience in seconds or empty, by names
 * in the first row in any order, or in this order without names. Rows may be in any order. What cannot be read is
 * told and left out. Throws `simulation.no-arrivals` when nothing is left.
 */
export function readArrivals(bytes: Uint8Array): Arrivals {
  const rows = readTable(bytes);
  const first = rows[0];
  if (!first) throw new AppError('simulation.no-arrivals', { rows: 0 });
  const named = isNames(first) ? columnsByName(first, names) : undefined;
  // A file with other names than ours is read by the order of its columns.
  const columns: Columns<Column> =
    named && (named.arrival ?? named.date) !== undefined && named.duration !== undefined
      ? named
      : { arrival: 0, service: 1, duration: 2, patience: 3, booked: 4 };
  const unread: Unread[] = [];
  const read = readRows(isNames(first) ? rows.slice(1) : rows, columns, unread);
  if (read.length === 0)
    throw new AppError('simulation.no-arrivals', { rows: rows.length, line: unread[0]?.line ?? 1 });
  spreadOverDays(read);
  const lengthsFound = findLengths(read);
  const people = read.map(({ person }) => person).sort((a, b) => a.atSeconds - b.atSeconds);
  return { people, unread, lengthsFound };
}

/** A first row of names holds no moment where others do. */
const isNames = ({ cells }: Row) =>
  !cells.some(cell => readMoment(cell) !== undefined) && cells.some(cell => /\p{L}/u.test(cell));

interface Read {
  person: Person;
  kind: Moment['kind'];
}

function readRows(rows: readonly Row[], columns: Columns<Column>, unread: Unread[]): Read[] {
  const cell = ({ cells }: Row, column: Column): string => {
    const at = columns[column];
    return at === undefined ? '' : (cells[at] ?? '');
  };
  const arrivalOf = (row: Row) => {
    const [date, arrival] = [cell(row, 'date'), cell(row, 'arrival')];
    const whole = readMoment(arrival);
    return date === '' || whole?.kind === 'date' ? arrival : `${date} ${arrival}`.trim();
  };
  const order = dayOrderOf(rows.map(arrivalOf));
  const read: Read[] = [];
  for (const row of rows) {
    const moment = readMoment(arrivalOf(row), order);
    const [lengthText, patienceText, bookedText] = [
      cell(row, 'duration'),
      cell(row, 'patience'),
      cell(row, 'booked'),
    ];
    const length = nothing.test(lengthText) ? 0 : readDuration(lengthText);
    const patience = nothing.test(patienceText) ? Number.POSITIVE_INFINITY : readDuration(patienceText);
    const say = (why: Unread['why'], text: string) => unread.push({ line: row.line, why, text });
    if (row.cells.length < 2) say('columns', row.cells.join(' '));
    else if (!moment) say('arrival', arrivalOf(row));
    else if (length === undefined || length < 0 || length > longestSeconds) say('duration', lengthText);
    else if (patience === undefined || patience < 0) say('patience', patienceText);
    else {
      const booked = bookedText === '' ? undefined : readMoment(bookedText, order);
      const service = cell(row, 'service').replace(/\s+/g, ' ') || '—';
      const person = { atSeconds: moment.seconds, service, visitSeconds: length, patienceSeconds: patience };
      const isSameKind = booked && booked.kind === moment.kind && booked.kind !== 'clock';
      read.push({
        person: isSameKind ? { ...person, bookedSeconds: booked.seconds } : person,
        kind: moment.kind,
      });
    }
  }
  return read;
}

/** Clock times without dates: each great fall begins another day, unless the rows are in no order at all. */
function spreadOverDays(read: readonly Read[]): void {
  const clocks = read.filter(({ kind }) => kind === 'clock');
  let [falls, small] = [0, 0];
  for (let at = 1; at < clocks.length; at++) {
    const fall = (clocks[at - 1]?.person.atSeconds ?? 0) - (clocks[at]?.person.atSeconds ?? 0);
    if (fall > nextDaySeconds) falls++;
    else if (fall > 600) small++;
  }
  if (falls === 0 || small > falls) return;
  let [day, before] = [0, 0];
  for (const { person } of clocks) {
    const clock = person.atSeconds;
    if (before - clock > nextDaySeconds) day++;
    before = clock;
    person.atSeconds += day * 86_400;
  }
}

/** People who left have no visit in most logs; had they been served, it would have been like another of their service. */
function findLengths(read: readonly Read[]): number {
  const known = new Map<string, number[]>();
  const all: number[] = [];
  for (const { person } of read)
    if (person.visitSeconds > 0) {
      all.push(person.visitSeconds);
      known.set(person.service, [...(known.get(person.service)?.slice(-99) ?? []), person.visitSeconds]);
    }
  if (all.length === 0) throw new AppError('simulation.no-durations');
  let found = 0;
  for (const { person } of read) {
    if (person.visitSeconds > 0) continue;
    const others = known.get(person.service) ?? all;
    person.visitSeconds = others[found % others.length] ?? 0;
    found++;
  }
  return found;
}
