import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { groupCommit } from '../../central/ingress/group-commit.ts';
import { hashFact } from '../../protocol/chain.ts';
import type { Fact, NewFact } from '../../protocol/facts.ts';
import type { Envelope } from '../../protocol/messages.ts';
import { blobOf, factNaming, openTestJournal, plainFact, seededRandom } from '../fixtures/books.ts';
import { eachDatabase } from '../fixtures/databases.ts';

const box = 'mfc-041';

async function boxWith(count: number) {
  const { journal } = openTestJournal();
  await journal.commit(Array.from({ length: count }, (_, n) => plainFact(n)));
  const facts = (from: number, to: number) => journal.read(from - 1, to - from + 1);
  const envelope = (...parts: Fact[][]): { box: string; envelope: Envelope } => ({
    box,
    envelope: { v: 1, epoch: journal.epoch, facts: parts.flat() },
  });
  return { journal, facts, envelope };
}

eachDatabase(openTestCentre => {
  test('F19 duplicates, overlaps and reordering end in the same ledger', async () => {
    const { journal, facts, envelope } = await boxWith(20);
    const { ledger, troubles } = await openTestCentre();
    await ledger.accept([envelope(facts(11, 20)), envelope(facts(1, 5)), envelope(facts(1, 5))]);
    await ledger.accept([
      envelope(facts(4, 12)),
      envelope(facts(6, 20)),
      envelope(facts(1, 20).toReversed()),
    ]);
    assert.deepEqual(await ledger.facts(box, journal.epoch), journal.read(0, 100));
    assert.deepEqual(await ledger.journals(box), [{ epoch: journal.epoch, upTo: 20, stored: 20 }]);
    assert.deepEqual(await troubles.newest(10), []);
  });

  test('F19 holes are asked for and the watermark stops before the first one', async () => {
    const { journal, facts, envelope } = await boxWith(20);
    const { ledger } = await openTestCentre();
    await ledger.accept([envelope(facts(1, 3)), envelope(facts(6, 8)), envelope(facts(12, 20))]);
    const { upTo, stored, missing } = await ledger.receipt(box, journal.epoch);
    assert.deepEqual({ upTo, stored, missing }, { upTo: 3, stored: 3, missing: [[4, 5], [9, 11]] }); // biome-ignore format: one line
    await ledger.accept([envelope(facts(4, 5))]);
    assert.deepEqual((await ledger.receipt(box, journal.epoch)).missing, [[9, 11]]);
    await ledger.accept([envelope(facts(9, 11))]);
    assert.deepEqual((await ledger.receipt(box, journal.epoch)).stored, 20);
  });

  test('F18 a receipt may be asked for again and again and says the same', async () => {
    const { journal, facts, envelope } = await boxWith(5);
    const { ledger } = await openTestCentre();
    await ledger.accept([envelope(facts(1, 2)), envelope(facts(4, 5))]);
    const receipt = await ledger.receipt(box, journal.epoch);
    assert.deepEqual(await ledger.receipt(box, journal.epoch), receipt);
    assert.equal((await ledger.receipt(box, randomUUID())).upTo, 0);
  });

  test('F18 a batch is answered with what is answered when one asks again, whatever lies around its facts', async () => {
    const { journal, facts, envelope } = await boxWith(3);
    await journal.commit([factNaming(blobOf(Buffer.from('a package'))), ...[5, 6, 7, 8, 9].map(plainFact)]);
    const quiet = await boxWith(4);
    const { ledger } = await openTestCentre();
    const spoilt = { v: 1, epoch: journal.epoch, facts: [{ seq: 5, junk: true }] };
    const other = { ...quiet.envelope(quiet.facts(1, 2)), box: 'mfc-042' };
    const batches = [
      [envelope(facts(1, 2)), other],
      [envelope(facts(4, 4)), { ...quiet.envelope(quiet.facts(3, 4)), box: 'mfc-042' }],
      [{ box, envelope: spoilt }, envelope(facts(9, 9))],
      [envelope(facts(3, 3)), other],
      [envelope(facts(6, 7))],
      [envelope(facts(8, 8))],
    ];
    const told = [];
    for (const batch of batches)
      for (const { box, receipt } of await ledger.accept(batch)) {
        assert.deepEqual(receipt, await ledger.receipt(box, receipt.epoch));
        if (box === 'mfc-041') told.push([receipt.upTo, receipt.stored, receipt.refused.length]);
      }
    assert.deepEqual(told, [[2, 2, 0], [2, 2, 0], [2, 2, 1], [3, 5, 1], [3, 7, 1], [3, 9, 1]]); // biome-ignore format: one line
  });

  test('a fact that names content is stored at once and receipted when the content is there', async () => {
    const { journal, facts, envelope } = await boxWith(2);
    const content = blobOf(Buffer.from('a package'));
    await journal.commit([factNaming(content), plainFact(), plainFact()]);
    const { ledger } = await openTestCentre();
    await ledger.accept([envelope(facts(1, 5))]);
    const waiting = await ledger.receipt(box, journal.epoch);
    assert.deepEqual([waiting.upTo, waiting.stored, waiting.wanted], [2, 5, [content.sha256]]);
    assert.deepEqual(await ledger.contentArrived(blobOf(Buffer.from('another'))), []);
    assert.deepEqual(
      (await ledger.contentArrived(content)).map(row => ({ ...row })),
      [{ box, epoch: journal.epoch }],
    );
    const done = await ledger.receipt(box, journal.epoch);
    assert.deepEqual([done.upTo, done.stored, done.wanted], [5, 5, []]);
    assert.deepEqual(await ledger.contentArrived(content), [], 'the second time nothing moves');
  });

  test('content that came before its fact holds nothing up, and one content may serve two boxes', async () => {
    const [first, second] = [await boxWith(1), await boxWith(0)];
    const content = blobOf(Buffer.from('a package'));
    const { ledger } = await openTestCentre();
    await first.journal.commit([factNaming(content)]);
    await second.journal.commit([factNaming(content)]);
    await ledger.accept([first.envelope(first.facts(1, 2))]);
    await ledger.accept([{ ...second.envelope(second.facts(1, 1)), box: 'mfc-042' }]);
    assert.equal((await ledger.contentArrived(content)).length, 2);
    await second.journal.commit([factNaming(content)]);
    await ledger.accept([{ ...second.envelope(second.facts(2, 2)), box: 'mfc-042' }]);
    assert.equal((await ledger.receipt('mfc-042', second.journal.epoch)).upTo, 2);
  });

  test('content behind a hole counts only when the hole is filled', async () => {
    const { journal, facts, envelope } = await boxWith(2);
    const content = blobOf(Buffer.from('a package'));
    await journal.commit([factNaming(content)]);
    const { ledger } = await openTestCentre();
    await ledger.accept([envelope(facts(1, 1)), envelope(facts(3, 3))]);
    assert.deepEqual((await ledger.receipt(box, journal.epoch)).wanted, []);
    await ledger.contentArrived(content);
    await ledger.accept([envelope(facts(2, 2))]);
    assert.equal((await ledger.receipt(box, journal.epoch)).upTo, 3);
  });

  test('F22 a poison fact is buried, receipted and told, and its neighbours go on', async () => {
    const { journal, facts, envelope } = await boxWith(9);
    const { ledger, troubles, storage } = await openTestCentre();
    const spoilt = facts(1, 9).map(fact =>
      fact.seq === 4 ? { seq: 4, junk: true } : fact.seq === 6 ? { ...fact, body: { wrong: 1 } } : fact,
    );
    await ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts: spoilt } }]);
    const receipt = await ledger.receipt(box, journal.epoch);
    assert.deepEqual([receipt.upTo, receipt.refused, receipt.missing], [9, [4, 6], []]);
    assert.deepEqual(
      (await ledger.facts(box, journal.epoch)).map(({ seq }) => seq),
      [1, 2, 3, 5, 7, 8, 9],
    );
    assert.deepEqual(
      (await troubles.newest(10)).map(({ code, subject, details }) => [code, subject, details.seq]),
      [['sync.fact-refused', box, 6], ['sync.fact-refused', box, 4]], // biome-ignore format: one line
    );
    const [dead] = await storage.run<{ raw: string }>('select raw from dead_letters where seq = 4');
    assert.deepEqual(JSON.parse(dead?.raw ?? ''), { junk: true, seq: 4 });
    await ledger.accept([envelope(facts(1, 3))]);
    assert.equal((await troubles.newest(10)).length, 2, 'a repeat tells nothing new');
  });

  test('F22 a box with sixty things to complain about does not hide what there is about others', async () => {
    const { troubles } = await openTestCentre();
    await troubles.raise('sync.journal-forked', 'mfc-042', { seq: 1 });
    for (let seq = 1; seq <= 60; seq++) await troubles.raise('sync.fact-refused', box, { seq });
    const newest = await troubles.newest(50);
    assert.equal(newest.length, 21);
    assert.equal(newest.at(-1)?.subject, 'mfc-042');
  });

  test('F22 a fact of another epoch inside an envelope is not taken for this one', async () => {
    const { journal, facts } = await boxWith(1);
    const { ledger } = await openTestCentre();
    const epoch = randomUUID();
    await ledger.accept([{ box, envelope: { v: 1, epoch, facts: facts(1, 1) } }]);
    assert.deepEqual([await ledger.facts(box, epoch), await ledger.facts(box, journal.epoch)], [[], []]);
    assert.deepEqual((await ledger.receipt(box, epoch)).refused, [1]);
  });

  test('F23 types and members that only a newer box knows are kept whole, receipted, and keep the chain', async () => {
    const { journal, facts } = await boxWith(3);
    const { ledger, troubles } = await openTestCentre();
    const [one, two, three] = facts(1, 3) as [Fact, Fact, Fact];
    const news = { ...one, type: 'drone.landed', body: { height: 3 }, signature: 'abc' };
    const second = { ...two, prevHash: hashFact(news) };
    const third = { ...three, prevHash: hashFact(second) };
    await ledger.accept([{ box, envelope: { v: 2, epoch: journal.epoch, facts: [news, second, third] } }]);
    assert.deepEqual(await ledger.facts(box, journal.epoch), [news, second, third]);
    const receipt = await ledger.receipt(box, journal.epoch);
    assert.deepEqual([receipt.upTo, receipt.refused], [3, []]);
    assert.deepEqual(
      (await troubles.newest(10)).map(({ code, details }) => [code, details.type]),
      [['sync.facts-parked', 'drone.landed']],
    );
  });

  test('a chain that does not hold is stored, receipted and told', async () => {
    const { journal, facts } = await boxWith(5);
    const { ledger, troubles } = await openTestCentre();
    const forged = facts(1, 5).map(fact =>
      fact.seq === 3 ? { ...fact, body: { ...fact.body, triesLeft: 0 } } : fact,
    );
    await ledger.accept([{ box, envelope: { v: 1, epoch: journal.epoch, facts: forged } }]);
    assert.equal((await ledger.receipt(box, journal.epoch)).upTo, 5);
    assert.deepEqual(
      (await troubles.newest(10)).map(({ code, details }) => [code, details.seq]),
      [['journal.chain-broken', 4]],
    );
  });

  test('a second fact with a number that is taken is kept beside the first and told: a copied box', async () => {
    const { journal, facts, envelope } = await boxWith(3);
    const { ledger, troubles, storage } = await openTestCentre();
    await ledger.accept([envelope(facts(1, 3))]);
    const [third] = facts(3, 3) as [Fact];
    const other = { ...third, id: randomUUID(), subject: 'token-other' };
    await ledger.accept([envelope([other]), envelope([other])]);
    assert.deepEqual(await ledger.facts(box, journal.epoch), facts(1, 3));
    assert.deepEqual(
      (await troubles.newest(10)).map(({ code }) => code),
      ['sync.journal-forked'],
    );
    const [dead] = await storage.run<{ raw: string }>('select raw from dead_letters');
    assert.deepEqual(JSON.parse(dead?.raw ?? ''), other);
  });

  test('F21 a box that began a new epoch has two journals and loses neither', async () => {
    const [before, after] = [await boxWith(4), await boxWith(2)];
    const { ledger } = await openTestCentre();
    await ledger.accept([before.envelope(before.facts(1, 4)), after.envelope(after.facts(1, 2))]);
    assert.deepEqual((await ledger.journals(box)).map(({ upTo }) => upTo).sort(), [2, 4]);
    assert.deepEqual(await ledger.facts(box, before.journal.epoch), before.journal.read(0, 10));
    assert.deepEqual(await ledger.facts(box, after.journal.epoch), after.journal.read(0, 10));
  });

  test('a box cannot move the tickets and cases of another one', async () => {
    const { storage, ledger } = await openTestCentre();
    const caseId = randomUUID();
    const [mine, other] = [openTestJournal().journal, openTestJournal().journal];
    const body = { number: 'П-1', serviceId: 's', ticketId: randomUUID(), window: '1', clerk: 'clerk' };
    await mine.commit([{ type: 'case.opened', subject: caseId, body: { ...body, registerVersion: 1 } }]);
    const content = { ...blobOf(Buffer.from('foreign')), mediaType: 'application/vnd.etsi.asic-e+zip' };
    const sent = { packageId: randomUUID(), package: content, documents: [], clerk: 'clerk' };
    await other.commit([
      { type: 'case.sent', subject: caseId, body: sent },
      { type: 'case.result-handed-out', subject: caseId, body: { copyNumber: 1, clerk: 'clerk' } },
    ]);
    for (const [name, { epoch, read }] of [['mfc-041', mine], ['mfc-042', other]] as const) // biome-ignore format: one line
      await ledger.accept([{ box: name, envelope: { v: 1, epoch, facts: read(0, 10) } }]);
    assert.deepEqual(
      { ...(await storage.run('select box, state from cases'))[0] },
      { box: 'mfc-041', state: 'open' },
    );
    // A package of its own there would keep that of the case for ever from its agency.
    assert.deepEqual(await storage.run('select box from relays'), []);
  });

  test('tickets go over to the other box of their branch in any order of arrival, and to no other box', async () => {
    const moved = { serviceId: 's', day: '2026-11-22' };
    const stay = randomUUID();
    const go = randomUUID();
    const issued = (subject: string, adoptedFrom?: string): NewFact => ({
      ...{ type: 'ticket.issued', subject },
      body: {
        ...moved,
        number: subject === go ? 'А02' : 'А01',
        requestId: subject,
        ...(adoptedFrom !== undefined && { adoptedFrom }),
      },
    });
    const journals: Record<string, NewFact[]> = {
      'mfc-041': [
        issued(stay),
        issued(go),
        { type: 'ticket.abandoned', subject: go, body: { reason: 'handed-over' } },
      ],
      'mfc-041-2': [
        issued(go, 'mfc-041'),
        { type: 'ticket.done', subject: go, body: { window: '1', clerk: 'clerk' } },
      ],
      'mfc-042': [
        issued(stay, 'mfc-041'),
        { type: 'ticket.done', subject: stay, body: { window: '1', clerk: 'clerk' } },
      ],
    };
    const envelopes = await Promise.all(
      Object.entries(journals).map(async ([name, facts]) => {
        const { journal } = openTestJournal();
        await journal.commit(facts);
        return { box: name, envelope: { v: 1, epoch: journal.epoch, facts: journal.read(0, 10) } };
      }),
    );
    const [hub, spare, foreign] = envelopes;
    assert.ok(hub && spare && foreign);
    for (const batches of [
      [[hub, spare, foreign]],
      [[spare], [hub], [foreign]],
      [[hub], [spare], [foreign]],
    ]) {
      const { storage, ledger } = await openTestCentre();
      for (const batch of batches) await ledger.accept(batch);
      const rows = await storage.query.selectFrom('tickets').select(['id', 'box', 'state']).execute();
      const found = new Map(rows.map(({ id, box: at, state }) => [id, `${at} ${state}`]));
      assert.deepEqual(found, new Map([[stay, 'mfc-041 issued'], [go, 'mfc-041-2 done']])); // biome-ignore format: one line
    }
  });

  test('F19 after any schedule of losses, repeats and reordering the ledger equals the journal', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const pick = (below: number) => Math.floor(random() * below);
      const { journal, facts, envelope } = await boxWith(60);
      const contents = Array.from({ length: 4 }, (_, n) => blobOf(Buffer.from(`${seed} ${n}`)));
      for (const content of contents) {
        await journal.commit([factNaming(content)]);
        await journal.commit(Array.from({ length: 30 }, (_, n) => plainFact(n)));
      }
      const head = journal.head();
      const { ledger, troubles } = await openTestCentre();
      const unfinished = [...contents];
      for (let turn = 0; (await ledger.receipt(box, journal.epoch)).upTo < head; turn++) {
        assert.ok(turn < 5000, `seed ${seed} does not come to an end`);
        const { stored, missing } = await ledger.receipt(box, journal.epoch);
        const batch = Array.from({ length: 1 + pick(4) }, () => {
          const from = 1 + pick(head);
          return envelope(facts(from, Math.min(head, from + pick(40))));
        });
        const [hole] = missing;
        if (random() < 0.5)
          batch.push(envelope(facts(...(hole ?? [stored + 1, Math.min(head, stored + 20)]))));
        // An envelope gets lost as a whole; empty ones never travel.
        const arriving = batch.filter(({ envelope: { facts: list } }) => list.length > 0 && random() < 0.7);
        await ledger.accept(arriving.sort(() => random() - 0.5));
        const content = unfinished.at(pick(unfinished.length));
        if (content && random() < 0.1) {
          await ledger.contentArrived(content);
          if (random() < 0.5) unfinished.splice(unfinished.indexOf(content), 1);
        }
        const { upTo, stored: now } = await ledger.receipt(box, journal.epoch);
        assert.ok(upTo <= now && now <= head);
      }
      assert.deepEqual(await ledger.facts(box, journal.epoch), journal.read(0, 1000), `seed ${seed}`);
      assert.deepEqual(await troubles.newest(1), [], `seed ${seed}`);
    }
  });
});

test('one sender’s failing delivery does not cost the others of the same turn theirs', async () => {
  const stored: string[] = [];
  const commit = groupCommit<string>(async batch => {
    if (batch.includes('poison')) throw new Error('cannot store');
    stored.push(...batch);
  });
  const outcomes = await Promise.allSettled(['one', 'poison', 'two'].map(commit));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(stored, ['one', 'two']);
});

test('batches end at their weight, no more of them are under way than wished, and their order is that of arrival', async () => {
  const batches: number[][] = [];
  let [underWay, most] = [0, 0];
  const commit = groupCommit<number>(
    async batch => {
      batches.push([...batch]);
      most = Math.max(most, ++underWay);
      await new Promise(setImmediate);
      await new Promise(setImmediate);
      underWay--;
    },
    { weight: 10, of: item => item, atOnce: 2 },
  );
  await Promise.all([4, 4, 4, 30, 1, 1, 8, 2].map(commit));
  assert.deepEqual(batches, [[4, 4], [4], [30], [1, 1, 8], [2]]);
  assert.equal(most, 2);
});

test('where batches are dear, those in company gather, and whoever comes alone waits for nobody', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const batches: number[][] = [];
  const limits = { weight: 10, of: () => 1, atOnce: 1, gatherMs: 10 };
  const commit = groupCommit<number>(async batch => void batches.push([...batch]), limits);
  await commit(1);
  await Promise.all([commit(2), commit(3)]);
  const gathered = [commit(4)];
  await new Promise(setImmediate);
  gathered.push(commit(5));
  await new Promise(setImmediate);
  assert.deepEqual(batches, [[1], [2, 3]]);
  t.mock.timers.tick(10);
  await Promise.all(gathered);
  assert.deepEqual(batches, [[1], [2, 3], [4, 5]]);
});
