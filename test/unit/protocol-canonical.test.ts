import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../../protocol/canonical.ts';
import { chainStart, hashFact } from '../../protocol/chain.ts';
import type { Fact } from '../../protocol/facts.ts';
import { openTestJournal, plainFact } from '../fixtures/books.ts';

test('canonical JSON does not depend on the order in which members were written', async () => {
  assert.equal(canonicalJson({ b: 1, a: { d: [], c: null } }), '{"a":{"c":null,"d":[]},"b":1}');
  assert.equal(
    canonicalJson({ a: { c: null, d: [] }, b: 1 }),
    canonicalJson({ b: 1, a: { d: [], c: null } }),
  );
});

test('canonical JSON leaves out undefined members and keeps their places in lists', async () => {
  assert.equal(canonicalJson({ a: undefined, b: [undefined, 1] }), '{"b":[null,1]}');
});

test('canonical JSON sorts by UTF-16 code units, as RFC 8785 does', async () => {
  // Its own example, section 3.2.3: the smiling face has a smaller first unit than U+FB33.
  const names = ['€', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', 'ö'];
  const sorted = JSON.parse(canonicalJson(Object.fromEntries(names.map(name => [name, 0]))));
  assert.deepEqual(Object.keys(sorted), ['1', '\r', '\u0080', 'ö', '€', '\u{1f600}', '\ufb33']);
});

test('canonical JSON of what was read back is what was written', async () => {
  const value = { text: 'Ёж «№ 1»\n\u0000\ud800', numbers: [0, -0, 1e21, 0.1, -5], deep: { yes: true } };
  const once = canonicalJson(value);
  assert.equal(canonicalJson(JSON.parse(once)), once);
});

test('the chain begins with zeros and every digest covers every member of the fact', async () => {
  const { journal } = openTestJournal();
  const [fact, next] = (await journal.commit([plainFact(1), plainFact(2)])) as [Fact, Fact];
  assert.equal(fact.prevHash, chainStart);
  assert.equal(next.prevHash, hashFact(fact));
  for (const change of [
    { seq: 2 },
    { at: '2026-01-01T00:00:00.000Z' },
    { subject: 'another' },
    { body: { ...fact.body, triesLeft: 1 } },
    { prevHash: 'f'.repeat(64) },
    { added: true },
  ])
    assert.notEqual(hashFact({ ...fact, ...change }), hashFact(fact), JSON.stringify(change));
});
