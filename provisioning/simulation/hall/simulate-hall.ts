import { readFile } from 'node:fs/promises';
import { AppError } from '../../../protocol/app-error.ts';
import { type ErrorCode, errorText } from '../../../protocol/errors.ts';
import { inferWindows } from './infer-windows.ts';
import { inventBranch } from './invent-day.ts';
import type { Person, PlannedWindow } from './people.ts';
import { type Played, play } from './play.ts';
import { readArrivals, type Unread } from './read-arrivals.ts';
import { readWindows } from './read-windows.ts';

/** Options as they were typed. */
export interface HallWish {
  arrivals?: string;
  windows?: string;
  loads: string;
  days: string;
  offsetHours: string;
}

interface Round {
  load: number;
  people: readonly Person[];
  windows: readonly PlannedWindow[];
  normSeconds: (service: string) => number | undefined;
}

const shownRows = 5;
const unknownNorm = () => undefined;
const say = (text: string) => console.error(text);
/** Both languages, and the code that leads to docs/ERRORS.md. */
const complain = (code: ErrorCode, details: Record<string, unknown>) =>
  say(`${code}: ${errorText(code, 'ru', details)}\n  ${errorText(code, 'en', details)}`);

/**
 * `simulate hall`: plays a log, or an invented branch, and prints one line per load and estimator. Returns the exit status: 2 when the files cannot be used.
 */
export async function simulateHall(wish: HallWish): Promise<number> {
  try {
    const loads = wish.loads.split(',').map(Number);
    const [days, offset] = [Number(wish.days), Number(wish.offsetHours)];
    if (!loads.every(load => load > 0 && load < 5))
      throw new AppError('simulation.bad-option', { option: '--loads' });
    if (!(days >= 1 && days <= 1000)) throw new AppError('simulation.bad-option', { option: '--days' });
    if (!(Math.abs(offset) <= 24)) throw new AppError('simulation.bad-option', { option: '--offset-hours' });
    const rounds = wish.arrivals
      ? await roundsOf(wish.arrivals, wish.windows, loads, offset * 3600)
      : loads.map(load => ({ load, ...inventBranch(load, Math.floor(days)) }));
    if (!wish.arrivals)
      say(`An invented branch of ${rounds[0]?.windows.length} windows, ${Math.floor(days)} days.`);
    for (const round of rounds) print(round, play(round.people, round.windows, round.normSeconds));
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    complain(error.code, error.details);
    return 2;
  }
}

async function roundsOf(
  arrivals: string,
  windowsFile: string | undefined,
  loads: readonly number[],
  offsetSeconds: number,
): Promise<Round[]> {
  const { people, unread, lengthsFound } = readArrivals(await readNamed(arrivals));
  if (offsetSeconds !== 0) for (const person of people) person.atSeconds += offsetSeconds;
  tellUnread(unread);
  const services = new Set(people.map(({ service }) => service));
  say(`${people.length} people, ${services.size} services.`);
  if (lengthsFound > 0)
    say(`${lengthsFound} visits without a length got one of another visit of their service.`);
  const normSeconds = unknownNorm;
  if (!windowsFile) {
    say('No file of windows: as many are open in each hour as the work of the hour needs at the load.');
    return loads.map(load => ({ load, people, windows: inferWindows(people, load), normSeconds }));
  }
  const windows = readWindows(await readNamed(windowsFile), people);
  return [{ load: loadOf(people, windows), people, windows, normSeconds }];
}

async function readNamed(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new AppError('simulation.file-unreadable', { file }, { cause });
  }
}

function tellUnread(unread: readonly Unread[]): void {
  for (const { line, why, text } of unread.slice(0, shownRows))
    complain('simulation.row-unreadable', { line, why, text: text.slice(0, 60) });
  if (unread.length > shownRows) complain('simulation.rows-left-out', { rows: unread.length });
}

/** Work that people bring over the time that windows are open. */
function loadOf(people: readonly Person[], windows: readonly PlannedWindow[]): number {
  const work = people.reduce((sum, { visitSeconds }) => sum + visitSeconds, 0);
  const open = windows
    .flatMap(({ openings }) => openings)
    .reduce((sum, { fromSeconds, toSeconds }) => sum + toSeconds - fromSeconds, 0);
  return work / Math.max(1, open);
}

function print({ load, windows }: Round, { scores, ...played }: Played): void {
  const shared = { load, windows: windows.length, ...played };
  for (const score of scores) {
    const { estimator, maeSeconds, ...more } = score;
    const { meanWaitSeconds, ...others } = shared;
    const line = { estimator, maeSeconds, meanWaitSeconds, ...more, ...others };
    console.log(
      JSON.stringify(line, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)),
    );
  }
  const best = scores.toSorted((a, b) => a.maeSeconds - b.maeSeconds)[0];
  const own = scores[0];
  if (played.refused > played.called / 10) complain('simulation.many-refused', { refused: played.refused });
  if (played.waited === 0) {
    say(
      `load ${load.toFixed(2)}: ${played.called} were called at once, nobody had to wait, ${played.left} left.`,
    );
    return;
  }
  say(
    `load ${load.toFixed(2)}: mean wait ${minutes(played.meanWaitSeconds)} min, ${played.waited} of ${played.called} waited, ${played.left} left; ` +
      `${percent(own?.insideRange)} inside what was told, ${percent(own?.upToEnd)} not longer; mean error ${minutes(own?.maeSeconds)} min` +
      (best === own ? ', the smallest' : `; smaller: ${best?.estimator}`),
  );
}

const minutes = (seconds = Number.NaN) => (seconds / 60).toFixed(1);
const percent = (share = Number.NaN) => `${(share * 100).toFixed(0)} %`;
