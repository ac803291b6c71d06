/** Work of one name after another, work of different names side by side. */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return {
    take<T>(name: string, work: () => Promise<T>): Promise<T> {
      const turn = (last.get(name) ?? Promise.resolve()).then(work, work);
      const settled = turn.then(
        () => {},
        () => {},
      );
      last.set(name, settled);
      void settled.then(() => last.get(name) === settled && last.delete(name));
      return turn;
    },
    /** Resolves when nothing is under way. */
    async end(): Promise<void> {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
