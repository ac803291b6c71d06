/** How much one client may send. A burst above it is slowed down, never refused: what it sends must arrive. */
export interface Rate {
  perSecond: number;
  burst: number;
}

/**
 * A token bucket. `delayMs(amount, now)` takes the amount and says how long to wait before going on; 0
 * while the bucket lasts. Times in milliseconds of a clock that only grows.
 */
export function createRateLimit(rate: Rate): (amount: number, nowMs: number) => number {
  let tokens = rate.burst;
  let lastMs: number | undefined;
  return (amount, nowMs) => {
    tokens = Math.min(rate.burst, tokens + ((nowMs - (lastMs ?? nowMs)) * rate.perSecond) / 1000);
    lastMs = nowMs;
    tokens -= amount;
    return tokens >= 0 ? 0 : Math.ceil((-tokens * 1000) / rate.perSecond);
  };
}
