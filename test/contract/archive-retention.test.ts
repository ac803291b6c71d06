import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastDayOf } from '../../protocol/retention.ts';
import { eachDatabase } from '../fixtures/databases.ts';
import { anna, boris, openArchive, services } from './archive-setting.ts';

const day = 86_400_000;

test('LED-3.10 the last day of a term, never before a year is over', () => {
  const cases: [string, string, string | null][] = [
    ['P1Y', '2026-11-22', '2027-11-22'],
    ['P5Y', '2026-11-22', '2031-11-22'],
    ['P1Y', '2028-02-29', '2029-03-01'],
    ['P30D', '2026-11-22', '2027-11-22'],
    ['P400D', '2026-11-22', '2027-12-27'],
    ['permanent', '2026-11-22', null],
  ];
  for (const [retention, handedOut, last] of cases) assert.equal(lastDayOf(retention, handedOut), last);
});

eachDatabase(openTestCentre => {
  test('LED-3.10 the term begins with the hand-out, in days of the region, however wrong the clock of the box', async t => {
    const archive = await openArchive(t, await openTestCentre());
    const year = await archive.arrive();
    const five = await archive.arrive({ serviceId: services.five });
    const permanent = await archive.arrive({ serviceId: services.permanent });
    const early = await archive.arrive();
    const late = await archive.arrive();
    await archive.intake.round();
    for (const entry of await archive.entries(year.caseId)) assert.equal(entry.keep_until, null);
    archive.clock.advance(10 * day);
    // 2 December 18:30 UTC is 3 December in Novosibirsk.
    archive.clock.set('2026-12-02T18:30:00.000Z');
    for (const { caseId } of [year, five, permanent]) await archive.handOut(caseId);
    await archive.handOut(early.caseId, '2001-01-01T00:00:00.000Z');
    await archive.handOut(late.caseId, '2099-01-01T00:00:00.000Z');
    await archive.intake.round();
    await archive.intake.round();
    const until = async (caseId: string) =>
      (await archive.entries(caseId)).map(({ kind, keep_until }) => `${kind} ${keep_until}`);
    assert.deepEqual(await until(year.caseId), ['package 2027-12-03', 'result 2027-12-03']);
    assert.deepEqual(await until(five.caseId), ['package 2031-12-03', 'result 2031-12-03']);
    assert.deepEqual(await until(permanent.caseId), ['package null', 'result null']);
    assert.deepEqual(await until(early.caseId), ['package 2027-11-22', 'result 2027-11-22']);
    assert.deepEqual(await until(late.caseId), ['package 2027-12-03', 'result 2027-12-03']);
  });

  test('LED-4.1 an act of two people destroys what is due and nothing else, and a tombstone stays', async t => {
    const archive = await openArchive(t, await openTestCentre());
    const { acts, carryOut, blobs } = archive;
    const [due, held, open] = [await archive.arrive(), await archive.arrive(), await archive.arrive()];
    for (const { caseId } of [due, held]) await archive.handOut(caseId);
    await archive.intake.round();
    await assert.rejects(acts.prepare(anna, 'destruction', 'Срок вышел'), { code: 'archive.nothing-due' });
    // The last day itself still belongs to the term.
    archive.clock.set('2027-11-22T16:59:00.000Z');
    await assert.rejects(acts.prepare(anna, 'destruction', 'Срок вышел'), { code: 'archive.nothing-due' });
    archive.clock.set('2027-11-22T17:01:00.000Z');
    await archive.holds.place(anna, held.caseId, 'Запрос суда');
    const act = await acts.prepare(anna, 'destruction', 'Срок вышел');
    await assert.rejects(acts.prepare(anna, 'destruction', 'Ещё раз'), { code: 'archive.nothing-due' });
    await assert.rejects(acts.approve(anna, act), { code: 'archive.second-person' });
    await carryOut.round();
    assert.ok(await blobs.has(due.package));
    await acts.approve(boris, act);
    await assert.rejects(acts.reject(boris, act, 'Передумал'), { code: 'archive.act-decided' });
    await carryOut.round();
    for (const gone of [due.package, due.result]) assert.equal(await blobs.has(gone), false);
    for (const { caseId, ...kept } of [held, open]) {
      assert.deepEqual([await blobs.has(kept.package), await blobs.has(kept.result)], [true, true]);
      for (const entry of await archive.entries(caseId)) assert.equal(entry.state, 'kept');
    }
    for (const entry of await archive.entries(due.caseId)) {
      assert.deepEqual([entry.state, entry.act], ['destroyed', act]);
      assert.ok(entry.removed_at && entry.size_bytes > 0);
    }
    assert.equal(await archive.ledger.hasContent(due.package), false);
    const told = await archive.downLogs.entries('mfc-041', 0, 10);
    assert.deepEqual(
      told.map(({ type, body }) => [type, body]),
      [['case.destroyed', { caseId: due.caseId, act }]],
    );
    assert.ok((await archive.events(due.caseId)).includes('archive-destroyed'));

    await archive.holds.lift(boris, 1, 'Дело закрыто');
    await assert.rejects(archive.holds.lift(boris, 1, 'Ещё раз'), { code: 'archive.hold-lifted' });
    assert.equal(await acts.prepare(boris, 'destruction', 'Срок вышел'), act + 1);
  });

  test('LED-4.1 a hold that comes between approval and execution stops it; a rejected act frees its entries', async t => {
    const archive = await openArchive(t, await openTestCentre());
    const { acts, carryOut, blobs } = archive;
    const one = await archive.arrive();
    await archive.handOut(one.caseId);
    await archive.intake.round();
    archive.clock.set('2028-01-01T00:00:00.000Z');
    const first = await acts.prepare(anna, 'destruction', 'Срок вышел');
    await acts.reject(boris, first, 'Не тот список');
    const second = await acts.prepare(anna, 'destruction', 'Срок вышел');
    await acts.approve(boris, second);
    await archive.holds.place(anna, one.caseId, 'Запрос суда');
    await carryOut.round();
    assert.ok(await blobs.has(one.package));
    const outcomes = archive.storage.query.selectFrom('archive_act_entries').select(['act', 'outcome']);
    assert.deepEqual(
      (await outcomes.orderBy('act').execute()).map(({ act, outcome }) => `${act} ${outcome}`),
      [first, first, second, second].map(act => `${act} ${act === first ? 'rejected' : 'held'}`),
    );
  });

  test('LED-4.1 bytes that another case needs stay until its own term is over', async t => {
    const archive = await openArchive(t, await openTestCentre());
    const { acts, carryOut, blobs } = archive;
    const shared = Buffer.from('one result for two');
    const first = await archive.arrive({ result: shared });
    await archive.handOut(first.caseId);
    await archive.intake.round();
    archive.clock.set('2028-01-01T00:00:00.000Z');
    // Not in the archive yet: it came this second.
    const second = await archive.arrive({ result: shared });
    await acts.approve(boris, await acts.prepare(anna, 'destruction', 'Срок вышел'));
    await carryOut.round();
    assert.deepEqual([await blobs.has(first.package), await blobs.has(first.result)], [false, true]);
    assert.equal(await archive.ledger.hasContent(first.result), true);
    await archive.handOut(second.caseId);
    await archive.intake.round();
    archive.clock.set('2030-01-01T00:00:00.000Z');
    await acts.approve(anna, await acts.prepare(boris, 'destruction', 'Срок вышел'));
    await carryOut.round();
    assert.equal(await blobs.has(first.result), false);
  });

  test('F01 an act that a power cut stopped anywhere goes on and is done once', async t => {
    const books = await openTestCentre();
    const archive = await openArchive(t, books);
    const cases = await Promise.all([archive.arrive(), archive.arrive(), archive.arrive()]);
    for (const { caseId } of cases) await archive.handOut(caseId);
    await archive.intake.round();
    archive.clock.set('2028-01-01T00:00:00.000Z');
    await archive.acts.approve(boris, await archive.acts.prepare(anna, 'destruction', 'Срок вышел'));
    let left = 0;
    const dying = {
      ...archive.blobs,
      remove(sha256: string) {
        if (left-- <= 0) throw new Error('power cut');
        return archive.blobs.remove(sha256);
      },
    };
    for (let round = 0; ; round++) {
      const { carryOut } = await openArchive(t, books, { blobs: dying, clock: archive.clock });
      left = 1;
      if (round > 10) assert.fail('it never ends');
      if (
        await carryOut.round().then(
          () => true,
          () => false,
        )
      )
        break;
      const half = await archive.storage.query.selectFrom('archive_acts').select('state').executeTakeFirst();
      assert.equal(half?.state, 'approved');
    }
    for (const { caseId, ...digests } of cases) {
      assert.deepEqual(
        [await archive.blobs.has(digests.package), await archive.blobs.has(digests.result)],
        [false, false],
      );
      const happened = await archive.events(caseId);
      assert.equal(happened.filter(event => event === 'archive-destroyed').length, 2);
    }
    assert.equal((await archive.downLogs.entries('mfc-041', 0, 10)).length, 3);
  });

  test('LED-4.2 what is of permanent value is listed for the state archive and marked as handed over', async t => {
    const archive = await openArchive(t, await openTestCentre());
    const [kept, permanent] = [
      await archive.arrive(),
      await archive.arrive({ serviceId: services.permanent }),
    ];
    for (const { caseId } of [kept, permanent]) await archive.handOut(caseId);
    await archive.intake.round();
    const act = await archive.acts.prepare(anna, 'hand-over', 'Опись за 2026 год');
    await archive.acts.approve(boris, act);
    await archive.carryOut.round();
    const states = async (caseId: string) => (await archive.entries(caseId)).map(({ state }) => state);
    assert.deepEqual(await states(permanent.caseId), ['handed-over', 'handed-over']);
    assert.deepEqual(await states(kept.caseId), ['kept', 'kept']);
    assert.ok(await archive.blobs.has(permanent.package));
    archive.clock.set('2200-01-01T00:00:00.000Z');
    const due = await archive.acts.prepare(anna, 'destruction', 'Срок вышел');
    await archive.acts.approve(boris, due);
    await archive.carryOut.round();
    assert.ok(await archive.blobs.has(permanent.package));
    assert.equal(await archive.blobs.has(kept.package), false);
  });
});
