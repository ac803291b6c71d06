import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '../../protocol/limits.ts';
import { factNaming, plainFact, seededRandom } from '../fixtures/books.ts';
import { folder, layLine, startBox, startCentre, synced, until } from './sync-setting.ts';

const many = (count: number) => Array.from({ length: count }, (_, n) => plainFact(n));

test('F15 a backlog of 3000 facts arrives equal and leaves the outbox', async t => {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const box = await startBox(t, dir, await layLine(t, centre));
  await box.journal.commit(many(3000));
  box.link.start();
  await synced(box);
  assert.deepEqual(await centre.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 5000));
  assert.equal(box.journal.unsentCount(), 0);
  assert.deepEqual(await centre.troubles.newest(1), []);
});

test('F15 a centre that is away when the box starts gets everything when it comes', async t => {
  const dir = await folder(t);
  const line = await layLine(t);
  const box = await startBox(t, dir, line);
  await box.journal.commit(many(300));
  box.link.start();
  await until('a failed try', async () => box.link.state().code === 'sync.centre-unreachable');
  await box.journal.commit(many(5));
  const centre = await startCentre(t, dir);
  line.lead(centre);
  await synced(box);
  assert.equal(box.link.state().state, 'connected');
  assert.deepEqual(await centre.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 5000));
});

test('F18, F19 with the connection cut, spoilt and slow again and again nothing is missing and nothing double', async t => {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const line = await layLine(t, centre);
  const box = await startBox(t, dir, line);
  const random = seededRandom(20);
  await box.journal.commit(many(2000));
  box.link.start();
  for (let round = 0; round < 12; round++) {
    const bytes = Math.floor(2000 + random() * 30_000);
    if (round % 3 === 2) line.messages.corruptAfter(bytes);
    else line.messages.cutAfter(bytes);
    line.messages.delay(round % 4 === 3 ? 20 : 0);
    await box.journal.commit(many(100));
    await sleep(60);
  }
  await synced(box);
  assert.deepEqual(await centre.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 5000));
  assert.ok(centre.births.length > 3, `${centre.births.length} sessions`);
  assert.deepEqual(await centre.troubles.newest(1), []);
});

test('F20 a half-open connection is noticed, given up and replaced', async t => {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const line = await layLine(t, centre);
  const box = await startBox(t, dir, line, { keepaliveSeconds: 1 });
  await box.journal.commit(many(10));
  box.link.start();
  await synced(box);
  line.messages.stall(true);
  await box.journal.commit(many(10));
  await until('the line given up', () => box.link.state().state !== 'connected');
  line.messages.cut();
  line.messages.stall(false);
  await synced(box);
  assert.deepEqual(await centre.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 100));
});

test('F20 a box on a dead line stops in good time', async t => {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const line = await layLine(t, centre);
  const box = await startBox(t, dir, line);
  box.link.start();
  await until('connected', () => box.link.state().state === 'connected');
  line.messages.stall(true);
  await box.journal.commit(many(10));
  let stopped = false;
  void box.stop().then(() => {
    stopped = true;
  });
  // A supervisor ends what needs ten seconds.
  await until('stopped', () => stopped);
});

test('F15 a centre stopped and started again goes on where it stood', async t => {
  const dir = await folder(t);
  const line = await layLine(t);
  const box = await startBox(t, dir, line);
  box.link.start();
  for (let round = 0; round < 3; round++) {
    const centre = await startCentre(t, dir);
    line.lead(centre);
    await box.journal.commit(many(500));
    await until('some stored', async () => (await centre.ledger.journals(box.box))[0]?.stored);
    line.lead(undefined);
    await centre.stop();
  }
  const last = await startCentre(t, dir);
  line.lead(last);
  await synced(box);
  assert.deepEqual(await last.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 5000));
});

test('F18 a centre that lost what it had receipted gets it again', async t => {
  const [dir, emptyDir] = [await folder(t), await folder(t)];
  const before = await startCentre(t, dir);
  const line = await layLine(t, before);
  const box = await startBox(t, dir, line);
  const package_ = await box.blobs.put(randomBytes(5000), 'application/octet-stream');
  await box.journal.commit([...many(300), factNaming(package_)]);
  box.link.start();
  await synced(box);
  line.lead(undefined);
  await before.stop();
  line.messages.cut();
  const after = await startCentre(t, emptyDir);
  line.lead(after);
  await until(
    'everything again',
    async () => (await after.ledger.receipt(box.box, box.journal.epoch)).upTo === box.journal.head(),
  );
  assert.deepEqual(await after.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 1000));
  assert.ok(await after.blobs.has(package_.sha256));
});

for (const written of [3, 12])
  test(`F21 a journal put back from a copy, ${written} facts after, goes on in a new epoch by itself`, async t => {
    const dir = await folder(t);
    const centre = await startCentre(t, dir);
    const line = await layLine(t, centre);
    const box = await startBox(t, dir, line);
    await box.journal.commit(many(10));
    box.link.start();
    await synced(box);
    const { epoch } = box.journal;
    await box.stop();
    const copyDir = await folder(t);
    const copy = await startBox(t, copyDir, line);
    copy.db.prepare('update epochs set epoch = ?').run(epoch);
    await copy.stop();
    const restored = await startBox(t, copyDir, line);
    const after = await restored.journal.commit(many(written));
    restored.link.start();
    await until('a new epoch', async () => restored.journal.epoch !== epoch && restored.journal.head() > 0);
    await synced(restored);
    assert.equal(restored.journal.unsentCount(), 0);
    assert.equal((await centre.ledger.facts(box.box, epoch)).length, 10);
    const [begun, ...carried] = await centre.ledger.facts(box.box, restored.journal.epoch);
    assert.deepEqual([begun?.type, begun?.body.reason], ['journal.epoch-begun', 'restored-from-copy']);
    assert.deepEqual(
      carried.map(({ subject }) => subject),
      after.map(({ subject }) => subject),
    );
    assert.ok((await centre.troubles.newest(10)).some(({ code }) => code === 'journal.epoch-begun'));
  });

test('a long upload does not hold up the tickets behind it', async t => {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const line = await layLine(t, centre);
  const box = await startBox(t, dir, line);
  line.content.stall(true);
  const content = await box.blobs.put(randomBytes(300_000), 'application/octet-stream');
  await box.journal.commit([plainFact(), factNaming(content), ...many(20)]);
  box.link.start();
  const epoch = box.journal.epoch;
  await until('tickets stored', async () => (await centre.ledger.journals(box.box))[0]?.stored === 22);
  await box.journal.commit(many(20));
  await until('more tickets stored', async () => (await centre.ledger.journals(box.box))[0]?.stored === 42);
  assert.equal((await centre.ledger.receipt(box.box, epoch)).upTo, 1);
  await until('the first fact receipted', () => box.journal.receiptedUpTo() === 1);
  line.content.cut();
  line.content.stall(false);
  await synced(box);
});

test('F02 a package that the box lost on the way keeps no other one from the centre, also after a restart', async t => {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const centre = await startCentre(t, centreDir);
  const line = await layLine(t, centre);
  line.content.target = undefined;
  const first = await startBox(t, boxDir, line);
  const [lost, sound] = [
    await first.blobs.put(randomBytes(1000), 'application/octet-stream'),
    await first.blobs.put(randomBytes(1000), 'application/octet-stream'),
  ];
  const others = many(limits.factsPerEnvelope);
  await first.journal.commit([factNaming(lost), ...others, factNaming(sound)]);
  first.link.start();
  const { box, journal } = first;
  await until(
    'stored',
    async () => (await centre.ledger.receipt(box, journal.epoch)).stored === journal.head(),
  );
  await first.blobs.remove(lost.sha256);
  await first.stop();

  line.lead(centre);
  const again = await startBox(t, boxDir, line);
  again.link.start();
  await until('the other package', () => centre.blobs.has(sound.sha256));
  assert.ok(!(await centre.blobs.has(lost.sha256)));
});

test('F22 a message that cannot be read does not stop what comes after it', async t => {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const line = await layLine(t, centre);
  const box = await startBox(t, dir, line);
  await centre.sessions.facts(box.box, Buffer.from('garbage'));
  await centre.sessions.facts(box.box, Buffer.from('garbage'));
  box.link.start();
  await until('connected', () => centre.births.length === 1);
  await centre.sessions.sendReceipts([{ box: box.box, epoch: randomUUID() }]);
  await box.journal.commit(many(10));
  await synced(box);
  assert.deepEqual(
    (await centre.troubles.newest(5)).map(({ code }) => code),
    ['sync.protocol-unknown'],
    'the same trouble is told once',
  );
});

test('F14 the death of an old session does not put a box offline that is back', async t => {
  const { sessions, storage, births } = await startCentre(t, await folder(t));
  const birth = (session: number) => ({
    v: 1,
    session,
    software: 'test',
    epoch: randomUUID(),
    oldestSeq: 1,
    newestSeq: 0,
    heard: { log: null, upTo: 0 },
    registerVersion: 0,
    clock: 'trusted' as const,
    at: new Date().toISOString(),
    peripherals: [],
  });
  const state = async () => (await storage.query.selectFrom('boxes').select('link').executeTakeFirst())?.link;
  await sessions.birth('mfc-041', birth(1));
  await sessions.birth('mfc-041', birth(2));
  await sessions.death('mfc-041', 1);
  assert.deepEqual([await state(), births.length], ['connected', 2]);
  await sessions.death('mfc-041', 2);
  assert.equal(await state(), 'offline');
});
