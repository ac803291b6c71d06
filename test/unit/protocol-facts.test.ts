import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { contentOf, factBodies, isFact, judgeFact } from '../../protocol/facts.ts';
import { findAgreement, type Register } from '../../protocol/register.ts';
import { blobOf, factNaming, openTestJournal, plainFact } from '../fixtures/books.ts';

test('what a journal writes is a known fact', async () => {
  const { journal } = openTestJournal();
  for (const fact of await journal.commit([plainFact(), factNaming(blobOf(Buffer.from('p')))])) {
    assert.ok(isFact(fact));
    assert.equal(judgeFact(fact), 'known');
  }
});

test('F23 a fact with members of a newer version is still a fact', async () => {
  const { journal } = openTestJournal();
  const [fact] = await journal.commit([plainFact()]);
  assert.ok(isFact({ ...fact, signature: 'abc' }));
  assert.equal(judgeFact({ ...plainFact(), body: { ...plainFact().body, news: 1 } }), 'known');
});

test('F22 a fact without one of its members, or with a wrong one, is none', async () => {
  const { journal } = openTestJournal();
  const [fact] = await journal.commit([plainFact()]);
  for (const name of Object.keys(fact ?? {})) assert.ok(!isFact({ ...fact, [name]: undefined }), name);
  for (const wrong of [
    { seq: 0 },
    { seq: 1e300 },
    { type: 'Ticket' },
    { at: 'yesterday' },
    { at: '2026-11-22T25:00:00.000Z' },
    { at: '2026-13-01T00:00:00.000Z' },
    { at: '2026-11-00T00:00:00.000Z' },
    { at: '2026-11-22T23:59:60.000Z' },
    { clock: 'sure' },
    { body: [] },
    { prevHash: 'abc' },
  ])
    assert.ok(!isFact({ ...fact, ...wrong }), JSON.stringify(wrong));
});

test('F22, F23 bodies are known, malformed, or of a type that this version does not know', async () => {
  assert.equal(judgeFact({ type: 'ticket.waiting', body: { by: 'printed' } }), 'known');
  assert.equal(judgeFact({ type: 'ticket.waiting', body: { by: 'telepathy' } }), 'malformed');
  assert.equal(judgeFact({ type: 'ticket.waiting', body: null }), 'malformed');
  assert.equal(judgeFact({ type: 'ticket.flown', body: {} }), 'unknown-type');
  assert.equal(judgeFact({ type: 'constructor', body: {} }), 'unknown-type');
});

test('no body of a fact has a place for a name, a birthday or a document number', async () => {
  const personal = /name|surname|birth|passport|snils|phone|mail|address|text/i;
  for (const [type, { properties }] of Object.entries(factBodies))
    assert.deepEqual(
      Object.keys(properties).filter(member => personal.test(member)),
      [],
      type,
    );
});

test('only a sent case names content that the centre must have', async () => {
  const content = blobOf(Buffer.from('package'));
  assert.deepEqual(contentOf(factNaming(content)), [content]);
  assert.deepEqual(contentOf(plainFact()), []);
  const page = { caseId: randomUUID(), kind: 'passport', page: content, index: 0, source: 'scanner' };
  assert.deepEqual(contentOf({ type: 'document.page-added', body: page }), []);
});

test('LED-3.1 of two agreements over one service the one in force on the day is found', async () => {
  const agreement = (id: string, inForceFrom: string, inForceUntil: string | null) => ({
    id,
    agencyId: 'agency',
    number: id,
    serviceIds: ['service'],
    format: 'gateway' as const,
    inForceFrom,
    inForceUntil,
  });
  const text = { ru: 'т', en: 't' };
  const register: Register = {
    version: 1,
    region: text,
    categories: [],
    agencies: [],
    services: [],
    agreements: [agreement('old', '2020-01-01', '2024-12-31'), agreement('new', '2025-02-01', null)],
  };
  const on = (day: string) => findAgreement(register, 'service', day)?.id;
  assert.deepEqual(
    ['2019-12-31', '2020-01-01', '2024-12-31', '2025-01-01', '2025-02-01', '2099-01-01'].map(on),
    [undefined, 'old', 'old', undefined, 'new', 'new'],
  );
});
