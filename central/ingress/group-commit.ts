export interface GroupLimits<T> {
  /** A batch ends when it weighs this much; one item may weigh more. */
  weight: number;
  of: (item: T) => number;
  /** Batches under way; each next one gathers what arrives meanwhile. */
  atOnce: number;
  /** While messages come in company, a batch gathers so long before it goes: for where each batch costs much by itself. */
  gatherMs?: number;
}

/**
 * Gathers what arrives while the last batches are being stored, or in one turn of the event loop, and hands
 * it over together, so that many messages cost one fsync. When the hand-over fails, each item is tried
 * alone: one sender's poison must never cost the others their acknowledgement.
 */
export function groupCommit<T>(
  commit: (batch: readonly T[]) => Promise<void>,
  limits: GroupLimits<T> = { weight: Number.POSITIVE_INFINITY, of: () => 1, atOnce: 1 },
): (item: T) => Promise<void> {
  type Entry = { item: T; resolve: () => void; reject: (reason: unknown) => void };
  let waiting: Entry[] = [];
  let underWay = 0;
  let scheduled = false;
  /** Whoever comes alone is not kept waiting. */
  let inCompany = false;

  function take(): Entry[] {
    let weight = 0;
    let count = 0;
    for (const { item } of waiting) {
      weight += limits.of(item);
      if (weight > limits.weight && count > 0) break;
      count++;
    }
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    inCompany = count > 1;
    return taken;
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

  /** In the next turn of the event loop, which lets in what the sockets have by now. */
  function schedule(): void {
    if (scheduled || waiting.length === 0 || underWay >= limits.atOnce) return;
    scheduled = true;
    if (inCompany && limits.gatherMs) setTimeout(begin, limits.gatherMs);
    else setImmediate(begin);
  }

  function begin(): void {
    scheduled = false;
    underWay++;
    void handOver(take()).finally(() => {
      underWay--;
      schedule();
    });
    schedule();
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      schedule();
    });
}
