/** Events in the order of their times; those of one time in the order in which they were added. */
export interface EventQueue<T> {
  add(atSeconds: number, event: T): void;
  /** Time of the next event; infinite when there is none. */
  nextSeconds(): number;
  take(): T | undefined;
}

interface Entry<T> {
  at: number;
  order: number;
  event: T;
}

/** A binary heap. */
export function createEventQueue<T>(): EventQueue<T> {
  const heap: Entry<T>[] = [];
  let order = 0;
  const isBefore = (a: Entry<T>, b: Entry<T>) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function swapIfBefore(child: number, parent: number): boolean {
    const [a, b] = [heap[child], heap[parent]];
    if (!a || !b || !isBefore(a, b)) return false;
    heap[child] = b;
    heap[parent] = a;
    return true;
  }

  return {
    add(at, event) {
      heap.push({ at, order: order++, event });
      for (let place = heap.length - 1; place > 0; ) {
        const parent = (place - 1) >> 1;
        if (!swapIfBefore(place, parent)) break;
        place = parent;
      }
    },
    nextSeconds: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (!first || !last || heap.length === 0) return first?.event;
      heap[0] = last;
      for (let place = 0; ; ) {
        const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
        if (!left) break;
        const child = right && isBefore(right, left) ? 2 * place + 2 : 2 * place + 1;
        if (!swapIfBefore(child, place)) break;
        place = child;
      }
      return first.event;
    },
  };
}
