import type { Row } from './table.ts';

/** Names under which a column may be found; they are compared without case, spaces and signs. */
export type Names<K extends string> = Record<K, readonly string[]>;

/** Where each column is; one that is not there is undefined. */
export type Columns<K extends string> = Partial<Record<K, number>>;

const bare = (name: string) => name.toLowerCase().replace(/[^\p{L}]/gu, '');

/**
 * Finds columns by a first row of names, or undefined when the first row is none. A name that is the same goes
 * before one that only contains a known one, and each column is taken once.
 */
export function columnsByName<K extends string>(first: Row, names: Names<K>): Columns<K> | undefined {
  const cells = first.cells.map(bare);
  const found: Columns<K> = {};
  const taken = new Set<number>();
  const fits = [
    (cell: string, name: string) => cell === name,
    (cell: string, name: string) => cell.includes(name),
  ];
  for (const fit of fits)
    for (const key of Object.keys(names) as K[]) {
      if (found[key] !== undefined) continue;
      const at = names[key]
        .map(name => cells.findIndex((cell, index) => !taken.has(index) && fit(cell, bare(name))))
        .find(index => index >= 0);
      if (at === undefined) continue;
      found[key] = at;
      taken.add(at);
    }
  return taken.size > 0 ? found : undefined;
}
