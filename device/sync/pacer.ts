/** Lets bytes out no faster than the line takes them, so that small messages do not stand in its queue. */
export interface Pacer {
  /** Resolves when so many bytes may go. */
  take(bytes: number): Promise<void>;
}

export const noPacer: Pacer = { take: async () => {} };
