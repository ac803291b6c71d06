/** One line of standard output (docs/BENCHMARKS.md). Times in the unit that the member's name ends with. */
interface Line {
  bench: string;
  case: string;
  value: number;
  unit: string;
  limit: number;
  limitUnit: string;
  ratio: number;
  [more: string]: string | number;
}

/** One engine over the pages of `capture`; a figure that cannot be told is null. */
interface CaptureLine {
  bench: 'capture';
  engine: string;
  pages: number;
  [figure: string]: string | number;
}

export function printCapture(line: CaptureLine): void {
  print(line);
}

/** Prints a line for programs; numbers with four significant digits. */
export function printLine(line: Line | { bench: string; engine?: string; skipped: string }): void {
  print(line);
}

function print(line: object): void {
  console.log(JSON.stringify(line, (_name, value) => (typeof value === 'number' ? rounded(value) : value)));
}

function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

/** For people. */
export function say(text: string): void {
  console.error(text);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that at least so many per cent of the values do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

/** The medians of each member of several rounds. */
export function medians<T extends Record<string, number>>(rounds: readonly T[]): T {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(
    names.map(name => [name, median(rounds.map(round => round[name] as number))]),
  ) as T;
}
