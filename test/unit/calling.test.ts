import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  allowedMinutes,
  type CallingRules,
  type CallingWindow,
  callingOrder,
  chooseNext,
  distribute,
  dueMs,
  type Waiting,
  weightAt,
  whyBefore,
} from '../../device/core/calling.ts';
import { type Purpose, type Skill, usualHallRules } from '../../protocol/hall-rules.ts';
import { seededRandom } from '../fixtures/books.ts';
import { minuteMs } from '../fixtures/test-clock.ts';

const rules: CallingRules = { ...usualHallRules, normMinutes: 15 };
const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const everything: CallingWindow = { window: '1', skills: null };

let places = 0;
function person(ticketId: string, sinceMinutes: number, more: Partial<Waiting> = {}): Waiting {
  return {
    ...{ ticketId, place: ++places, sinceMs: sinceMinutes * minuteMs },
    ...{ serviceId: 'inn-certificate', categoryId: 'taxes', purpose: 'submit', privilege: null },
    ...{ transferred: false, forWindow: null },
    ...more,
  };
}
const next = (line: Waiting[], nowMinutes: number, window = everything) =>
  chooseNext({ line, window, nowMs: nowMinutes * minuteMs, rules });

describe('the next one is', () => {
  test('who came first, among equals', () => {
    assert.equal(next([person('second', 2), person('first', 1)], 5)?.ticketId, 'first');
    assert.equal(next([], 5), undefined);
  });

  test('who may be made to wait less: privilege, appointment, transfer', () => {
    const ordinary = person('ordinary', 0);
    for (const hurry of [
      { privilege: 'veteran' },
      { purpose: 'appointment' as const },
      { transferred: true },
    ])
      assert.equal(next([ordinary, person('hurry', 4, hurry)], 5)?.ticketId, 'hurry', JSON.stringify(hurry));
    assert.equal(allowedMinutes(person('x', 0, { privilege: 'no-such' }), rules), 15);
  });

  test('not somebody with a privilege who came when the other one had waited for the norm', () => {
    const line = [person('ordinary', 0), person('veteran', 16, { privilege: 'veteran' })];
    const chosen = next(line, 20);
    assert.equal(chosen?.ticketId, 'ordinary');
    assert.equal(chosen?.because.dueMs, 15 * minuteMs);
  });

  test('own work before other work, until the other one has waited for the norm', () => {
    const window = {
      window: '1',
      skills: [
        { categoryId: 'taxes', weight: 10 },
        { categoryId: 'property', weight: 5 },
      ],
    };
    const line = [person('other', 0, { categoryId: 'property' }), person('own', 6)];
    assert.equal(next(line, 8, window)?.ticketId, 'own');
    assert.equal(next(line, 15, window)?.ticketId, 'other');
    assert.equal(next([line[0] as Waiting, person('late', 9)], 10, window)?.ticketId, 'other');
  });

  test('nobody whom the window does not serve', () => {
    const skills: Skill[] = [
      { serviceId: 'passport-issue', weight: 10 },
      { purpose: 'consult', weight: 0 },
    ];
    const window = { window: '1', skills };
    assert.equal(next([person('a', 0), person('b', 0, { purpose: 'consult' })], 60, window), undefined);
    assert.equal(next([person('c', 0, { serviceId: 'passport-issue' })], 1, window)?.ticketId, 'c');
    assert.equal(weightAt({ window: '1', skills: [] }, person('a', 0)), 0);
  });

  test('somebody who is kept for this window, and never somebody kept for another', () => {
    const line = [person('a', 0, { forWindow: '2' }), person('b', 5, { forWindow: '1' })];
    assert.equal(next(line, 60, { window: '1', skills: [] })?.ticketId, 'b');
    assert.equal(next(line, 60, { window: '3', skills: null }), undefined);
  });

  test('explained: who was passed over, and why', () => {
    const veteran = person('veteran', 3, { privilege: 'veteran' });
    const [ordinary, kept] = [person('ordinary', 1), person('kept', 1, { forWindow: '9' })];
    const early = person('early', 0);
    const why = (a: Waiting, b: Waiting, window = everything) => whyBefore(a, b, window, 4 * minuteMs, rules);
    assert.equal(why(veteran, ordinary), 'due-earlier');
    assert.equal(why(early, ordinary), 'due-earlier');
    assert.equal(why(ordinary, person('same', 1)), 'taken-earlier');
    assert.equal(why(veteran, kept), 'kept-for-window');
    assert.equal(why(veteran, ordinary, { window: '1', skills: [] }), 'not-served-here');
    assert.equal(why(ordinary, veteran), 'not-before');
    const later = { ...veteran, place: early.place + 1 };
    assert.equal(next([early, later], 4)?.because.passedOver, 1);
  });
});

const categories = ['taxes', 'property', 'passports'];
const purposes: Purpose[] = ['submit', 'consult', 'appointment'];
const privileges = [null, null, null, 'veteran', 'with-child', 'unheard-of'];

test('in any hall nobody starves past the norm, and equals are called in the order in which they came', t => {
  t.diagnostic(`OKNO_SEED=${seed}`);
  const random = seededRandom(seed);
  const draw = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  for (let hall = 0; hall < 60; hall++) {
    const windows = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) => ({
      window: String(index + 1),
      skills:
        random() < 0.4
          ? null
          : categories.flatMap(categoryId =>
              random() < 0.7 ? [{ categoryId, weight: Math.floor(random() * 11) }] : [],
            ),
    }));
    let line: Waiting[] = [];
    const here = new Map<string, Waiting>();
    let [nowMs, came, called] = [0, 0, 0];
    for (let step = 0; step < 250; step++) {
      nowMs += Math.floor(random() * 3 * minuteMs);
      if (random() < 0.55) {
        came++;
        const who: Waiting = {
          ...{ ticketId: `t${came}`, place: came, sinceMs: nowMs, serviceId: 's' },
          ...{ categoryId: draw(categories), purpose: draw(purposes), privilege: draw(privileges) },
          transferred: random() < 0.1,
          forWindow: random() < 0.05 ? draw(windows).window : null,
        };
        line.push(who);
        here.set(who.ticketId, who);
        continue;
      }
      const window = draw(windows);
      const chosen = chooseNext({ line: line.toSorted(() => random() - 0.5), window, nowMs, rules });
      const served = line.filter(each => weightAt(window, each) > 0);
      assert.equal(chosen === undefined, served.length === 0);
      if (!chosen) continue;
      called++;
      const who = here.get(chosen.ticketId);
      assert.ok(who && served.includes(who));
      line = line.filter(each => each !== who);
      for (const other of served) {
        if (other === who) continue;
        const waited = nowMs - other.sinceMs;
        // The ceiling: after the norm, nobody who has to be called later goes before.
        if (waited >= 15 * minuteMs) assert.ok(dueMs(who, rules) <= dueMs(other, rules));
        if (waited >= 15 * minuteMs) assert.ok(who.sinceMs <= other.sinceMs + 15 * minuteMs);
        const isEqual =
          allowedMinutes(who, rules) === allowedMinutes(other, rules) &&
          weightAt(window, who) === weightAt(window, other);
        if (isEqual) assert.ok(who.place < other.place, `${other.ticketId} came before ${who.ticketId}`);
        assert.notEqual(whyBefore(who, other, window, nowMs, rules), 'not-before');
      }
    }
    assert.equal(came, called + line.length);
    const due = callingOrder(line, rules).map(each => dueMs(each, rules));
    assert.deepEqual(
      due,
      due.toSorted((a, b) => a - b),
    );
  }
});

test('KEM-12 people are sent to free windows so that no window stays free that could serve somebody', t => {
  t.diagnostic(`OKNO_SEED=${seed}`);
  const random = seededRandom(seed);
  for (let hall = 0; hall < 200; hall++) {
    const line = Array.from({ length: Math.floor(random() * 8) }, (_, index) =>
      person(`t${index}`, random() * 30, { categoryId: categories[Math.floor(random() * 3)] ?? null }),
    );
    const free = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) => ({
      window: String(index),
      freeSinceMs: Math.floor(random() * 10),
      skills: random() < 0.5 ? null : [{ categoryId: 'taxes', weight: 1 + Math.floor(random() * 10) }],
    }));
    const sent = distribute({ line, free, nowMs: 30 * minuteMs, rules });
    assert.equal(new Set(sent.map(({ window }) => window)).size, sent.length);
    assert.equal(new Set(sent.map(({ ticketId }) => ticketId)).size, sent.length);
    const idle = free.filter(({ window }) => sent.every(each => each.window !== window));
    const left = line.filter(({ ticketId }) => sent.every(each => each.ticketId !== ticketId));
    for (const window of idle) for (const each of left) assert.equal(weightAt(window, each), 0);
  }
});

test('KEM-12 of windows that do the same, the one that was free longest gets the next person', () => {
  const free = ['1', '2', '3'].map((window, index) => ({ window, skills: null, freeSinceMs: -index }));
  const [sent] = distribute({ line: [person('a', 0)], free, nowMs: 0, rules });
  assert.equal(sent?.window, '3');
});
