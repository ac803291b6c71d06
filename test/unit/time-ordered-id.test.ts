import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeOrderedId } from '../../platform/time-ordered-id.ts';
import { newId } from '../../ui/shared/new-id.ts';

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids of later moments stand behind ids of earlier ones, whatever the clock says', () => {
  const moments = ['1960-05-01', '1970-01-01', '1970-01-02', '2026-11-22T10:00:00.001Z', '2099-12-31'];
  const ids = moments.map(at => timeOrderedId(new Date(at)));
  assert.deepEqual(ids.slice(1).toSorted(), ids.slice(1));
  for (const id of ids) assert.match(id, version7);
});

test('many ids of one moment are all different', () => {
  const now = new Date();
  assert.equal(new Set(Array.from({ length: 10_000 }, () => timeOrderedId(now))).size, 10_000);
});

test('ids that a page makes begin with the time too, and are all different', () => {
  const [before, after] = [Date.now(), Date.now() + 60_000].map(ms => ms.toString(16).padStart(12, '0'));
  const ids = Array.from({ length: 10_000 }, newId);
  assert.equal(new Set(ids).size, 10_000);
  for (const id of ids) {
    assert.match(id, version7);
    const time = id.replaceAll('-', '').slice(0, 12);
    assert.ok(time >= (before ?? '') && time <= (after ?? ''), id);
  }
});
