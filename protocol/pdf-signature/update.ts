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
    tableNumbers(update)?.every(mayStand) === true &&
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

/**
 * Numbers of the objects that the tables of an update give a new place; null when a table is not written as
 * ISO 32000-1 section 7.5.4 wants it. Each number costs an entry: a table cannot claim what it does not hold.
 */
function tableNumbers(update: string): string[] | null {
  const numbers: string[] = [];
  // A pattern over the whole would begin anew at each word of a crafted file.
  for (const part of update.split('trailer').slice(0, -1)) {
    const start = part.search(/\bxref\s/);
    const words =
      start < 0
        ? []
        : part
            .slice(start + 'xref'.length)
            .trim()
            .split(/\s+/);
    let [next, left] = [0, 0];
    for (let at = 0; at < words.length; ) {
      const [one = '', two = '', use = ''] = words.slice(at, at + 3);
      if (!/^\d{1,10}$/.test(one) || !/^\d{1,6}$/.test(two)) return null;
      if (left === 0) {
        [next, left] = [Number(one), Number(two)];
        at += 2;
        continue;
      }
      if (use !== 'n' && use !== 'f') return null;
      if (next > 0) numbers.push(String(next));
      next++;
      left--;
      at += 3;
    }
    if (left > 0) return null;
  }
  return numbers;
}

function sameCatalogue(before: string, update: string, root: string): boolean {
  const old = plain(objectsOf(before, root).at(-1) ?? '');
  return objectsOf(update, root).every(text => plain(text) === old);
}

/** What stands in the objects of this number, in the order of the file. */
function objectsOf(file: string, number: string): string[] {
  const head = new RegExp(`(?:^|\\s)${number}\\s+\\d+\\s+obj\\b`);
  return file
    .split('endobj')
    .slice(0, -1)
    .flatMap(part => {
      const found = head.exec(part);
      return found ? [part.slice(found.index + found[0].length)] : [];
    });
}

/** A catalogue without what a store adds to it, and however its words are spaced and ordered. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\/DSS\s+\d+\s+\d+\s+R/, '')
    .replace(/\/Extensions\s*<<(?:[^<>]|<<[^<>]*>>)*>>/, '')
    .replace(/^ ?<<|>> ?$/g, '')
    .replace(/ ?([/<>[\]()]) ?/g, ' $1')
    .trim();
}

const info = /\/Info\s+(\d+)\s+\d+\s+R/g;

function lastOf(text: string, pattern: RegExp): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? null;
}
