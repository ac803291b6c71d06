/** One command of the byte stream, cut by Epson's command reference. */
export type Command =
  | { name: string; parameters: number[]; length: number }
  | { name: 'text'; parameters: number[]; length: number };

export type Cut = Command | 'incomplete' | { unknown: string; length: number };

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

/** How many parameter bytes follow a command of fixed length. */
const fixed: Record<string, number> = {
  'ESC @': 0,
  'ESC 2': 0,
  'FS .': 0,
  'ESC  ': 1,
  'ESC !': 1,
  'ESC -': 1,
  'ESC 3': 1,
  'ESC =': 1,
  'ESC E': 1,
  'ESC G': 1,
  'ESC J': 1,
  'ESC M': 1,
  'ESC R': 1,
  'ESC V': 1,
  'ESC a': 1,
  'ESC d': 1,
  'ESC \\': 2,
  'ESC t': 1,
  'ESC {': 1,
  'FS -': 1,
  'FS C': 1,
  'FS S': 2,
  'GS !': 1,
  'GS B': 1,
  'GS I': 1,
  'GS a': 1,
  'GS b': 1,
  'GS r': 1,
  'ESC $': 2,
  'ESC c': 2,
  'GS L': 2,
  'GS P': 2,
  'GS W': 2,
  'ESC p': 3,
};

const functions = new Set(['GS ( k', 'GS ( L', 'FS ( A']);
/** More than the longest picture that anybody prints on a ticket. */
const longestCommand = 1 << 20;

const prefixes: Record<number, string> = { [ESC]: 'ESC', [FS]: 'FS', [GS]: 'GS' };
const single: Record<number, string> = { 9: 'HT', 10: 'LF', 13: 'CR' };

/** The command at the head of `bytes`; a run of printable bytes counts as one. */
export function cutCommand(bytes: readonly number[]): Cut {
  const [first, second] = bytes;
  if (first === undefined) return 'incomplete';
  if (isPrintable(first)) return cutText(bytes);
  const alone = single[first];
  if (alone !== undefined) return { name: alone, parameters: [], length: 1 };
  const prefix = prefixes[first];
  if (prefix === undefined) return { unknown: hex([first]), length: 1 };
  if (second === undefined) return 'incomplete';
  const name = `${prefix} ${String.fromCharCode(second)}`;
  if (name === 'GS V') return cutPaperCut(bytes);
  if (name === 'GS (' || name === 'FS (') return cutFunction(bytes, prefix);
  if (name === 'GS 8') return cutLongFunction(bytes);
  if (name === 'GS v') return cutRaster(bytes);
  if (name === 'GS e') return cutEjector(bytes);
  const count = fixed[name];
  if (count === undefined) return { unknown: hex([first, second]), length: 2 };
  if (bytes.length < 2 + count) return 'incomplete';
  return { name, parameters: bytes.slice(2, 2 + count), length: 2 + count };
}

function cutText(bytes: readonly number[]): Command {
  let length = 0;
  while (length < bytes.length && isPrintable(bytes[length] ?? 0)) length++;
  return { name: 'text', parameters: bytes.slice(0, length), length };
}

/** `GS V m` cuts where it is, `GS V m n` feeds first. */
function cutPaperCut(bytes: readonly number[]): Cut {
  const mode = bytes[2];
  if (mode === undefined) return 'incomplete';
  if ([0, 1, 48, 49].includes(mode)) return { name: 'GS V', parameters: [mode], length: 3 };
  if (![65, 66].includes(mode)) return { unknown: hex(bytes.slice(0, 3)), length: 3 };
  if (bytes.length < 4) return 'incomplete';
  return { name: 'GS V', parameters: bytes.slice(2, 4), length: 4 };
}

/** `GS v 0 m xL xH yL yH …`: x bytes a row. */
function cutRaster(bytes: readonly number[]): Cut {
  const [, , zero, , xLow, xHigh, yLow, yHigh] = bytes;
  if (zero !== undefined && zero !== 48) return { unknown: hex(bytes.slice(0, 3)), length: 3 };
  if (xLow === undefined || xHigh === undefined || yLow === undefined || yHigh === undefined)
    return 'incomplete';
  const length = 8 + (xLow + xHigh * 256) * (yLow + yHigh * 256);
  if (bytes.length < length) return 'incomplete';
  return { name: 'GS v', parameters: bytes.slice(3, length), length };
}

/** `GS e 3 m`: the presenter of Custom cuts and holds out. */
function cutEjector(bytes: readonly number[]): Cut {
  const mode = bytes[2];
  if (mode === undefined) return 'incomplete';
  if (mode !== 3) return { unknown: hex(bytes.slice(0, 3)), length: 3 };
  if (bytes.length < 4) return 'incomplete';
  return { name: 'GS e', parameters: bytes.slice(2, 4), length: 4 };
}

/** `GS 8 L p1 p2 p3 p4 …`: `GS ( L` for pictures that are longer than 65535 bytes. */
function cutLongFunction(bytes: readonly number[]): Cut {
  const [, , letter, p1, p2, p3, p4] = bytes;
  if (letter !== undefined && letter !== 0x4c) return { unknown: hex(bytes.slice(0, 3)), length: 3 };
  if (p1 === undefined || p2 === undefined || p3 === undefined || p4 === undefined) return 'incomplete';
  const length = 7 + p1 + p2 * 2 ** 8 + p3 * 2 ** 16 + p4 * 2 ** 24;
  if (length > longestCommand) return { unknown: hex(bytes.slice(0, 7)), length: 7 };
  if (bytes.length < length) return 'incomplete';
  return { name: 'GS ( L', parameters: bytes.slice(7, length), length };
}

/** `GS ( x pL pH …`: the length is in the command, so even an unknown one can be stepped over. */
function cutFunction(bytes: readonly number[], prefix: string): Cut {
  const [, , letter, low, high] = bytes;
  if (letter === undefined || low === undefined || high === undefined) return 'incomplete';
  const length = 5 + low + high * 256;
  if (bytes.length < length) return 'incomplete';
  const name = `${prefix} ( ${String.fromCharCode(letter)}`;
  if (!functions.has(name)) return { unknown: hex(bytes.slice(0, 5)), length };
  return { name, parameters: bytes.slice(5, length), length };
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte !== 0x7f;
}

function hex(bytes: readonly number[]): string {
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join(' ');
}
