import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContentWay } from '../../device/sync/content-way.ts';
import { createWayChoice } from '../../device/sync/way-choice.ts';
import { systemClock } from '../../platform/clock.ts';

const way = (name: 'https' | 'mqtt') => ({ name }) as ContentWay;

test('the second way is taken after two tries in vain, and the first one tried again now and then', () => {
  let nowMs = 0;
  const [https, mqtt] = [way('https'), way('mqtt')];
  const choice = createWayChoice([https, mqtt], { ...systemClock, monotonicMs: () => nowMs });
  const after = (ms: number) => {
    nowMs += ms;
    return choice.current().name;
  };
  const tryInVain = (each: ContentWay, times = 2) => {
    for (let count = 0; count < times; count++) choice.failed(each);
  };
  assert.equal(after(0), 'https');
  tryInVain(https, 1);
  assert.equal(after(0), 'https', 'one break says nothing');
  choice.worked(https);
  tryInVain(https, 1);
  assert.equal(after(0), 'https');
  tryInVain(https, 1);
  assert.equal(after(0), 'mqtt');
  choice.worked(mqtt);
  assert.equal(after(59_000), 'mqtt');
  assert.equal(after(1000), 'https', 'after a minute');
  tryInVain(https, 1);
  assert.equal(after(119_000), 'mqtt', 'one try is enough now, and the pause is longer');
  assert.equal(after(1000), 'https');
  choice.worked(https);
  tryInVain(https);
  assert.equal(after(60_000), 'https', 'a way that worked begins anew');
  tryInVain(https);
  tryInVain(mqtt);
  assert.equal(after(0), 'mqtt', 'both are closed: the one that opens first');
});
