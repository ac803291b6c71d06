import type { KnownFact } from '../../protocol/facts.ts';

/** State that is kept in memory beside a projection, because asking the database for it each time costs too much. */
export interface Follower {
  /** A fact was written, perhaps not on the disk yet; `position` orders facts over all epochs. */
  apply(fact: KnownFact, position: number): void;
  /** Something was undone or built again: what was kept is no longer true. */
  reset(): void;
}

export interface Followers extends Follower {
  add(follower: Follower): void;
}

export function createFollowers(): Followers {
  const followers: Follower[] = [];
  return {
    add: follower => void followers.push(follower),
    apply(fact, position) {
      for (const follower of followers) follower.apply(fact, position);
    },
    reset() {
      for (const follower of followers) follower.reset();
    },
  };
}
