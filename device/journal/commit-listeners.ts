import type { Fact } from '../../protocol/facts.ts';

export type CommitListener = (facts: readonly Fact[]) => void;

/** Those who hear of every commit that is on the disk. */
export interface CommitListeners {
  /** Returns the way to stop listening. */
  add(listener: CommitListener): () => void;
  tell(facts: readonly Fact[]): void;
}

export function createCommitListeners(): CommitListeners {
  const listeners = new Set<CommitListener>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(facts) {
      for (const listener of listeners)
        try {
          listener(facts);
        } catch (error) {
          // The facts are written: the writer must not believe that they are not (F41).
          queueMicrotask(() => {
            throw error;
          });
        }
    },
  };
}
