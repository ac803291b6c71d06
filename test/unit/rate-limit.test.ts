import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRateLimit } from '../../central/ingress/rate-limit.ts';

test('a burst goes through, what is above it waits in proportion, and rest refills the bucket', () => {
  const wait = createRateLimit({ perSecond: 10, burst: 5 });
  for (let message = 0; message < 5; message++) assert.equal(wait(1, 0), 0);
  assert.equal(wait(1, 0), 100);
  assert.equal(wait(1, 0), 200);
  assert.equal(wait(1, 1_000), 0);
  for (let message = 0; message < 4; message++) assert.equal(wait(1, 60_000), 0, 'never more than the burst');
  assert.equal(wait(2, 60_000), 100);
});
