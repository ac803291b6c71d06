import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openEvidenceBook } from '../../central/evidence/evidence-book.ts';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { judgeStamp } from '../../protocol/signature/time-stamp.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import { folder, until } from '../contract/sync-setting.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { startKillable } from './kill/program.ts';

const program = fileURLToPath(new URL('evidence/keeper.ts', import.meta.url));

test('F01 a centre that is killed while packages are stamped, and while stamps are renewed, goes on with the rest', async t => {
  const workshop = opensslWorkshop();
  const anchor = workshop.issue('stamps', { extensions: authorityExtensions });
  workshop.issue('stamper', { issuer: 'stamps', extensions: stampExtensions });
  workshop.issue('later', { issuer: 'stamps', extensions: stampExtensions, to: '20400101000000Z' });
  const dir = await folder(t);
  const stamped: string[] = [];
  /** Which answer the killing waits for; it is given, and the death comes before or after it is stored. */
  let third = Promise.withResolvers<void>();
  let [stamper, every] = ['stamper', 3];
  const server = createServer(async (request, response) => {
    const query = await buffer(request);
    stamped.push(query.toString('hex'));
    response.end(workshop.stampReply(stamper, query));
    if (stamped.length % every === 0) third.resolve();
  }).listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const wish = {
    ...{
      database: join(dir, 'centre.db'),
      blobs: join(dir, 'blobs'),
      anchor: Buffer.from(anchor).toString('hex'),
    },
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
  const blobs = await openBlobStore(wish.blobs);
  const contents: string[] = [];
  for (let index = 0; index < 7; index++)
    contents.push((await blobs.put(Buffer.from(`выдуманный пакет ${index}`), 'x')).sha256);
  const storage = await openSqliteStorage(wish.database);
  const book = openEvidenceBook(storage, systemClock, { stamps: true });
  for (const sha256 of contents)
    await storage.transaction(transaction =>
      book.accepted(
        transaction,
        { sha256, what: 'package', caseNumber: 'ПР-1' },
        { pieces: [], missing: [] },
      ),
    );
  await storage.close();

  const wishFile = join(dir, 'wish.json');
  /** Lives that end with the answer that is waited for, and one more that goes on. */
  async function killedTwice() {
    for (let life = 0; life < 2; life++) {
      third = Promise.withResolvers<void>();
      const keeper = start();
      await Promise.race([third.promise, keeper.gone]);
      await keeper.kill();
    }
    return start();
  }
  function start() {
    const keeper = startKillable(program, wishFile, {});
    t.after(() => keeper.kill());
    return keeper;
  }
  await writeFile(wishFile, JSON.stringify(wish));
  const last = await killedTwice();
  const again = await openSqliteStorage(wish.database);
  t.after(() => again.close());
  const kept = openEvidenceBook(again, systemClock, { stamps: true });
  await until('stamped', async () => (await kept.awaited('stamp', 10)).length === 0);
  await last.kill();
  for (const content of contents) {
    const [stamp, ...others] = await kept.of(content);
    assert.ok(stamp && others.length === 0, 'one stamp each');
    const digest = async () => Buffer.from(content, 'hex');
    const trust = trustOf({ anchors: [anchor], at: new Date() });
    assert.equal((await judgeStamp(await blobs.get(stamp.sha256), { digest }, trust)).reason, null);
  }

  // The authority has a certificate that lasts longer, and the first one ends within the time to renew in.
  [stamper, every] = ['later', 1];
  await writeFile(wishFile, JSON.stringify({ ...wish, renewBeforeMs: 60 * 24 * 3_600_000 }));
  const before = stamped.length;
  const renewing = await killedTwice();
  const kindsOf = async (content: string) => (await kept.of(content)).map(({ kind }) => kind).sort();
  for (const content of contents)
    await until('renewed', async () => (await kindsOf(content)).includes('record-stamp'));
  await renewing.kill();
  assert.ok(stamped.length - before <= 3, 'a stamp for each life at most');
  for (const content of contents)
    assert.deepEqual(await kindsOf(content), ['record', 'record-stamp', 'stamp'], 'renewed once');
});
