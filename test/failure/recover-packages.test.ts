import assert from 'node:assert/strict';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CompleteDocument } from '../../device/cases/packer.ts';
import { recoverPackages } from '../../device/cases/recover-packages.ts';
import { createBoxState } from '../../device/journal/box-state.ts';
import { keepHighWater } from '../../device/journal/high-water.ts';
import { openBoxJournal } from '../../device/journal/open-box-journal.ts';
import { systemClock } from '../../platform/clock.ts';
import type { FactBody } from '../../protocol/facts.ts';
import {
  addPage,
  branch,
  count,
  desk,
  me,
  openCase,
  parties,
  recognised,
  required,
  signedCase,
  start,
  view,
} from '../contract/case-setting.ts';
import { openTestCentre, silentLog } from '../fixtures/books.ts';
import { rightPin } from '../fixtures/branch.ts';

const recover = () => {
  const { journal, store, blobs, db } = desk();
  const { trust } = parties;
  const parts = { journal, store, blobs, trust, boxState: createBoxState(db), log: silentLog };
  return recoverPackages({ ...parts, box: 'mfc-900', now: branch.clock.now() });
};

/** As the box starts: the database is put aside and a new one takes its place. */
async function loseDatabase(): Promise<void> {
  const { journal } = desk();
  await keepHighWater(branch.dir, journal, silentLog).stop();
  await branch.restart(async () => {
    await truncate(join(branch.dir, 'box.db'));
    const next = await openBoxJournal({
      ...{ dir: branch.dir, clock: systemClock, clockQuality: () => 'trusted', log: silentLog },
    });
    await next.journal.close();
    next.db.close();
  });
}

test('F02 a recovered package with a digital original names all its files, as the centre counts them', async () => {
  await start();
  const caseId = await openCase();
  for (const kind of required.slice(1)) await addPage(caseId, kind);
  const bytes = Buffer.from('<extract number="99/2026"/>');
  const signature = await parties.officer.sign(bytes);
  await desk().originals.add(me, caseId, { kind: required[0] ?? '', bytes, signature });
  await recognised(caseId);
  await desk().cases.sign(me, caseId, rightPin);
  await desk().cases.send(me, caseId);
  const filesSent = () => {
    const sent = desk()
      .journal.read(0, 1000)
      .find(({ type }) => type === 'case.sent');
    assert.ok(sent);
    const { documents } = sent.body as FactBody<'case.sent'>;
    return documents.toSorted((one, other) => one.pdf.localeCompare(other.pdf));
  };
  const before = filesSent();
  await loseDatabase();
  assert.equal(await recover(), 1);
  assert.equal(before.length, required.length + 1);
  assert.deepEqual(filesSent(), before);
});

test('F02 a package whose records were lost with the database is written into the journal again, once', async () => {
  await start();
  const { caseId } = await signedCase();
  await desk().cases.send(me, caseId);
  const before = await view(caseId);
  const sentFacts = desk().journal.read(0, 1000);
  await loseDatabase();
  await assert.rejects(view(caseId), { code: 'case.unknown' });

  assert.equal(await recover(), 1);
  assert.equal(await recover(), 0);
  const after = await view(caseId);
  assert.deepEqual(after.package?.sha256, before.package?.sha256);
  assert.equal(after.number, before.number);
  assert.equal(after.state, 'sent');
  // The number of a sent case is never given again.
  assert.notEqual((await view(await openCase())).number, before.number);

  // A centre that had heard of it all before still relays one package; one that had not gets it now.
  for (const heard of [sentFacts, []]) {
    const centre = await openTestCentre();
    for (const facts of [heard, desk().journal.read(0, 1000)])
      for (const epoch of new Set(facts.map(fact => fact.epoch)))
        await centre.ledger.accept([{ box: 'mfc-900', envelope: { v: 1, epoch, facts } }]);
    const relays = await centre.storage.query.selectFrom('relays').selectAll().execute();
    assert.deepEqual(
      relays.map(row => [row.case_id, row.request_id, row.package_sha256]),
      [[caseId, before.package?.packageId, before.package?.sha256]],
    );
    await centre.storage.close();
  }
});

test('F02 what was lost without a package, and a box that lost nothing, recovers nothing', async () => {
  await start();
  await signedCase();
  assert.equal(await recover(), 0);
  await loseDatabase();
  assert.equal(await recover(), 0);
});

test('F02 of several packages of one case, the newest is taken for the one that was sent', async () => {
  await start();
  const { caseId } = await signedCase();
  // As after presses of the button whose power was cut before the journal heard of them.
  for (let i = 0; i < 4; i++) {
    const { packer, store, register } = desk();
    const row = store.getCase(caseId);
    const documents = store.documents(caseId) as CompleteDocument[];
    await packer.pack(me, row, register.getService(row.service_id), documents);
    branch.clock.advance(1000);
  }
  await desk().cases.send(me, caseId);
  const sent = (await view(caseId)).package?.sha256;
  await loseDatabase();
  assert.equal(await recover(), 1);
  assert.equal((await view(caseId)).package?.sha256, sent);
});

test('F02 a package that cannot be written again does not keep the box from starting, nor the others back', async () => {
  await start();
  const numbers = [];
  for (let i = 0; i < 3; i++) {
    const { caseId } = await signedCase();
    await desk().cases.send(me, caseId);
    numbers.push((await view(caseId)).number);
  }
  await loseDatabase();
  // Its number is taken before it is back.
  const taken = await view(await openCase());
  assert.equal(taken.number, numbers[0]);
  assert.equal(await recover(), 2);
  assert.equal(count('case.sent'), 2);
  // The start after this one looks again.
  assert.equal(await recover(), 0);
});
