import { parseArgs } from 'node:util';

/** Flags of every benchmark; each names those that mean something to it. */
const options = {
  seconds: { type: 'string' },
  rounds: { type: 'string' },
  facts: { type: 'string' },
  messages: { type: 'string' },
  boxes: { type: 'string' },
  'fsync-ms': { type: 'string' },
  clients: { type: 'string' },
  megabytes: { type: 'string' },
  control: { type: 'string' },
  pages: { type: 'string' },
  processes: { type: 'string' },
  through: { type: 'string' },
  centres: { type: 'string' },
  engines: { type: 'string' },
  many: { type: 'string' },
  recognising: { type: 'boolean' },
  floor: { type: 'boolean' },
  awake: { type: 'boolean' },
  'token-ms': { type: 'string' },
  'warm-up': { type: 'string' },
  documents: { type: 'string' },
  'settle-ms': { type: 'string' },
  'away-ms': { type: 'string' },
} as const;

type Switch = 'recognising' | 'floor' | 'awake';
type ValueName = Exclude<keyof typeof options, Switch>;

export interface Flags {
  /** Throws when the value is not a number above 0. */
  number(name: ValueName, otherwise: number): number;
  /** Comma-separated numbers. */
  numbers(name: ValueName, otherwise: readonly number[]): number[];
  words(name: ValueName, otherwise: readonly string[]): string[];
  /** Whether a flag without a value was given. */
  has(name: Switch): boolean;
}

/** Reads `--name value` and `--name=value`. Throws on an unknown flag. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const words = (name: ValueName, otherwise: readonly string[]) => values[name]?.split(',') ?? [...otherwise];
  const numbers = (name: ValueName, otherwise: readonly number[]) =>
    words(name, otherwise.map(String)).map(text => {
      const value = Number(text);
      if (!(value > 0)) throw new Error(`--${name} wants numbers above 0, not ${text}`);
      return value;
    });
  return {
    words,
    numbers,
    number: (name, otherwise) => numbers(name, [otherwise])[0] ?? otherwise,
    has: name => values[name] === true,
  };
}
