import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createLineWindow } from '../../device/sync/line-window.ts';
import { createUplink } from '../../device/sync/uplink.ts';
import type { NewFact } from '../../protocol/facts.ts';
import { limits } from '../../protocol/limits.ts';
import { decodeMessage, Envelope, type Receipt } from '../../protocol/messages.ts';
import type { Blob } from '../../protocol/values.ts';
import { blobOf, factNaming, openTestJournal, plainFact, silentLog } from '../fixtures/books.ts';

const many = (count: number) => Array.from({ length: count }, (_, n) => plainFact(n));

/** An uplink whose wire is a list; the line is as fast as one likes unless told otherwise. */
async function setting(facts: NewFact[], startBytes = 4 * 1024 * 1024) {
  const { journal } = openTestJournal();
  await journal.commit(facts);
  const payloads: Buffer[] = [];
  const uploads: string[] = [];
  const forked: number[] = [];
  const uplink = createUplink({
    journal,
    publish: payload => payloads.push(payload),
    window: createLineWindow({ startBytes, nowMs: () => 0 }),
    upload: (blob: Blob) => uploads.push(blob.sha256),
    onForked: stored => forked.push(stored),
    log: silentLog,
  });
  const receipt = (stored: number, more: Partial<Receipt> = {}) =>
    uplink.accept({
      ...{ v: 1, epoch: journal.epoch, upTo: stored, stored, missing: [], refused: [], wanted: [] },
      ...more,
    });
  const untilAllSent = async () => {
    for (let turn = 0; turn < 2 * limits.envelopeWindow; turn++) await nextTurn();
  };
  /** First and last number of each envelope since the last look; one goes out in a turn of the event loop. */
  const sent = async () => {
    await untilAllSent();
    return payloads.splice(0).map(payload => {
      const numbers = decodeMessage(Envelope, payload).facts.map(({ seq }) => seq);
      return [numbers[0], numbers.at(-1)];
    });
  };
  return { journal, uplink, payloads, uploads, forked, receipt, sent, untilAllSent };
}

test('nothing is sent before the centre has told its watermark, and then only what lies behind it', async t => {
  const { uplink, receipt, sent } = await setting(many(30));
  t.after(uplink.stop);
  uplink.pump();
  assert.deepEqual(await sent(), []);
  receipt(20);
  assert.deepEqual(await sent(), [[21, 30]]);
});

test('the window holds eight envelopes and moves with what is stored, not with what waits for content', async t => {
  const { uplink, receipt, sent } = await setting(many(3000));
  t.after(uplink.stop);
  receipt(0);
  const ends = (await sent()).map(([, last]) => last);
  assert.deepEqual(ends, [256, 512, 768, 1024, 1280, 1536, 1792, 2048]);
  receipt(512, { upTo: 3 });
  assert.deepEqual(await sent(), [[2049, 2304], [2305, 2560]]); // biome-ignore format: one line
});

test('F18 what gets no receipt is sent again in time, however busy the hall is', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { journal, uplink, receipt, sent } = await setting(many(10));
  receipt(0);
  assert.deepEqual(await sent(), [[1, 10]]);
  for (let second = 0; second < 11; second++) {
    t.mock.timers.tick(1000);
    await journal.commit([plainFact()]);
    uplink.pump();
  }
  assert.ok(
    (await sent()).some(([first]) => first === 1),
    'the first envelope was never repeated',
  );
  uplink.stop();
  t.mock.timers.tick(60_000);
  uplink.pump();
  receipt(3);
  assert.deepEqual(await sent(), [], 'a stopped uplink is silent');
});

test('F19 the first hole is filled at once, one envelope a receipt', async t => {
  const { uplink, receipt, sent } = await setting(many(1000));
  t.after(uplink.stop);
  receipt(0);
  await sent();
  receipt(5, { missing: [[6, 700], [800, 801]] }); // biome-ignore format: one line
  assert.deepEqual(await sent(), [[6, 261]]);
  receipt(5, { missing: [[6, 9]] });
  assert.deepEqual(await sent(), [[6, 9]]);
});

test('an envelope never outgrows what the centre takes', async t => {
  const big = (): NewFact => ({
    type: 'ticket.abandoned',
    subject: randomUUID(),
    body: { reason: randomBytes(40_000).toString('base64') },
  });
  const { uplink, receipt, payloads, sent, untilAllSent } = await setting(Array.from({ length: 250 }, big));
  t.after(uplink.stop);
  receipt(0);
  await untilAllSent();
  let next = 1;
  while (payloads.length > 0) {
    assert.ok(payloads.every(({ length }) => length <= limits.messageBytes));
    for (const [first, last = 0] of await sent()) {
      assert.equal(first, next);
      next = last + 1;
      receipt(last);
    }
    await untilAllSent();
  }
  assert.equal(next, 251);
});

test('content is uploaded when its fact goes and whenever the centre says that it waits for it', async t => {
  const content = blobOf(randomBytes(10));
  const { uplink, uploads, receipt } = await setting([plainFact(), factNaming(content), plainFact()]);
  t.after(uplink.stop);
  receipt(0);
  assert.deepEqual(uploads.splice(0), [content.sha256]);
  receipt(3, { upTo: 1, wanted: [content.sha256] });
  assert.deepEqual(uploads.splice(0), [content.sha256]);
  receipt(3);
  assert.deepEqual(uploads, []);
});

test('F21 a receipt of another epoch moves nothing, and one from beyond what was written, or of another fact, stops the epoch', async t => {
  for (const foreign of [{ stored: 4 }, { stored: 2, head: '1'.repeat(64) }]) {
    const { journal, uplink, receipt, sent, forked } = await setting(many(3));
    t.after(uplink.stop);
    receipt(3, { epoch: randomUUID() });
    receipt(foreign.stored, foreign);
    uplink.pump();
    assert.deepEqual([await sent(), journal.receiptedUpTo(), journal.unsentCount()], [[], 0, 3]);
    assert.deepEqual(forked, [foreign.stored]);
  }
});

test('a narrow window makes small envelopes, and a fact too large for it goes alone', async t => {
  const big: NewFact = {
    type: 'ticket.abandoned',
    subject: randomUUID(),
    body: { reason: randomBytes(20_000).toString('base64') },
  };
  const { uplink, receipt, payloads, sent, untilAllSent } = await setting(
    [...many(100), big, ...many(100)],
    2048,
  );
  t.after(uplink.stop);
  receipt(0);
  await untilAllSent();
  assert.ok(payloads.reduce((sum, { length }) => sum + length, 0) < 3000);
  const bySize: [size: number, count: number][] = [];
  while (payloads.length > 0) {
    const sizes = payloads.map(({ length }) => length);
    for (const [n, [first = 0, last = 0]] of (await sent()).entries()) {
      bySize.push([sizes[n] ?? 0, last - first + 1]);
      receipt(last);
    }
    await untilAllSent();
  }
  assert.deepEqual(bySize.filter(([size]) => size > 10_000).map(([, count]) => count), [1]); // biome-ignore format: one line
  assert.equal(bySize.reduce((sum, [, count]) => sum + count, 0), 201); // biome-ignore format: one line
});
