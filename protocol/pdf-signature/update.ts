/** Larger than what revocation data of a few signatures need. */
const largestUpdateBytes = 32 * 1024 * 1024;

/**
 * Whether what stands behind `end` only brings a document security store: new objects, and the catalogue with a
 * reference to the store (EN 319 142-1 clause 5.4.2). False also when that cannot be seen, as in updates whose objects
 * are compressed.
 */
export function onlyAddsEvidence(file: Buffer, end: number): boolean {
  if (file.length - end > largestUpdateBytes) return false;
  const before = file.toString('latin1', 0, end);
  const update = file.toString('latin1', end);
  if (update.trim() === '') return true;
  const root = lastOf(before, /\/Root\s+(\d+)\s+\d+\s+R/g);
  const size = lastOf(before, /\/Size\s+(\d+)/g);
  if (root === null || size === null || /\/(?:ObjStm|XRef|XRefStm|Encrypt)\b/.test(update)) return false;
  // Objects that are compressed could refer to what the update brings, and so could a reference to nothing.
  if (
    before.includes('/ObjStm') ||
    !isChained(before, update) ||
    lastOf(update, info) !== lastOf(before, info)
  )
    return false;
  const isRoot = [...update.matchAll(/\/Root\s+(\d+)\s+\d+\s+R/g)].every(([, number]) => number === root);
  const referred = new Set(
    [...before.matchAll(/\b(\d{1,10})\s{1,9}\d{1,5}\s{1,9}R\b/g)].map(([, number]) => number),
  );
  const isNew = (number: string) => Number(number) >= Number(size) && !referred.has(number);
  const mayStand = (number: string) => number === root || isNew(number);
  const objects = [...update.matchAll(/\b(\d{1,10})\s{1,9}\d{1,5}\s{1,9}obj\b/g)].map(
    ([, number = '']) => number,
  );
  return (
    isRoot &&
    objects.every(mayStand) &&
    tableNumbers(update).every(mayStand) &&
    sameCatalogue(before, update, root)
  );
}

/**
 * Whether the tables of an update are its own, one after another behind the last one before it: a start in the signed
 * part could make readers show what lies hidden there.
 */
function isChained(before: string, update: string): boolean {
  const isOwn = (place: string) => update.startsWith('xref', Number(place) - before.length);
  const starts = [...update.matchAll(/\bstartxref\s+(\d{1,12})\b/g)].map(([, place = '']) => place);
  const previous = [...update.matchAll(/\/Prev\s+(\d{1,12})\b/g)].map(([, place = '']) => place);
  const old = lastOf(before, /\bstartxref\s+(\d{1,12})\b/g);
  return (
    starts.length > 0 &&
    starts.every(isOwn) &&
    previous.length === starts.length &&
    previous.every(place => place === old || isOwn(place))
  );
}

/** Numbers of the objects that the tables of an update give a new place. */
function tableNumbers(update: string): string[] {
  return [...update.matchAll(/\bxref\s([\s\S]*?)trailer/g)].flatMap(([, table = '']) =>
    [...table.matchAll(/(?:^|\n|\r)\s*(\d{1,10})\s+(\d{1,6})\s*(?=\r|\n)/g)].flatMap(
      ([, first = '0', count = '0']) =>
        Array.from({ length: Number(count) }, (_, index) => Number(first) + index)
          .filter(number => number > 0)
          .map(String),
    ),
  );
}

function sameCatalogue(before: string, update: string, root: string): boolean {
  const pattern = new RegExp(`(?:^|\\s)${root}\\s+\\d+\\s+obj\\b([\\s\\S]*?)endobj`, 'g');
  const old = plain(lastOf(before, pattern) ?? '');
  return [...update.matchAll(pattern)].every(([, text = '']) => plain(text) === old);
}

/** A catalogue without what a store adds to it, and however its words are spaced and ordered. */
function plain(text: string): string {
  return text
    .replace(/\/DSS\s+\d+\s+\d+\s+R/, '')
    .replace(/\/Extensions\s*<<(?:[^<>]|<<[^<>]*>>)*>>/, '')
    .replace(/^\s*<<|>>\s*$/g, '')
    .replace(/\s*([/<>[\]()])\s*/g, ' $1')
    .trim();
}

const info = /\/Info\s+(\d+)\s+\d+\s+R/g;

function lastOf(text: string, pattern: RegExp): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? null;
}
