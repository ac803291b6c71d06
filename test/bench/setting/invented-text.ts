/** Russian-looking text with a natural spread of words: the n-th most frequent is n times rarer than the first. */
export interface InventedText {
  /** The n-th most frequent word, from 0. */
  word(rank: number): string;
  /** A page of so many words. The same seed gives the same pages. */
  page(words: number): string;
}

const syllables = 'ва ре ни ко ла то ми су да пе ро ги за бу не ст кра при об ди'.split(' ');
const endings = ['', 'а', 'ов', 'ам', 'ого', 'ами', 'ых', 'ение', 'ения', 'ость'];
const vocabulary = 60_000;

export function inventText(seed: number): InventedText {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const words = Array.from({ length: vocabulary }, (_, rank) => {
    const stem = Array.from({ length: 2 + Math.floor(random() * 3) }, () => pick(syllables, random()));
    return stem.join('') + pick(endings, (rank % endings.length) / endings.length);
  });
  const word = (rank: number) => words[rank] ?? '';
  return {
    word,
    page: count =>
      [
        ...Array.from({ length: count }, () => word(Math.floor(vocabulary ** random()) - 1)),
        ...(random() < 0.4 ? ['договор аренды'] : []),
        ...(random() < 0.001 ? ['Соловьёвой'] : []),
        `№ ${Math.floor(random() * 1e6)}`,
      ].join(' '),
  };
}

const pick = (from: readonly string[], part: number) => from[Math.floor(part * from.length)] ?? '';
