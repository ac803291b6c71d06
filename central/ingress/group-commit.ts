/**
 * Gathers what arrives in one turn of the event loop and hands it over together, so that many messages
 * cost one fsync. When the hand-over throws, each item is tried alone: one sender's poison must never
 * cost the others their acknowledgement.
 */
export function groupCommit<T>(commit: (batch: readonly T[]) => void): (item: T) => Promise<void> {
  let batch: { item: T; resolve: () => void; reject: (reason: unknown) => void }[] = [];

  function handOver(taken: typeof batch): void {
    try {
      commit(taken.map(entry => entry.item));
      for (const entry of taken) entry.resolve();
    } catch (error) {
      if (taken.length === 1) for (const entry of taken) entry.reject(error);
      else for (const entry of taken) handOver([entry]);
    }
  }
  function flush(): void {
    const taken = batch;
    batch = [];
    handOver(taken);
  }
  return item =>
    new Promise((resolve, reject) => {
      if (batch.length === 0) setImmediate(flush);
      batch.push({ item, resolve, reject });
    });
}
