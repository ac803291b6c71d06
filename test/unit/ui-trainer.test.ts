import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindRules } from '../../protocol/kind-rules.ts';
import type { SampleLine } from '../../protocol/trainer.ts';
import {
  sameRules,
  stepWeight,
  withHeading,
  withKind,
  withoutKind,
  withoutPhrase,
  withPhrase,
  withWeight,
} from '../../ui/trainer/edits.ts';
import { grouped, judge } from '../../ui/trainer/verdicts.ts';

const title = { ru: 'Карта', en: 'Card' };
const rules: KindRules = { card: { title, satisfies: [], phrases: [{ words: 'карта', weight: 3 }] } };

test('edits of rules leave those in force as they were, and lead back to them', () => {
  const before = structuredClone(rules);
  const added = withPhrase(rules, 'card', 'жителя', 4);
  assert.deepEqual(added.card?.phrases.at(-1), { words: 'жителя', weight: 4 });
  assert.ok(!sameRules(added, rules));
  assert.ok(sameRules(withoutPhrase(added, 'card', 1), rules));
  assert.ok(sameRules(withPhrase(rules, 'card', 'карта', 9), rules), 'a phrase that is there stays');
  assert.ok(sameRules(withPhrase(rules, 'card', '', 3), rules));
  const heading = withHeading(rules, 'card', 0, true);
  assert.deepEqual(heading.card?.phrases, [{ words: 'карта', weight: 3, heading: true }]);
  assert.ok(sameRules(withHeading(heading, 'card', 0, false), rules));
  assert.ok(sameRules(withWeight(withWeight(rules, 'card', 0, -2), 'card', 0, 3), rules));
  assert.ok(
    sameRules(withoutKind(withKind(rules, 'new', { title, satisfies: [], phrases: [] }), 'new'), rules),
  );
  assert.ok(sameRules({ card: { phrases: [{ weight: 3, words: 'карта' }], satisfies: [], title } }, rules));
  assert.deepEqual(rules, before);
});

test('a weight steps over nought and stays within its limits', () => {
  assert.deepEqual(
    [
      stepWeight(0.5, -0.5, 10),
      stepWeight(-0.5, 0.5, 10),
      stepWeight(10, 0.5, 10),
      stepWeight(-10, -0.5, 10),
    ],
    [-0.5, 0.5, 10, -10],
  );
});

const line = (id: string, kind: string): SampleLine => ({
  ...{ id, kind, source: 'file', begins: '', addedAt: '2026-11-22T08:00:00.000Z' },
});
const verdict = (id: string, guess: string, sure: number) => ({ id, guess, sure });

test('samples that are told wrong come first, then the unsure; what changed is said', () => {
  const samples = [
    line('a', 'card'),
    line('b', 'card'),
    line('c', 'inn'),
    line('d', 'inn'),
    line('e', 'inn'),
  ];
  const inForce = ['a', 'b', 'c', 'd', 'e'].map(id => verdict(id, id < 'c' ? 'card' : 'other', 0.9));
  const now = [
    ...[verdict('a', 'card', 0.99), verdict('b', 'card', 0.85)],
    ...[verdict('c', 'inn', 0.9), verdict('d', 'other', 0.4), verdict('e', 'card', 0.95)],
  ];
  const groups = grouped(judge(samples, inForce, now));
  assert.deepEqual(
    groups.map(({ kind, right, samples: all }) => [kind, right, ...all.map(({ id }) => id)]),
    [
      ['inn', 1, 'e', 'd', 'c'],
      ['card', 2, 'b', 'a'],
    ],
  );
  const changes = judge(samples, inForce, now).map(({ change }) => change);
  assert.deepEqual(changes, [null, null, 'better', null, null]);
  assert.deepEqual(
    judge(samples, now, inForce).map(({ change }) => change),
    [null, null, 'worse', null, null],
  );
  assert.deepEqual(
    judge(samples, null, null).map(({ isRight, change }) => [isRight, change]),
    samples.map(() => [false, null]),
  );
});
