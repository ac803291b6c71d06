import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { keepCheckpoints } from '../../device/journal/checkpoints.ts';
import type { Fact } from '../../protocol/facts.ts';
import { type Authority, createAuthority } from '../../provisioning/certificates/authority.ts';
import { openTestCentre, openTestJournal, plainFact, silentLog } from '../fixtures/books.ts';

const box = 'mfc-041';
const boxes = await createAuthority('Проба: устройства');
const anchors = [boxes.certificateDer];

async function sealOf(authority: Authority, commonName = box) {
  const issued = await authority.issue({ commonName, usage: 'signing', days: 2 });
  return { key: createPrivateKey(issued.privateKey ?? ''), certificate: issued.certificateDer };
}
const seal = await sealOf(boxes);

/** Five facts, and a checkpoint after each two; `change` is what happens to them on the way. */
async function deliver(change: (facts: Fact[]) => Fact[] = facts => facts, by = seal) {
  const { journal } = openTestJournal();
  const checkpoints = keepCheckpoints({
    journal,
    box,
    seal: by,
    everyFacts: 2,
    everyMs: 60_000,
    log: silentLog,
  });
  for (let n = 1; n <= 5; n++) {
    await journal.commit([plainFact(n)]);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  await checkpoints.now();
  checkpoints.stop();
  const centre = await openTestCentre(undefined, anchors);
  const facts = journal.read(0, 100);
  await centre.ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts: change(facts) } }]);
  return { journal, facts, troubles: await centre.troubles.newest(10), ledger: centre.ledger };
}

const checkpointsOf = (facts: Fact[]) => facts.filter(({ type }) => type === 'journal.checkpoint');

test('a checkpoint follows so many facts, and the centre finds that it holds', async () => {
  const { facts, troubles, journal } = await deliver();
  assert.deepEqual(
    checkpointsOf(facts).map(({ seq, body }) => [seq, body.upTo]),
    [
      [3, 2],
      [6, 5],
      [8, 7],
    ],
  );
  assert.deepEqual(troubles, []);
  assert.equal(journal.checkpointed(), journal.head());
});

test('a checkpoint is not signed again when nothing was written since', async () => {
  const { journal } = openTestJournal();
  const checkpoints = keepCheckpoints({ journal, box, seal, everyFacts: 2, everyMs: 60_000, log: silentLog });
  await checkpoints.now();
  assert.equal(journal.head(), 0);
  await journal.commit([plainFact()]);
  await Promise.all([checkpoints.now(), checkpoints.now()]);
  checkpoints.stop();
  assert.equal(journal.head(), 2);
});

const breakIn = (change: (fact: Fact) => Fact) => (facts: Fact[]) =>
  facts.map(fact => (fact.seq === 3 ? change(fact) : fact));

const cases: [name: string, reason: string, () => ReturnType<typeof deliver>][] = [
  [
    'another journal’s digest',
    'wrong-signature',
    () => deliver(breakIn(fact => ({ ...fact, body: { ...fact.body, head: '0'.repeat(64) } }))),
  ],
  [
    'another number',
    'wrong-signature',
    () => deliver(breakIn(fact => ({ ...fact, body: { ...fact.body, upTo: 1 } }))),
  ],
  [
    'a fact that was changed after it was signed',
    'wrong-head',
    () => deliver(facts => facts.map(fact => (fact.seq === 2 ? { ...fact, subject: 'forged' } : fact))),
  ],
  ['the seal of another box', 'foreign-seal', async () => deliver(undefined, await sealOf(boxes, 'mfc-042'))],
  [
    'a seal that nobody here knows',
    'untrusted-seal',
    async () => deliver(undefined, await sealOf(await createAuthority('Чужие'))),
  ],
  [
    'bytes that are no certificate',
    'unreadable',
    () => deliver(breakIn(fact => ({ ...fact, body: { ...fact.body, certificate: 'AAAA' } }))),
  ],
];
for (const [name, reason, run] of cases)
  test(`the operators hear of a checkpoint with ${name}, and every fact is kept`, async () => {
    const { troubles, facts, ledger, journal } = await run();
    const invalid = troubles.filter(({ code }) => code === 'journal.checkpoint-invalid');
    assert.deepEqual(invalid.at(-1)?.details, { seq: 3, reason });
    assert.equal((await ledger.journals(box))[0]?.stored, facts.length);
    assert.equal((await ledger.facts(box, journal.epoch)).length, facts.length);
  });
