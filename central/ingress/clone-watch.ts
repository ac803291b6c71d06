/** So many births out of order within the window are two machines with one identity, not one restored backup. */
const evidences = 3;
const windowMs = 10 * 60_000;

export interface CloneWatch {
  /**
   * A session of the box begins on a connection; a birth repeated on the same one says nothing new. True
   * when the box is from now on in quarantine.
   */
  born(box: string, session: number, connection: object, nowMs: number): boolean;
  inQuarantine(box: string, nowMs: number): boolean;
}

/**
 * F12: a copied card makes two boxes with one certificate, which push each other out for ever. One box
 * counts its sessions up, whatever its line does; two that count from the same number repeat each
 * other's. A box restored from a backup steps back once and goes on counting up. `onCloned` is called
 * once per quarantine, which ends by itself after `quarantineMs`. Times of a clock that only grows.
 */
export function createCloneWatch(quarantineMs: number, onCloned: (box: string) => void): CloneWatch {
  const last = new Map<string, { session: number; connection: WeakRef<object> }>();
  const outOfOrderMs = new Map<string, number[]>();
  const releasedAtMs = new Map<string, number>();
  return {
    born(box, session, connection, nowMs) {
      const before = last.get(box);
      last.set(box, { session, connection: new WeakRef(connection) });
      if (!before || session > before.session || before.connection.deref() === connection) return false;
      const recent = [...(outOfOrderMs.get(box) ?? []).filter(at => nowMs - at < windowMs), nowMs];
      outOfOrderMs.set(box, recent);
      if (recent.length < evidences) return false;
      outOfOrderMs.delete(box);
      releasedAtMs.set(box, nowMs + quarantineMs);
      onCloned(box);
      return true;
    },
    inQuarantine: (box, nowMs) => nowMs < (releasedAtMs.get(box) ?? 0),
  };
}
