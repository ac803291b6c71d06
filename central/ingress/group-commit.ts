/**
 * Gathers what arrives in one turn of the event loop and hands it over together, so that many messages
 * cost one fsync. Rejects all of a batch when the hand-over throws.
 */
export function groupCommit<T>(commit: (batch: readonly T[]) => void): (item: T) => Promise<void> {
  let batch: { item: T; resolve: () => void; reject: (reason: unknown) => void }[] = [];
  function flush(): void {
    const taken = batch;
    batch = [];
    try {
      commit(taken.map(entry => entry.item));
      for (const entry of taken) entry.resolve();
    } catch (error) {
      for (const entry of taken) entry.reject(error);
    }
  }
  return item =>
    new Promise((resolve, reject) => {
      if (batch.length === 0) setImmediate(flush);
      batch.push({ item, resolve, reject });
    });
}
