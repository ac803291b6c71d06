import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createLineWindow,
  firstBytes,
  type Receipted,
  smallestBytes,
} from '../../device/sync/line-window.ts';

/** A line in virtual time: bytes queue up before a bottleneck, receipts come back a round trip later. */
function carry(wish: {
  bytesPerMs: number;
  roundTripMs: number;
  forMs: number;
  startBytes?: number;
  dropEach?: number;
}) {
  const { bytesPerMs, roundTripMs, forMs, startBytes = firstBytes, dropEach } = wish;
  let now = 0;
  let freeAtMs = 0;
  let carried = 0;
  let sends = 0;
  const window = createLineWindow({ startBytes, nowMs: () => now });
  window.greeted(roundTripMs);
  const flying: { atMs: number; bytes: number; received: (receipted: Receipted) => void }[] = [];
  const inFlight = () => flying.reduce((sum, each) => sum + each.bytes, 0);
  const queues: number[] = [];
  while (now < forMs) {
    for (;;) {
      const bytes = Math.ceil(Math.max(window.bytes() / 4, 300));
      if (flying.length > 0 && (inFlight() + bytes > window.bytes() || flying.length >= 64)) break;
      const received = window.sent(bytes, { inFlightBytes: inFlight() });
      sends++;
      freeAtMs = Math.max(freeAtMs, now) + bytes / bytesPerMs;
      if (now > forMs / 2) queues.push(freeAtMs - now);
      const isLost = dropEach !== undefined && sends % dropEach === 0;
      flying.push({
        atMs: freeAtMs + roundTripMs + (isLost ? 10_000 : 0),
        bytes,
        received: isLost ? window.lost : received,
      });
    }
    flying.sort((one, other) => one.atMs - other.atMs);
    const next = flying.shift();
    if (!next) break;
    now = next.atMs;
    carried += next.bytes;
    next.received({ sizeBytes: next.bytes, heldMs: 0 });
  }
  const busy = (carried - inFlight()) / (now * bytesPerMs);
  return { window, longestQueueMs: Math.max(...queues), busy };
}

test('on a slow line a small fact is never behind more than some 300 ms of bytes, and the line is used', () => {
  for (const [kbitPerSecond, roundTripMs] of [
    [64, 100],
    [128, 300],
    [512, 60],
    [10_000, 100],
  ] as const) {
    // biome-ignore format: one line
    const { longestQueueMs, busy } = carry({ bytesPerMs: kbitPerSecond / 8, roundTripMs, forMs: 120_000 });
    assert.ok(longestQueueMs < 330, `${kbitPerSecond} kbit/s: ${longestQueueMs} ms`);
    assert.ok(busy > 0.6, `${kbitPerSecond} kbit/s: used to ${busy}`);
  }
});

test('on a fast line the window opens within a few round trips', () => {
  const { window } = carry({ bytesPerMs: 100_000, roundTripMs: 5, forMs: 100 });
  assert.ok(window.bytes() > 500_000, `${window.bytes()} bytes`);
});

test('F16 after a flap the window begins at the smallest and opens as fast', () => {
  const start = carry({ bytesPerMs: 1000, roundTripMs: 20, forMs: 0, startBytes: smallestBytes });
  assert.equal(start.window.bytes(), smallestBytes);
  const { window } = carry({ bytesPerMs: 1000, roundTripMs: 20, forMs: 1000, startBytes: smallestBytes });
  assert.ok(window.bytes() > 100_000, `${window.bytes()} bytes`);
});

test('F18 losses shrink the window, never below the smallest, and a lossy line still opens it again', () => {
  const window = createLineWindow({ startBytes: 100_000, nowMs: () => 0 });
  for (let n = 0; n < 10; n++) window.lost();
  assert.equal(window.bytes(), smallestBytes);
  assert.equal(window.quality().losses, 10);
  const lossy = carry({ bytesPerMs: 1000, roundTripMs: 50, forMs: 600_000, dropEach: 400 });
  assert.ok(lossy.window.bytes() > smallestBytes * 2, `${lossy.window.bytes()} bytes`);
});

test('a window that is not used does not grow', () => {
  let now = 0;
  const window = createLineWindow({ startBytes: firstBytes, nowMs: () => now });
  for (let n = 0; n < 1000; n++) {
    const received = window.sent(200, { inFlightBytes: 0 });
    now += 20;
    received({ sizeBytes: 200, heldMs: 0 });
  }
  assert.equal(window.bytes(), firstBytes);
});

test('time that the centre takes for its disk is not time of the line', () => {
  let now = 0;
  const window = createLineWindow({ startBytes: firstBytes, nowMs: () => now });
  window.greeted(10);
  for (let n = 0; n < 5; n++) {
    const sizeBytes = window.bytes();
    const received = window.sent(sizeBytes, { inFlightBytes: 0 });
    now += 1500;
    received({ sizeBytes, heldMs: 1480 });
  }
  assert.equal(window.bytes(), firstBytes * 2 ** 5);
  const received = window.sent(1000, { inFlightBytes: 0 });
  now += 1500;
  received({ sizeBytes: 1000, heldMs: 0 });
  assert.ok(window.bytes() < firstBytes * 8);
});
