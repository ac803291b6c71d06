import type { RegionView } from '../../protocol/api/centre.ts';

type Box = RegionView['boxes'][number];

export type Condition = 'trouble' | 'attention' | 'fine';

/** What an operator should think of a branch: facts that are missing or a lost link first. */
export function conditionOf(box: Box): Condition {
  if (box.missing > 0 || box.link === 'offline') return 'trouble';
  return box.link === 'never-seen' ? 'attention' : 'fine';
}

const rank: Record<Condition, number> = { trouble: 0, attention: 1, fine: 2 };

/** Branches with trouble first, then those where most people wait, then by name. */
export function sortByTrouble(boxes: readonly Box[]): Box[] {
  return [...boxes].sort(
    (a, b) =>
      rank[conditionOf(a)] - rank[conditionOf(b)] ||
      b.missing - a.missing ||
      b.waiting - a.waiting ||
      a.name.ru.localeCompare(b.name.ru, 'ru'),
  );
}
