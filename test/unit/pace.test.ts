import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from '../../device/sync/pace.ts';
import { seededRandom } from '../fixtures/books.ts';

const megabit = 125_000;
const stepMs = 10;

/** A line of so many bytes per second with an endless queue before it, and somebody who sends at the pace. */
function lineOf(bytesPerSecond: number, options: { lineMs?: number; tcpBytesPerSecond?: number } = {}) {
  const { lineMs = 100, tcpBytesPerSecond = Number.POSITIVE_INFINITY } = options;
  const pace = createPace();
  const random = seededRandom(7);
  const line = { bytesPerSecond, foreignBytes: 0 };
  const arrivals: { atMs: number; bytes: number }[] = [];
  let [nowMs, buffered, queued, received, lastTripMs] = [1000, 0, 0, 0, 0];
  pace.restart(nowMs);
  return {
    line,
    rate: () => pace.bytesPerSecond(),
    queueMs: () => (queued * 1000) / line.bytesPerSecond,
    /** Runs so long and tells the average queue and what arrived per second. */
    run(forMs: number) {
      const [endsMs, before] = [nowMs + forMs, received];
      let [queueSum, count] = [0, 0];
      for (; nowMs < endsMs; nowMs += stepMs) {
        const bytes = (pace.bytesPerSecond() * stepMs) / 1000;
        pace.sent(bytes);
        buffered += bytes;
        const intoLine = Math.min(buffered, (tcpBytesPerSecond * stepMs) / 1000);
        buffered -= intoLine;
        queued += intoLine + line.foreignBytes;
        line.foreignBytes = 0;
        const through = Math.min(queued, (line.bytesPerSecond * stepMs) / 1000);
        queued -= through;
        arrivals.push({ atMs: nowMs + lineMs / 2, bytes: through });
        while ((arrivals[0]?.atMs ?? nowMs + 1) <= nowMs) received += arrivals.shift()?.bytes ?? 0;
        queueSum += queued;
        count++;
        if (nowMs - lastTripMs < 100) continue;
        lastTripMs = nowMs;
        // One in twenty five stands behind a lost packet.
        const ms = lineMs + (queued * 1000) / line.bytesPerSecond + (random() < 0.04 ? 250 : 3 * random());
        pace.heard({ ms, receivedBytes: received }, nowMs);
      }
      const meanQueueMs = ((queueSum / count) * 1000) / line.bytesPerSecond;
      return { meanQueueMs, perSecond: ((received - before) * 1000) / forMs };
    },
  };
}

test('content takes nearly all of a line and leaves no queue that a small message would notice', () => {
  for (const megabits of [1, 10, 50]) {
    const branch = lineOf(megabits * megabit);
    branch.run(20_000);
    const { meanQueueMs, perSecond } = branch.run(20_000);
    assert.ok(perSecond > 0.88 * megabits * megabit, `${megabits} Mbit/s: ${perSecond / megabit}`);
    assert.ok(meanQueueMs < 40, `${megabits} Mbit/s: a queue of ${meanQueueMs} ms`);
  }
});

test('a line that becomes slower is not filled, and one that becomes faster is used', () => {
  const branch = lineOf(10 * megabit);
  branch.run(10_000);
  branch.line.bytesPerSecond = 3 * megabit;
  branch.run(15_000);
  assert.ok(branch.run(10_000).meanQueueMs < 60);
  branch.line.bytesPerSecond = 10 * megabit;
  branch.run(15_000);
  assert.ok(branch.run(5000).perSecond > 8 * megabit);
});

test('while TCP is slower than the line the pace stays near what arrives', () => {
  const branch = lineOf(10 * megabit, { tcpBytesPerSecond: 2 * megabit });
  branch.run(20_000);
  assert.ok(branch.rate() < 4 * megabit, `${branch.rate() / megabit} Mbit/s`);
});

test('who shares the line makes content slower and never stops it', () => {
  const branch = lineOf(10 * megabit);
  const alone = branch.run(10_000).perSecond;
  for (let tenth = 0; tenth < 200; tenth++) {
    branch.line.foreignBytes = branch.queueMs() < 200 ? megabit : 0;
    branch.run(100);
  }
  assert.ok(branch.rate() < alone && branch.rate() > alone / 5, `${branch.rate() / megabit} Mbit/s`);
});

test('a connection is stuck when round trips come back for long and nothing arrives, and only then', () => {
  const pace = createPace();
  pace.restart(0);
  const hear = (fromMs: number, toMs: number, receivedBytes: number) => {
    for (let nowMs = fromMs; nowMs < toMs; nowMs += 100) pace.heard({ ms: 100, receivedBytes }, nowMs);
    return pace.isStuck(toMs);
  };
  assert.equal(hear(0, 5000, 0), false, 'nothing was sent');
  pace.sent(100_000);
  assert.equal(hear(5000, 7000, 60_000), false);
  assert.equal(hear(7000, 20_000, 60_000), true);
  pace.restart(20_000);
  assert.equal(hear(20_000, 30_000, 60_000), false, 'what was given up is not waited for');
  pace.sent(40_000);
  assert.equal(hear(30_000, 40_000, 100_000), false, 'everything arrived');
});
