import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  afterEvent,
  type LinkEvent,
  type LinkPhase,
  shownState,
  wasSteady,
} from '../../device/sync/link-phases.ts';

function walk(...events: LinkEvent[]): LinkPhase {
  let phase: LinkPhase = 'idle';
  for (const event of events) phase = afterEvent(phase, event) ?? phase;
  return phase;
}

test('a link is shown as connected when the centre has told its watermark, not before', () => {
  assert.equal(shownState(walk('start', 'accepted')), 'connecting');
  assert.equal(shownState(walk('start', 'accepted', 'watermark')), 'connected');
  assert.equal(walk('start', 'accepted', 'watermark', 'watermark', 'lasted', 'watermark'), 'steady');
});

test('F16 only a connection that lasted ends the flapping', () => {
  assert.ok(!wasSteady(walk('start')));
  assert.ok(!wasSteady(walk('start', 'accepted', 'watermark')));
  assert.ok(wasSteady(walk('start', 'accepted', 'watermark', 'lasted')));
  assert.equal(walk('start', 'closed', 'due', 'accepted', 'closed'), 'waiting');
});

test('from every phase a stop is the end, and nothing comes after it', () => {
  const ways: LinkEvent[][] = [[], ['start'], ['start', 'accepted'], ['start', 'closed'], ['start', 'accepted', 'watermark', 'lasted']]; // biome-ignore format: one line
  for (const way of ways)
    assert.equal(walk(...way, 'stop', 'due', 'start', 'accepted', 'watermark'), 'stopped');
});
