import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  enrolled,
  folder,
  identityOf,
  layLine,
  network,
  startBox,
  startCentre,
  synced,
  until,
} from '../contract/sync-setting.ts';
import { factNaming, plainFact, seededRandom } from '../fixtures/books.ts';
import { type Mishap, startMessageProxy } from '../simulators/tcp-proxy/message-proxy.ts';
import { assertAllArrived } from './invariants.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
type Box = Awaited<ReturnType<typeof startBox>>;
type Centre = Awaited<ReturnType<typeof startCentre>>;

/** The books of both sides after everything arrived, read from their files. */
async function assertBooks(dir: string, box: Box, centre: Centre): Promise<void> {
  await until('every entry of the log down applied', async () => {
    const { log, receipted } = await centre.downLogs.log(box.box);
    return (await centre.downLogs.entries(box.box, receipted, 1)).length === 0 && log !== '';
  });
  await synced(box);
  // A receipt is written with the next commit.
  await box.journal.commit([]);
  await assertAllArrived({
    boxes: [{ box: box.box, dir, blobsDir: join(dir, 'box-blobs') }],
    centre: { storage: centre.storage, blobsDir: join(dir, 'blobs') },
  });
}

/** A branch at work and a centre that tells it things, for a while. */
async function work(box: Box, centre: Centre, durationMs: number): Promise<void> {
  const endsMs = performance.now() + durationMs;
  for (let n = 1; performance.now() < endsMs; n++) {
    await box.journal.commit([plainFact(n), plainFact(n + 1)]);
    if (n % 10 === 0)
      await box.journal.commit([factNaming(await box.blobs.put(randomBytes(3000), 'application/pdf'))]);
    if (n % 5 === 0)
      await centre.tell(box.box, {
        type: 'case.status',
        body: { caseId: randomUUID(), status: 'registered', by: 'agency', saidAt: new Date().toISOString() },
      });
    await sleep(10);
  }
}

async function throughBadBroker(t: TestContext, mishaps: readonly Mishap[], share: number): Promise<void> {
  const dir = await folder(t);
  const centre = await startCentre(t, dir);
  const random = seededRandom(seed);
  const [name = ''] = enrolled;
  let isBad = true;
  const proxy = await startMessageProxy({
    target: centre.mqttPort,
    centre: await identityOf(network, 'centre', 'tls-server'),
    box: await identityOf(network, name),
    mishap: () =>
      isBad && random() < share ? (mishaps[Math.floor(random() * mishaps.length)] ?? 'passed') : 'passed',
  });
  t.after(proxy.close);
  const box = await startBox(t, dir, { messages: proxy, content: { port: centre.contentPort } });
  box.link.start();
  const befell = () => mishaps.reduce((sum, mishap) => sum + proxy.counts[mishap], 0);
  // A greeting that is lost costs half a minute, in which nothing befalls anybody.
  do await work(box, centre, 4000);
  while (befell() < 5);
  isBad = false;
  await assertBooks(dir, box, centre);
  t.diagnostic(`OKNO_SEED=${seed}: ${JSON.stringify(proxy.counts)}`);
}

// Each waits most of its time, so they wait side by side.
describe('a bad line', { concurrency: true }, () => {
  test('F19 messages doubled and reordered by a broker: each fact and entry is taken once and in order', t =>
    throughBadBroker(t, ['doubled', 'held back'], 0.4));

  test('F18, F19, F22 messages lost, doubled, reordered, cut short and spoilt: all arrives once and in order', t =>
    throughBadBroker(t, ['dropped', 'doubled', 'held back', 'cut short', 'spoilt'], 0.2));

  test('F16 a line that breaks each second: facts, content and entries arrive once and in order', async t => {
    const dir = await folder(t);
    const centre = await startCentre(t, dir);
    const line = await layLine(t, centre);
    const box = await startBox(t, dir, line);
    box.link.start();
    const flapping = setInterval(() => {
      line.messages.cut();
      line.content.cut();
    }, 1000);
    await work(box, centre, 6000).finally(() => clearInterval(flapping));
    await assertBooks(dir, box, centre);
  });

  test('F15 a minute without a line: the branch works on, and nothing is missing afterwards', async t => {
    const dir = await folder(t);
    const centre = await startCentre(t, dir);
    const line = await layLine(t);
    const box = await startBox(t, dir, line);
    box.link.start();
    await work(box, centre, 1500);
    assert.equal(box.journal.receiptedUpTo(), 0);
    line.lead(centre);
    await assertBooks(dir, box, centre);
  });
});
