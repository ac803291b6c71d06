import { AppError } from '../../../protocol/app-error.ts';
import { columnsByName } from './columns.ts';
import { dayOrderOf, readMoment } from './moments.ts';
import type { Opening, Person, PlannedWindow } from './people.ts';
import { readTable } from './table.ts';

const names = {
  window: ['window', 'окно', 'windowid', 'desk', 'counter', 'agent', 'server', 'id', 'номер'],
  date: ['date', 'дата', 'day', 'день'],
  opens: ['opens', 'open', 'from', 'start', 'begin', 'opensat', 'с', 'открытие', 'начало'],
  closes: ['closes', 'close', 'to', 'end', 'until', 'closesat', 'по', 'до', 'закрытие', 'конец'],
  services: ['services', 'service', 'skills', 'услуги', 'услуга'],
} as const;
const daySeconds = 86_400;

/**
 * Reads opening hours of windows: window, opens, closes, and perhaps a date and the services it takes (with `|` or `/`
 * between them). A window has a row for each of its openings; hours without a date hold on every day of the
 * log. Throws `simulation.window-unreadable` with the line.
 */
export function readWindows(bytes: Uint8Array, people: readonly Person[]): PlannedWindow[] {
  const rows = readTable(bytes);
  const first = rows[0];
  if (!first) throw new AppError('simulation.no-windows');
  const hasNames = !first.cells.some(
    cell => readMoment(cell)?.kind === 'clock' || readMoment(cell)?.kind === 'date',
  );
  const named = hasNames ? columnsByName(first, names) : undefined;
  const columns =
    named?.opens !== undefined && named.closes !== undefined
      ? named
      : { window: 0, opens: 1, closes: 2, services: 3 };
  const days = [...new Set(people.map(({ atSeconds }) => Math.floor(atSeconds / daySeconds)))];
  const windows = new Map<string, { openings: Opening[]; serves: Set<string> }>();
  const order = dayOrderOf(rows.flatMap(({ cells }) => cells));
  rows.slice(hasNames ? 1 : 0).forEach(({ cells, line }, index) => {
    const cell = (at: number | undefined) => (at === undefined ? '' : (cells[at] ?? ''));
    const date = 'date' in columns ? cell(columns.date) : '';
    const on = (text: string) =>
      readMoment(date === '' ? text : `${date} ${text}`, order) ?? readMoment(text, order);
    const [opens, closes] = [on(cell(columns.opens)), on(cell(columns.closes))];
    if (!opens || !closes) throw new AppError('simulation.window-unreadable', { line });
    const name = cell(columns.window) || String(index + 1);
    const window = windows.get(name) ?? { openings: [], serves: new Set() };
    windows.set(name, window);
    // Seconds of a day that are written as a number are hours of every day, when the log has dates.
    const isDaily = opens.kind === 'clock' || (opens.kind === 'count' && closes.seconds <= daySeconds);
    const length = closes.seconds - opens.seconds;
    // Closing at 02:00 is in the night after.
    const openSeconds = length > 0 ? length : length + daySeconds;
    for (const day of isDaily ? days : [0]) {
      const fromSeconds = opens.seconds + day * daySeconds;
      window.openings.push({ fromSeconds, toSeconds: fromSeconds + openSeconds });
    }
    for (const service of cell(columns.services).split(/[|/]/))
      if (service.trim()) window.serves.add(service.trim());
  });
  if (windows.size === 0) throw new AppError('simulation.no-windows');
  return [...windows].map(([name, { openings, serves }]) => ({
    name,
    pace: 1,
    openings: joined(openings),
    ...(serves.size > 0 ? { serves } : {}),
  }));
}

/** Openings in order; those that touch are one. */
export function joined(openings: readonly Opening[]): Opening[] {
  const all: Opening[] = [];
  for (const { fromSeconds, toSeconds } of openings.toSorted((a, b) => a.fromSeconds - b.fromSeconds)) {
    const last = all.at(-1);
    if (last && fromSeconds <= last.toSeconds) last.toSeconds = Math.max(last.toSeconds, toSeconds);
    else all.push({ fromSeconds, toSeconds });
  }
  return all;
}
