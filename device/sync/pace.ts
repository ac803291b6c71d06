/** What a round trip beside the content told. */
export interface RoundTrip {
  ms: number;
  /** Content bytes that have come from here so far, as the other side counts them. */
  receivedBytes: number;
}

/** How many bytes per second content may take. Times in milliseconds of a clock that only grows. */
export interface Pace {
  bytesPerSecond(): number;
  /** So many bytes go now. */
  sent(bytes: number): void;
  heard(trip: RoundTrip, nowMs: number): void;
  /** Whether round trips came back for a while and nothing of what is on its way arrived meanwhile. */
  isStuck(nowMs: number): boolean;
  /** The line is a stranger again: after a rest, the fast start begins anew. */
  restart(nowMs: number): void;
}

/** Bytes per second before anything is known of the line. */
const firstRate = 600_000;
const slowestRate = 16_000;
/** The queue on the way that we allow ourselves: it keeps the line busy and stays unnoticed. */
const queueMs = 30;
/** One that is certainly ours ends the fast start; so do so many round trips without one. */
const startEndsMs = 20;
const startTrips = 10;
/** What waits in this machine beyond the round trip: TCP cannot keep up, more would only fill its buffers. */
const backlogMs = 150;
/** After a cut the queue drains first; nothing is cut again before. */
const settleMs = 600;
const cut = 0.88;
/** For each round trip: far from where the last queue began, and near it. */
const growth = { start: 1.5, far: 1.04, near: 1.015 };
/** TCP doubles its pause with each loss in a row: a connection that lost as often is quicker made anew. */
const stuckMs = 3000;
/** One round trip may stand behind a lost packet or a busy processor; the shortest of the last three did not. */
const tripsKept = 3;
/** The length of the empty line is learnt anew after a while: a route may change. */
const lengthKeptMs = 5 * 60_000;
/** Rates are averaged over so long. */
const averageMs = 400;

/**
 * Follows the delay of round trips that travel beside the content (the idea of LEDBAT, RFC 6817): grows
 * while they are as quick as on the empty line, shrinks when a queue builds up before the narrowest
 * place. Losses mean nothing to it; TCP below sees to them.
 */
export function createPace(): Pace {
  let rate = firstRate;
  let tripsOfStart = startTrips;
  /** The best rate that the line took: others on it must not push us below a quarter of it. */
  let best = 0;
  /** Where the last queue began. */
  let ceiling = 0;
  let cutAtMs = Number.NEGATIVE_INFINITY;
  let trips: number[] = [];
  const line = shortestTrip();
  const [sent, received] = [rateMeter(), rateMeter()];
  let sentBytes = 0;
  /** Difference of the two counts when they were first compared. */
  let offset: number | undefined;
  /** When something arrived last, or nothing was on its way. */
  let arrivedAtMs = Number.POSITIVE_INFINITY;

  function cutRate(nowMs: number): void {
    if (nowMs - cutAtMs < settleMs) return;
    // While there is a queue, what arrives is what the line can do.
    const reached = Math.min(rate, Math.max(1.05 * received.perSecond(), rate / 2));
    ceiling = Math.max(reached, 0.9 * ceiling);
    [rate, cutAtMs, tripsOfStart] = [reached * cut, nowMs, 0];
  }

  function grow(): void {
    best = Math.max(best * 0.999, sent.perSecond());
    if (tripsOfStart > 0) rate *= growth.start;
    // A rate far above what arrives was never tried on the line.
    else if (rate < 1.15 * received.perSecond())
      rate *= rate > 0.9 * ceiling && rate < 1.1 * ceiling ? growth.near : growth.far;
  }

  return {
    bytesPerSecond: () => rate,
    sent(bytes) {
      sentBytes += bytes;
    },
    heard({ ms, receivedBytes }, nowMs) {
      trips = [...trips, ms].slice(tripsOfStart > 0 ? 1 - tripsKept : -tripsKept);
      const lineMs = line.shortest(ms, nowMs);
      const waitsMs = Math.min(...trips) - lineMs;
      sent.count(sentBytes, nowMs);
      const before = received.last();
      // Round trips may overtake each other; a centre that was started anew counts from the beginning.
      if (!received.count(receivedBytes, nowMs)) return;
      offset ??= sentBytes - receivedBytes;
      const outstanding = sentBytes - receivedBytes - offset;
      if (receivedBytes !== before || outstanding <= 0) arrivedAtMs = nowMs;
      // Little's law.
      const behindMs = (outstanding * 1000) / Math.max(received.perSecond(), slowestRate) - lineMs;
      if (waitsMs > (tripsOfStart > 0 ? startEndsMs : queueMs)) cutRate(nowMs);
      else if (tripsOfStart > 0) {
        // TCP begins slowly as well, and what arrives is an average that runs behind.
        if (behindMs < 2 * backlogMs) grow();
      } else if (behindMs > 2 * backlogMs) rate *= 0.97;
      // A rate that is not reached says nothing of the line.
      else if (behindMs < backlogMs && sent.perSecond() > 0.7 * rate) grow();
      if (received.perSecond() > 0) tripsOfStart = Math.max(0, tripsOfStart - 1);
      rate = Math.max(rate, slowestRate, best / 4);
    },
    isStuck: nowMs => nowMs - arrivedAtMs > stuckMs,
    restart(nowMs) {
      [rate, tripsOfStart, trips, offset] = [Math.max(rate / 2, firstRate), startTrips, [], undefined];
      arrivedAtMs = Number.POSITIVE_INFINITY;
      sent.restart(sentBytes, nowMs);
      received.restart(undefined, nowMs);
    },
  };
}

/** The shortest of the last five to ten minutes. */
function shortestTrip() {
  let [current, before, sinceMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  return {
    shortest(ms: number, nowMs: number): number {
      if (nowMs - sinceMs > lengthKeptMs)
        [current, before, sinceMs] = [Number.POSITIVE_INFINITY, current, nowMs];
      current = Math.min(current, ms);
      return Math.min(current, before);
    },
  };
}

/** Growth per second of a count, averaged. */
function rateMeter() {
  let last: { count: number; atMs: number } | undefined;
  let perSecond = 0;
  return {
    perSecond: () => perSecond,
    last: () => last?.count,
    /** False when the count is older than the last one. */
    count(count: number, nowMs: number): boolean {
      if (last && count < last.count) return false;
      if (last && nowMs > last.atMs) {
        const spanMs = nowMs - last.atMs;
        perSecond += Math.min(1, spanMs / averageMs) * (((count - last.count) * 1000) / spanMs - perSecond);
      }
      last = { count, atMs: nowMs };
      return true;
    },
    restart(count: number | undefined, atMs: number): void {
      [last, perSecond] = [count === undefined ? undefined : { count, atMs }, 0];
    },
  };
}
