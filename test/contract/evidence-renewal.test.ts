import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { httpStampAuthority } from '../../central/audit/stamp-authority.ts';
import { openEvidenceBook } from '../../central/evidence/evidence-book.ts';
import { keepEvidence } from '../../central/evidence/evidence-keeper.ts';
import { pieceName } from '../../central/evidence/piece-name.ts';
import { createStampRenewal, type StampService } from '../../central/evidence/renew-stamps.ts';
import { createRevocationDesk } from '../../central/evidence/revocation-desk.ts';
import { openRevocationSources } from '../../central/evidence/revocation-sources.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { readRecord } from '../../protocol/evidence/renewal-record.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { verifyFile } from '../../provisioning/okno/verify-file.ts';
import { openTestCentre, silentLog } from '../fixtures/books.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { makeSigner } from '../fixtures/signers.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { folder, until } from './sync-setting.ts';

const dayMs = 24 * 3_600_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);
const asOpenssl = (at: Date) => `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

test('LED-3.10 stamps are renewed before they stop proving, and the chain of them proves the first time', async t => {
  const workshop = opensslWorkshop();
  const { save, openssl } = workshop;
  let stamper = 'first';
  let away: 'stamps' | 'list' | null = null;
  let asked = 0;
  let list: Uint8Array = new Uint8Array();
  const server = createServer(async (request, response) => {
    const query = await buffer(request);
    const isList = request.url === '/list';
    if (away === (isList ? 'list' : 'stamps')) return response.writeHead(503).end();
    if (isList) return response.end(list);
    asked++;
    response.end(workshop.stampReply(stamper, query));
  }).listen(0, '127.0.0.1');
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const anchor = workshop.issue('stamps', { extensions: authorityExtensions });
  const ends = { first: inDays(20), second: inDays(200), third: inDays(2000) };
  for (const [name, end] of Object.entries(ends))
    workshop.issue(name, {
      ...{ issuer: 'stamps', extensions: `${stampExtensions}crlDistributionPoints=URI:${url}/list\n` },
      ...{ from: '20260101000000Z', to: asOpenssl(end) },
    });
  list = workshop.revocationList('stamps');

  const dir = await folder(t);
  const { storage, troubles } = await openTestCentre();
  t.after(() => storage.close());
  const blobs = await openBlobStore(join(dir, 'blobs'));
  const book = openEvidenceBook(storage, systemClock, { stamps: true });
  const sources = openRevocationSources({ storage, blobs, clock: systemClock, refreshMs: 0, restMs: 1 });
  const desk = createRevocationDesk({ sources, configured: [] });
  const authority = httpStampAuthority({
    ...{ url, anchors: [anchor], timeoutMs: 20_000, now: systemClock.now },
  });
  const service = (wish: Partial<StampService>): StampService => ({
    ...{ authority, anchors: [anchor], renewBeforeMs: 30 * dayMs, weak: [], ...wish },
  });
  /** Rests of an hour are over for each renewal that is made. */
  const renew = (wish: Partial<StampService> = {}, clock = testClock(new Date().toISOString())) =>
    createStampRenewal({
      ...{ blobs, book, desk, stamps: service(wish), troubles, clock, log: silentLog, onChange: () => {} },
    }).round(() => false);
  const told = async () => (await troubles.newest(20)).some(({ code }) => code === 'evidence.not-renewed');

  const clerks = await createAuthority('Вымышленный удостоверяющий центр');
  const clerk = await makeSigner(clerks, 'ecdsa-p256-sha256');
  const packages = await Promise.all(
    ['первый', 'второй', 'третий'].map(async text => {
      const bytes = Buffer.from(`%PDF ${text} выдуманный документ`);
      const document = {
        name: '01.pdf',
        mediaType: 'application/pdf',
        bytes,
        signature: await clerk.sign(bytes),
      };
      return await buildPackage({ documents: [document], metadata: {}, signManifest: clerk.sign });
    }),
  );
  const contents: string[] = [];
  for (const bytes of packages) {
    const { sha256 } = await blobs.put(bytes, 'application/vnd.etsi.asic-e+zip');
    contents.push(sha256);
    await storage.transaction(transaction =>
      book.accepted(
        transaction,
        { sha256, what: 'package', caseNumber: 'ПР-1' },
        { pieces: [], missing: [] },
      ),
    );
  }
  const [content = ''] = contents;
  const keeper = keepEvidence({
    ...{ storage, blobs, book, desk, troubles, stamps: service({ renewBeforeMs: 0 }) },
    anchors: { clerks: [], boxes: [], officers: [], agencySystems: [] },
    ...{ everyMs: 20, alarmAfterMs: 0, clock: systemClock, log: silentLog, onChange: () => {} },
  });
  await until('all are stamped', async () => (await book.awaited('stamp', 10)).length === 0);
  await keeper.stop();
  const kinds = async (sha256 = content) => (await book.of(sha256)).map(({ kind }) => kind).sort();
  assert.deepEqual(await kinds(), ['stamp']);

  const trust = join(dir, 'trust');
  await mkdir(trust);
  await writeFile(join(trust, 'stamps.cer'), anchor);
  await writeFile(join(trust, 'clerks.cer'), clerks.certificateDer);
  /** What `okno verify` says in so many days of the first package with the evidence that is there now. */
  let exported = '';
  async function verifyIn(days: number) {
    exported = join(dir, `in-${days}-${asked}`);
    const [path, evidence] = [join(exported, `${content}.asice`), join(exported, 'evidence')];
    await mkdir(evidence, { recursive: true });
    await writeFile(path, packages[0] ?? '');
    for (const piece of await book.of(content))
      await writeFile(join(evidence, pieceName(piece)), await blobs.get(piece.sha256));
    const { verdict, reasons, provenSince, signatures, notes } = await verifyFile({
      ...{ file: path, trustFolder: trust, contentFile: null, revocationFolders: [] },
      ...{ evidence, at: inDays(days) },
    });
    return { verdict, reasons, provenSince, notes, level: signatures[0]?.level };
  }

  const first = await verifyIn(10);
  assert.deepEqual([first.verdict, first.level, first.notes], ['passed', 'T', []]);
  const provenSince = first.provenSince;
  assert.ok(provenSince);

  await t.test('without a renewal the proof is over with the certificate of the authority', async () => {
    const { verdict, provenSince: later, notes } = await verifyIn(100);
    assert.deepEqual([verdict, later, notes], ['indeterminate', null, ['sidecar-stamp-not-trusted']]);
  });

  await t.test(
    'an authority that is away, or has nothing that lasts longer, is told and changes nothing',
    async () => {
      away = 'stamps';
      await renew();
      assert.equal(await told(), true);
      away = null;
      const before = asked;
      await renew();
      assert.deepEqual([asked - before, await kinds()], [1, ['stamp']]);
    },
  );

  await t.test('a rest is kept: a round within the hour asks nobody', async () => {
    const clock = testClock(new Date().toISOString());
    const renewal = createStampRenewal({
      ...{ blobs, book, desk, stamps: service({}), troubles, clock, log: silentLog, onChange: () => {} },
    });
    const before = asked;
    await renewal.round(() => false);
    await renewal.round(() => false);
    assert.equal(asked - before, 1);
  });

  await t.test(
    'one stamp of the next authority renews them all, with the news about the one before',
    async () => {
      stamper = 'second';
      const before = asked;
      await renew();
      assert.equal(asked - before, 1);
      for (const each of contents)
        assert.deepEqual(await kinds(each), ['crl', 'record', 'record-stamp', 'stamp']);
      await renew();
      assert.equal(asked - before, 1, 'nothing is due any more');
      const later = await verifyIn(100);
      assert.deepEqual([later.verdict, later.provenSince, later.notes], ['passed', provenSince, []]);
      assert.equal((await verifyIn(300)).provenSince, null, 'the second one ends as well');
    },
  );

  await t.test(
    'an authority that is revoked afterwards takes nothing away, one that was revoked before does',
    async () => {
      // Times of lists are whole seconds.
      const renewedMs = Date.now();
      await until('a second is over', () => Date.now() > renewedMs + 1100);
      const before = await verifyIn(100);
      const later = workshop.revocationList('stamps', { revoke: 'first' });
      await writeFile(join(exported, 'evidence', 'later.crl'), later);
      const judge = (evidence: string) =>
        verifyFile({
          ...{ file: join(exported, `${content}.asice`), trustFolder: trust, contentFile: null },
          ...{ revocationFolders: [], evidence, at: inDays(5) },
        });
      assert.equal((await judge(join(exported, 'evidence'))).provenSince, before.provenSince);
      const onlyFirst = join(exported, 'only-first');
      await mkdir(onlyFirst);
      const [stamp] = (await book.of(content)).filter(({ kind }) => kind === 'stamp');
      await writeFile(join(onlyFirst, 'first.tst'), await blobs.get(stamp?.sha256 ?? ''));
      assert.equal((await judge(onlyFirst)).provenSince, before.provenSince);
      await writeFile(join(onlyFirst, 'later.crl'), later);
      assert.equal((await judge(onlyFirst)).provenSince, null, 'nothing newer speaks for it');
    },
  );

  await t.test('a second renewal speaks for the first', async () => {
    stamper = 'third';
    await renew({ renewBeforeMs: 300 * dayMs });
    const { verdict, provenSince: later, notes } = await verifyIn(1000);
    assert.deepEqual([verdict, later, notes], ['passed', provenSince, []]);
  });

  await t.test('OpenSSL and sha512sum check every link of the chain by themselves', async () => {
    const records = (await book.of(content)).filter(({ kind }) => kind === 'record');
    const stamps = (await book.of(content)).filter(({ kind }) => kind === 'record-stamp');
    assert.deepEqual([records.length, stamps.length], [2, 2]);
    for (const [index, record] of records.entries()) {
      const bytes = await blobs.get(record.sha256);
      assert.ok(readRecord(bytes).some(({ name }) => name === `${content}.asice`));
      save('files.sums', bytes);
      await writeFile(join(exported, 'evidence', `${content}.asice`), packages[0] ?? '');
      const summed = spawnSync('sha512sum', ['--ignore-missing', '--strict', '--check', pieceName(record)], {
        cwd: join(exported, 'evidence'),
        encoding: 'utf8',
      });
      assert.equal(summed.status, 0, summed.stderr);
      assert.match(summed.stdout, new RegExp(`${content}\\.asice: `));
      save('files.tst', await blobs.get(stamps[index]?.sha256 ?? ''));
      openssl(
        ...['ts', '-verify', '-data', 'files.sums', '-in', 'files.tst', '-token_in'],
        ...['-CAfile', 'stamps.pem'],
      );
    }
  });

  await t.test('a record or a package that was changed proves nothing', async () => {
    await verifyIn(1000);
    const spoil = async (sha256: string) => {
      const bytes = Buffer.from(await blobs.get(sha256));
      const at = bytes.length - 2;
      bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
      await writeFile(join(exported, 'evidence', `${sha256}.sums`), bytes);
    };
    const [one, other] = (await book.of(content)).filter(({ kind }) => kind === 'record');
    const file = join(exported, `${content}.asice`);
    const judge = () =>
      verifyFile({
        ...{ file, trustFolder: trust, contentFile: null, revocationFolders: [] },
        ...{ evidence: join(exported, 'evidence'), at: inDays(1000) },
      });
    await spoil(one?.sha256 ?? '');
    // The newer record names everything by itself, and so it is whole without the older one.
    const report = await judge();
    assert.deepEqual([report.provenSince, report.notes], [provenSince, ['sidecar-stamp-damaged']]);
    await spoil(other?.sha256 ?? '');
    assert.equal((await judge()).provenSince, null);
    await writeFile(file, packages[1] ?? '');
    assert.equal((await judge()).provenSince, null);
  });

  await t.test('what rests on a weak digest is renewed by a stronger one', async () => {
    const before = (await book.of(content)).length;
    await renew({ weak: ['sha256'] });
    const pieces = await book.of(content);
    assert.ok(pieces.length > before);
    const tokens = pieces.filter(({ kind }) => kind === 'record-stamp');
    const sha512 = '0609608648016503040203';
    const bytes = await Promise.all(tokens.map(({ sha256 }) => blobs.get(sha256)));
    assert.ok(bytes.some(token => token.toString('hex').includes(sha512)));
    await renew({ weak: ['sha256'] });
    assert.equal((await book.of(content)).length, pieces.length, 'and only once');
    assert.equal((await verifyIn(1000)).provenSince, provenSince);
  });

  await t.test('content that was destroyed while its batch was renewed gets nothing more', async () => {
    const destroyed = contents[2] ?? '';
    const before = await kinds(destroyed);
    await storage.transaction(transaction => book.ended(transaction, destroyed));
    const term = { goodUntil: inDays(9000), imprint: 'sha256', algorithm: 'rsa-pkcs1-sha256' };
    await book.renewed(new Map([[destroyed, [{ kind: 'record', sha256: content }]]]), term);
    assert.deepEqual(await kinds(destroyed), before);
    assert.equal(await book.termOf(destroyed), undefined);
  });

  await t.test('a list that is away is waited for while there is time, and no longer', async () => {
    await storage.query.deleteFrom('revocation_cache').execute();
    workshop.issue('fourth', {
      ...{ issuer: 'stamps', extensions: `${stampExtensions}crlDistributionPoints=URI:${url}/list\n` },
      ...{ from: '20260101000000Z', to: asOpenssl(inDays(4000)) },
    });
    stamper = 'fourth';
    away = 'list';
    const before = asked;
    await renew({ renewBeforeMs: 2100 * dayMs });
    assert.equal(asked, before, 'half of the time is not over');
    await renew({ renewBeforeMs: 2100 * dayMs }, testClock(inDays(1900).toISOString()));
    assert.equal(asked, before + 1);
  });
});
