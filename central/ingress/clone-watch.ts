/** How long two machines with one identity are shut out. */
export const quarantineMs = 60 * 60_000;
/** So many births out of order within the window are two machines with one identity, not one restored backup. */
const evidences = 3;
const windowMs = 10 * 60_000;
/** Journals that are remembered of a box; each fresh disk begins one. */
const journalsKept = 16;

export interface Session {
  epoch: string;
  session: number;
  /** The connection it came on: a birth repeated on the same one says nothing new. */
  connection: object;
}

export interface CloneWatch {
  /** A session of the box begins. True when the box is from now on in quarantine. */
  born(box: string, session: Session, nowMs: number): boolean;
  inQuarantine(box: string, nowMs: number): boolean;
}

interface Seen {
  epoch: string;
  connection: WeakRef<object>;
  /** Highest session by journal, the newest journal last. */
  highest: Map<string, number>;
}

/**
 * F12: a copied card makes two boxes with one certificate, which push each other out for ever. One box
 * counts its sessions up, whatever its line does, and never goes back to a journal that it left; two that
 * go on from the same state repeat each other's numbers or return to each other's journals. A box restored
 * from a backup steps back once; one with a fresh disk begins a new journal. `onCloned` is called once per
 * quarantine, which ends by itself after `quarantineMs`. Times of a clock that only grows.
 */
export function createCloneWatch(quarantineMs: number, onCloned: (box: string) => void): CloneWatch {
  const seen = new Map<string, Seen>();
  const outOfOrderMs = new Map<string, number[]>();
  const releasedAtMs = new Map<string, number>();

  /** Takes the birth in and tells whether one machine alone could have sent it. */
  function inOrder(box: string, { epoch, session, connection }: Session): boolean {
    const before = seen.get(box);
    const highest = before?.highest ?? new Map<string, number>();
    const last = highest.get(epoch);
    highest.delete(epoch);
    highest.set(epoch, session);
    if (highest.size > journalsKept) highest.delete(highest.keys().next().value as string);
    seen.set(box, { epoch, connection: new WeakRef(connection), highest });
    if (last === undefined || before?.connection.deref() === connection) return true;
    return before?.epoch === epoch && session > last;
  }

  return {
    born(box, session, nowMs) {
      if (inOrder(box, session)) return false;
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
