/**
 * How many bytes may be on the wire without a receipt, for one connection. The line's own round trip is the
 * shortest seen; what a receipt takes longer was spent in a queue, and a queue is what a small fact would
 * wait in. So the window grows while receipts come without a queue, doubling at first, and shrinks to what
 * the line carries in its round trip and `queueMs` as soon as they do not (the idea of LEDBAT, RFC 6817).
 */
export interface LineWindow {
  bytes(): number;
  /** The round trip of something too small to make a queue. */
  greeted(roundTripMs: number): void;
  /**
   * So many bytes go out. Call the answer when their receipt is here, with all bytes that it is for and the
   * time for which the centre held the newest of them.
   */
  sent(sizeBytes: number, howFull: { inFlightBytes: number }): (receipted: Receipted) => void;
  /** No receipt came in time. */
  lost(): void;
  quality(): LineQuality;
}

export interface Receipted {
  sizeBytes: number;
  heldMs: number;
}

export interface LineQuality {
  /** The newest one, milliseconds; null before the first receipt. */
  roundTripMs: number | null;
  windowBytes: number;
  /** Timeouts in this connection. */
  losses: number;
}

/** On a line of 64 kbit/s these take a quarter of a second. */
export const smallestBytes = 2 * 1024;
/** First guess, for a line that did not break just now. */
export const firstBytes = 8 * 1024;
const largestBytes = 4 * 1024 * 1024;
/** Receipts may wait so long in queues of the line. */
const queueMs = 200;
/** Of the window in a round trip, once it was too large. */
const growth = 0.05;

export function createLineWindow(parts: { startBytes: number; nowMs: () => number }): LineWindow {
  const { nowMs } = parts;
  let bytes = parts.startBytes;
  let ownMs = Number.POSITIVE_INFINITY;
  let newestMs: number | null = null;
  let isDoubling = true;
  let losses = 0;
  /** What was sent before the window shrank last tells of the queue that it was shrunk for. */
  let shrunkAtMs = Number.NEGATIVE_INFINITY;

  function shrink(factor: number): void {
    bytes = Math.max(smallestBytes, bytes * factor);
    isDoubling = false;
    shrunkAtMs = nowMs();
  }

  function received({ sizeBytes, heldMs }: Receipted, sentAtMs: number, wasFull: boolean): void {
    const roundTripMs = Math.max(0, nowMs() - sentAtMs - heldMs);
    newestMs = roundTripMs;
    // After a repeat nobody knows which copy is answered: such a round trip may look too short.
    if (losses === 0) ownMs = Math.min(ownMs, roundTripMs);
    const fairMs = ownMs + queueMs;
    if (roundTripMs > fairMs) {
      if (sentAtMs >= shrunkAtMs) shrink(fairMs / roundTripMs);
    } else if (wasFull) bytes = Math.min(largestBytes, bytes + sizeBytes * (isDoubling ? 1 : growth));
  }

  return {
    bytes: () => bytes,
    greeted(roundTripMs) {
      ownMs = Math.min(ownMs, roundTripMs);
      newestMs = roundTripMs;
    },
    sent(sizeBytes, { inFlightBytes }) {
      const sentAtMs = nowMs();
      // A window that was not used says nothing about a larger one.
      const wasFull = inFlightBytes + sizeBytes >= bytes / 2;
      return receipted => received(receipted, sentAtMs, wasFull);
    },
    lost() {
      losses++;
      shrink(0.25);
    },
    quality: () => ({ roundTripMs: newestMs, windowBytes: Math.round(bytes), losses }),
  };
}
