import type { EngineWord } from '../engines/tsv.ts';

interface Block {
  words: EngineWord[];
  top: number;
  bottom: number;
}

/**
 * The words with blocks that have nothing beside them in the order of their heights: the engine takes sums at
 * the right edge for a column of their own, to be read after what stands farther below at the left. Blocks
 * beside others are columns or cells, whose order it knows better.
 */
export function blocksDownwards(words: readonly EngineWord[]): EngineWord[] {
  const blocks = blocksOf(words);
  const ordered: Block[] = [];
  for (const block of blocks) {
    const isAlone = blocks.every(other => other === block || isAbove(other, block) || isAbove(block, other));
    const later = isAlone ? ordered.findIndex(other => isAbove(block, other)) : -1;
    ordered.splice(later < 0 ? ordered.length : later, 0, block);
  }
  return ordered.flatMap(block => block.words);
}

/** Runs of words of one block. */
function blocksOf(words: readonly EngineWord[]): Block[] {
  const blocks: Block[] = [];
  let before: EngineWord | undefined;
  for (const word of words) {
    const [top, bottom] = [word.top, word.top + word.height];
    const open = blocks.at(-1);
    if (open !== undefined && before?.block === word.block) {
      open.words.push(word);
      open.top = Math.min(open.top, top);
      open.bottom = Math.max(open.bottom, bottom);
    } else blocks.push({ words: [word], top, bottom });
    before = word;
  }
  return blocks;
}

const isAbove = (one: Block, other: Block) => one.bottom <= other.top;
