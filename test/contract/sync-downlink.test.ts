import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readParkedEntries } from '../../device/journal/parked-entries.ts';
import type { DownHandlers } from '../../device/sync/downlink.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { NewDownEntry } from '../../protocol/messages.ts';
import { type Centre, folder, layLine, startBox, startCentre, synced, until } from './sync-setting.ts';

const caseId = randomUUID();
const status = (word: string): NewDownEntry => ({
  type: 'case.status',
  body: { caseId, status: word, by: 'agency', saidAt: new Date().toISOString() },
});

type Box = Awaited<ReturnType<typeof startBox>>;
const words = (box: Box) =>
  box.journal.read(0, 5000).map(({ type, body }) => (type === 'case.status-received' ? body.status : type));
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `s${from + n}`);
const say = async (centre: Centre, list: string[]) => {
  for (const word of list) await centre.tell('mfc-041', status(word));
};
const receipted = (centre: Centre, upTo: number) =>
  until(`entry ${upTo} receipted`, async () => (await centre.downLogs.log('mfc-041')).receipted === upTo);

/** Puts a line into the log as a newer centre might. */
const sayRaw = (centre: Centre, seq: number, type: string, body: object) =>
  centre.storage.query
    .insertInto('down_entries')
    .values({
      box: 'mfc-041',
      seq,
      at: new Date().toISOString(),
      type,
      body: JSON.stringify(body),
      content: null,
    })
    .execute();

async function setting(t: TestContext) {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const centre = await startCentre(t, centreDir);
  const line = await layLine(t, centre);
  return { centreDir, boxDir, centre, line };
}

test('F15 a box that was away for long gets every entry once and in order', async t => {
  const { centre, line, boxDir } = await setting(t);
  await say(centre, numbered(1, 1500));
  const box = await startBox(t, boxDir, line);
  box.link.start();
  await receipted(centre, 1500);
  assert.deepEqual(words(box), numbered(1, 1500));
});

test('F01 entries are applied once and in order across restarts of both sides and cuts of the line', async t => {
  const { centreDir, boxDir, line, ...first } = await setting(t);
  let centre = first.centre;
  let box = await startBox(t, boxDir, line);
  box.link.start();
  for (let round = 0; round < 4; round++) {
    await say(centre, numbered(round * 300 + 1, round * 300 + 300));
    line.messages.cutAfter(4000);
    await until('some applied', async () => box.journal.head() > round * 300 + 20);
    await box.stop();
    line.lead(undefined);
    await centre.stop();
    centre = await startCentre(t, centreDir);
    line.lead(centre);
    box = await startBox(t, boxDir, line);
    box.link.start();
  }
  await receipted(centre, 1200);
  assert.deepEqual(words(box), numbered(1, 1200));
});

test('F22, F23 entries that this version cannot read are parked, and those behind them arrive', async t => {
  const { centre, line, boxDir } = await setting(t);
  await say(centre, ['s1']);
  await sayRaw(centre, 2, 'weather.report', { rain: true });
  await sayRaw(centre, 3, 'case.status', { caseId, status: 'in-work', by: 'an unknown side' });
  await sayRaw(centre, 4, 'case.status', { caseId: 5 });
  await say(centre, ['s5']);
  const box = await startBox(t, boxDir, line);
  box.link.start();
  await receipted(centre, 5);
  const parked = 'downlink.entry-parked';
  assert.deepEqual(words(box), ['s1', parked, parked, parked, 's5']);
});

test('F23 a register that only a newer box can read does not stop the branch', async t => {
  const { centre, line, boxDir } = await setting(t);
  const content = await centre.blobs.put(Buffer.from('{"version":9,"agreements":"new"}'), 'application/json');
  await centre.tell('mfc-041', { type: 'register.published', body: { version: 9, content } });
  await say(centre, ['s2']);
  const box = await startBox(t, boxDir, line, {
    handlers: {
      register: async () => {
        throw new AppError('setup.bad-configuration', { what: 'register' });
      },
    },
  });
  box.link.start();
  await receipted(centre, 2);
  assert.deepEqual(words(box), ['downlink.entry-parked', 's2']);
});

test('an entry that cannot be applied now is not receipted, and the link goes on', async t => {
  const { centre, line, boxDir } = await setting(t);
  let damaged = true;
  const box = await startBox(t, boxDir, line, {
    handlers: {
      status: ({ status, by, saidAt }, downSeq) => {
        if (damaged) throw new AppError('journal.blob-corrupt');
        return [{ type: 'case.status-received', subject: caseId, body: { status, by, saidAt, downSeq } }];
      },
    },
  });
  await say(centre, ['s1']);
  box.link.start();
  await until('connected', async () => box.link.state().state === 'connected');
  await sleep(100);
  await box.journal.commit([{ type: 'ticket.abandoned', subject: randomUUID(), body: { reason: 'test' } }]);
  await synced(box);
  assert.equal((await centre.downLogs.log('mfc-041')).receipted, 0);
  damaged = false;
  line.messages.cut();
  await receipted(centre, 1);
  assert.deepEqual(words(box), ['ticket.abandoned', 's1']);
});

test('F21 a box with a new disk gets the whole log again, and so does one put back from a copy', async t => {
  const { centre, line, boxDir } = await setting(t);
  await say(centre, numbered(1, 600));
  const old = await startBox(t, boxDir, line);
  old.link.start();
  await receipted(centre, 600);
  await old.stop();
  const renewed = await startBox(t, await folder(t), line);
  renewed.link.start();
  await until('the old log', () => renewed.journal.head() === 600);
  await say(centre, ['s601']);
  await receipted(centre, 601);
  assert.deepEqual(words(renewed), numbered(1, 601));
});

test('a centre that begins a new log is heard from its first entry', async t => {
  const { centre, line, boxDir } = await setting(t);
  await say(centre, ['s1', 's2', 's3']);
  const box = await startBox(t, boxDir, line);
  box.link.start();
  await receipted(centre, 3);
  await box.stop();
  await centre.storage.query.deleteFrom('down_entries').execute();
  await centre.storage.query.updateTable('down_logs').set({ receipted: 0, log: randomUUID() }).execute();
  await say(centre, ['n1', 'n2']);
  const again = await startBox(t, boxDir, line);
  again.link.start();
  await receipted(centre, 2);
  assert.deepEqual(words(again), ['s1', 's2', 's3', 'n1', 'n2']);
});

test('F19 entries that come again in another cut are applied once', async t => {
  const { line, boxDir } = await setting(t);
  const box = await startBox(t, boxDir, line);
  const log = randomUUID();
  const envelope = (from: number, to: number) => ({
    v: 1,
    log,
    entries: numbered(from, to).map((word, n) => ({
      seq: from + n,
      at: new Date().toISOString(),
      ...status(word),
    })),
  });
  const marks = [];
  for (const [from, to] of [[1, 2], [1, 4], [6, 7], [3, 5], [5, 8], [1, 8]] as const) // biome-ignore format: one line
    marks.push((await box.downlink.accept(envelope(from, to))).upTo);
  assert.deepEqual(marks, [2, 4, 4, 5, 8, 8]);
  assert.deepEqual(words(box), numbered(1, 8));
});

test('LED-3.7 a result waits for its content and keeps its place in the order', async t => {
  const { centre, line, boxDir } = await setting(t);
  const result = await centre.blobs.put(randomBytes(200_000), 'application/octet-stream');
  const box = await startBox(t, boxDir, line);
  line.content.stall(true);
  await say(centre, ['s1']);
  await centre.tell('mfc-041', {
    type: 'case.result',
    body: { caseId, result, saidAt: new Date().toISOString() },
  });
  await say(centre, ['s3']);
  box.link.start();
  await until('the first', () => box.journal.head() === 1);
  line.content.cut();
  line.content.stall(false);
  await receipted(centre, 3);
  assert.deepEqual(words(box), ['s1', 'case.result-received', 's3']);
  assert.ok(await box.blobs.has(result.sha256));
});

test('a result that the centre lost, or that rotted there, holds up no other word, and is applied when it came back', async t => {
  const { centre, line, boxDir, centreDir } = await setting(t);
  const bytes = [randomBytes(40_000), randomBytes(40_000), randomBytes(40_000)];
  const blobs = await Promise.all(bytes.map(each => centre.blobs.put(each, 'application/octet-stream')));
  await say(centre, ['s1']);
  for (const result of blobs)
    await centre.tell('mfc-041', {
      type: 'case.result',
      body: { caseId: randomUUID(), result, saidAt: new Date().toISOString() },
    });
  await say(centre, ['s5']);
  const digests = blobs.map(({ sha256 }) => sha256);
  const [gone = '', rotten = '', short = ''] = digests;
  await centre.blobs.remove(gone);
  for (const [sha256, spoilt] of [
    [rotten, randomBytes(40_000)],
    [short, randomBytes(7)],
  ] as const) {
    await centre.blobs.remove(sha256);
    await writeFile(join(centreDir, 'blobs', sha256.slice(0, 2), sha256), spoilt);
  }

  let box = await startBox(t, boxDir, line);
  box.link.start();
  await receipted(centre, 5);
  const parked = 'downlink.entry-parked';
  assert.deepEqual(words(box), ['s1', parked, parked, parked, 's5']);
  await synced(box);
  const troubles = (await centre.troubles.newest(9)).filter(({ code }) => code === 'sync.content-lost');
  assert.equal(troubles.length, 3);

  // The one comes back while the box runs, the others while it is off.
  await centre.blobs.put(bytes[0] ?? Buffer.alloc(0), 'application/octet-stream');
  await until('the first', () => box.journal.head() === 7);
  await box.stop();
  for (const each of bytes) await centre.blobs.put(each, 'application/octet-stream');
  box = await startBox(t, boxDir, line);
  box.link.start();
  await until('all', () => box.journal.head() === 11);
  assert.deepEqual(
    words(box).slice(5),
    [1, 2, 3].flatMap(() => ['case.result-received', 'downlink.entry-applied']),
  );
  for (const sha256 of digests) assert.ok(await box.blobs.get(sha256));
  assert.deepEqual(readParkedEntries(box.db), []);
});

test('a result that rotted on the box before its word was applied is fetched again, and the words behind it follow', async t => {
  const { centre, line, boxDir } = await setting(t);
  const result = await centre.blobs.put(randomBytes(30_000), 'application/octet-stream');
  const box = await startBox(t, boxDir, line, {
    handlers: {
      // As the real one does, which looks at the officer's signature.
      async result({ caseId: subject, result, saidAt }, downSeq) {
        (await box.blobs.open(result.sha256)).close();
        const body = { result, verdict: 'passed' as const, saidAt, downSeq };
        return [{ type: 'case.result-received', subject, body }];
      },
    },
  });
  await mkdir(join(boxDir, 'box-blobs', result.sha256.slice(0, 2)));
  await writeFile(join(boxDir, 'box-blobs', result.sha256.slice(0, 2), result.sha256), randomBytes(30_000));
  const body = { caseId, result, saidAt: new Date().toISOString() };
  await centre.tell('mfc-041', { type: 'case.result', body });
  await say(centre, ['s2']);
  box.link.start();
  await until('put aside', async () => (await box.blobs.aside()).length === 1);
  // What was not receipted is said again with the next connection.
  line.messages.cut();
  await receipted(centre, 2);
  assert.deepEqual(words(box), ['case.result-received', 's2']);
});

test('content that rotted on the box, asked for by the centre, is put aside there and holds up no other word', async t => {
  const { centre, line, boxDir } = await setting(t);
  const box = await startBox(t, boxDir, line);
  const content = await box.blobs.put(randomBytes(30_000), 'application/octet-stream');
  await box.blobs.remove(content.sha256);
  await writeFile(join(boxDir, 'box-blobs', content.sha256.slice(0, 2), content.sha256), randomBytes(30_000));
  await centre.tell('mfc-041', { type: 'content.wanted', body: { content } });
  await say(centre, ['s2']);
  box.link.start();
  await receipted(centre, 2);
  await until('put aside', async () => (await box.blobs.aside()).includes(content.sha256));
  assert.ok(!(await centre.blobs.has(content.sha256)));
});

for (const saidMeanwhile of [1, 3])
  test(`F21 a centre put back from a copy, ${saidMeanwhile} entries after, is heard in all that it says anew`, async t => {
    const { centreDir, boxDir, line, ...first } = await setting(t);
    const heard = new Set<string>();
    const handlers: Partial<DownHandlers> = {
      status: ({ status, by, saidAt }, downSeq) => {
        if (heard.has(status)) return [];
        heard.add(status);
        return [{ type: 'case.status-received', subject: caseId, body: { status, by, saidAt, downSeq } }];
      },
    };
    await say(first.centre, ['s1', 's2', 's3']);
    await first.centre.stop();
    const copy = await folder(t);
    await cp(centreDir, copy, { recursive: true });
    const before = await startCentre(t, centreDir);
    line.lead(before);
    await say(before, ['s4', 's5']);
    const box = await startBox(t, boxDir, line, { handlers });
    box.link.start();
    await receipted(before, 5);
    await box.stop();
    await before.stop();

    const restored = await startCentre(t, copy);
    line.lead(restored);
    const anew = numbered(104, 103 + saidMeanwhile);
    await say(restored, anew);
    const again = await startBox(t, boxDir, line, { handlers });
    again.link.start();
    await receipted(restored, 3 + saidMeanwhile);
    assert.deepEqual(words(again), ['s1', 's2', 's3', 's4', 's5', ...anew]);
    await say(restored, ['s200']);
    await receipted(restored, 4 + saidMeanwhile);
    assert.equal(words(again).at(-1), 's200');
    assert.deepEqual(
      (await restored.troubles.newest(9)).map(({ code }) => code),
      ['sync.down-log-restarted'],
    );
  });
