/**
 * Gathers what arrives while the last batch is being stored, or in one turn of the event loop, and hands
 * it over together, so that many messages cost one fsync. When the hand-over fails, each item is tried
 * alone: one sender's poison must never cost the others their acknowledgement.
 */
export function groupCommit<T>(
  commit: (batch: readonly T[]) => Promise<void>,
  /** A batch ends when it weighs this much; one item may weigh more. */
  limit: { weight: number; of: (item: T) => number } = { weight: Number.POSITIVE_INFINITY, of: () => 1 },
): (item: T) => Promise<void> {
  type Entry = { item: T; resolve: () => void; reject: (reason: unknown) => void };
  const waiting: Entry[] = [];
  let busy = false;

  function take(): Entry[] {
    let weight = 0;
    let count = 0;
    for (const { item } of waiting) {
      weight += limit.of(item);
      if (weight > limit.weight && count > 0) break;
      count++;
    }
    return waiting.splice(0, count);
  }
  async function handOver(taken: readonly Entry[]): Promise<void> {
    try {
      await commit(taken.map(entry => entry.item));
    } catch (error) {
      if (taken.length === 1) for (const entry of taken) entry.reject(error);
      else for (const entry of taken) await handOver([entry]);
      return;
    }
    for (const entry of taken) entry.resolve();
  }
  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await handOver(take());
      // Lets in what the sockets have by now.
      await new Promise(setImmediate);
    }
    busy = false;
  }
  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(work);
    });
}
