/** A line that may belong to a machine-readable zone, in its own alphabet. */
export interface MrzLine {
  signs: string;
  /** Where each sign stands in the page's text. */
  offsets: number[];
}

/** What the engine makes of the filler and of Latin letters when it thinks in Russian. */
const alphabet: Record<string, string> = {
  ...{
    '«': '<<',
    '‹': '<',
    '<': '<',
    '〈': '<',
    '(': '<',
    '{': '<',
    '[': '<',
    '≤': '<',
    '＜': '<',
    '¢': '<',
  },
  ...{ А: 'A', В: 'B', Е: 'E', К: 'K', М: 'M', Н: 'H', О: 'O', Р: 'P', С: 'C', Т: 'T', У: 'Y', Х: 'X' },
  ...{ З: '3', Ч: '4', Б: '6', І: 'I', Ѕ: 'S', $: 'S', Ј: 'J' },
};

const shortest = 26;
const longest = 50;

/** Lines of the page that look like machine-readable ones, in their order; the others are left out. */
export function findMrzLines(text: string): MrzLine[] {
  const found: MrzLine[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const read = line.length < 120 ? readLine(line, start) : undefined;
    if (read !== undefined) found.push(read);
    start += line.length + 1;
  }
  return found;
}

function readLine(line: string, start: number): MrzLine | undefined {
  let signs = '';
  const offsets: number[] = [];
  let strange = 0;
  for (const [at, letter] of [...line.toUpperCase()].entries()) {
    if (/\s/.test(letter)) continue;
    const read = alphabet[letter] ?? (/[A-Z0-9]/.test(letter) ? letter : '');
    if (read === '') strange++;
    signs += read;
    for (let count = 0; count < read.length; count++) offsets.push(start + at);
  }
  // Fillers at the end are often read as letters of their shape.
  signs = signs.replace(/(?:<[<KLCEX]{2,}|[KLC]{5,})$/, tail => '<'.repeat(tail.length));
  const fits = signs.length >= shortest && signs.length <= longest && strange <= 2;
  return fits && /<|\d{6}/.test(signs) ? { signs, offsets } : undefined;
}

/**
 * The line at exactly `length` signs, in every way that a miscounted run of fillers allows; none when the
 * signs themselves are too many or too few.
 */
export function atLength({ signs, offsets }: MrzLine, length: number): MrzLine[] {
  const missing = length - signs.length;
  if (missing === 0) return [{ signs, offsets }];
  const runs = [...signs.matchAll(/<+/g)].filter(([run]) => missing > 0 || run.length > -missing);
  const ends = missing > 0 && Math.abs(missing) <= 12 ? [{ 0: '', index: signs.length }] : [];
  // The last run is the likeliest: names and optional data are filled up to the end.
  return [...ends, ...runs.toReversed()].map(({ 0: run, index }) => {
    const at = index + run.length;
    if (missing < 0)
      return {
        signs: signs.slice(0, at + missing) + signs.slice(at),
        offsets: [...offsets.slice(0, at + missing), ...offsets.slice(at)],
      };
    const here = offsets[Math.min(at, offsets.length - 1)] ?? 0;
    return {
      signs: signs.slice(0, at) + '<'.repeat(missing) + signs.slice(at),
      offsets: [...offsets.slice(0, at), ...Array<number>(missing).fill(here), ...offsets.slice(at)],
    };
  });
}
