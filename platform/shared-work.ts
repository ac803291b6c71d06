/** Work that whoever asks for it meanwhile shares: one press that was sent twice is done once. */
export function createSharedWork() {
  const underWay = new Map<string, Promise<unknown>>();
  return {
    /** What is asked for by one name must be one thing. */
    do<T>(name: string, work: () => Promise<T>): Promise<T> {
      const known = underWay.get(name) as Promise<T> | undefined;
      if (known) return known;
      const begun = work().finally(() => underWay.delete(name));
      underWay.set(name, begun);
      return begun;
    },
  };
}
