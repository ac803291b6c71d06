import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { createExportPackage } from '../../central/evidence/export-package.ts';
import type { RevocationDesk } from '../../central/evidence/revocation-desk.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { writtenStream } from '../../platform/written-stream.ts';
import { AppError } from '../../protocol/app-error.ts';
import { buildPackage, readPackage } from '../../protocol/package/asice.ts';
import { sourceOf } from '../../protocol/package/byte-source.ts';
import { readManifest } from '../../protocol/package/manifest.ts';
import { openZip, readFile } from '../../protocol/package/zip-reader.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { verifyFile } from '../../provisioning/okno/verify-file.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { makeSigner } from '../fixtures/signers.ts';
import { folder } from './sync-setting.ts';

test('LED-3.10 a package is given out with its evidence inside, and none of its own bytes differ', async t => {
  const workshop = opensslWorkshop();
  const anchor = workshop.issue('stamps', { extensions: authorityExtensions });
  workshop.issue('stamper', { issuer: 'stamps', extensions: stampExtensions, to: '20400101000000Z' });
  const authority = await createAuthority('Вымышленный удостоверяющий центр');
  workshop.save('clerks.pem', authority.certificate);
  workshop.save('clerks.key', authority.export().privateKey);
  const list = workshop.revocationList('clerks');
  const clerk = await makeSigner(authority, 'ecdsa-p256-sha256');
  const bytes = Buffer.from('%PDF выдуманный документ');
  const document = {
    ...{ name: '01-заявление.pdf', mediaType: 'application/pdf', bytes },
    signature: await clerk.sign(bytes),
  };
  const original = await buildPackage({ documents: [document], metadata: {}, signManifest: clerk.sign });
  const dir = await folder(t);
  const blobs = await openBlobStore(join(dir, 'blobs'));
  const { sha256 } = await blobs.put(original, 'application/vnd.etsi.asic-e+zip');
  const trusted = [authority.certificateDer];
  const anchors = { clerks: trusted, boxes: trusted, officers: trusted, agencySystems: trusted };
  const listed = {
    kind: 'crl' as const,
    sha256: createHash('sha256').update(list).digest('hex'),
    bytes: list,
  };
  const gather = async () => ({ pieces: [listed], missing: [] });
  const desk: RevocationDesk = { gather, gatherForStamps: gather };
  const exporting = (stamp: (digest: Uint8Array) => Promise<Uint8Array>, clock = systemClock) =>
    createExportPackage({
      ...{ blobs, desk, anchors, clock },
      stamps: { authority: { stamp }, anchors: [anchor], renewBeforeMs: 0, weak: [] },
    });
  const byOpenssl = async (digest: Uint8Array) => {
    const query = ['ts', '-query', '-digest', Buffer.from(digest).toString('hex'), '-sha256', '-cert'];
    workshop.openssl(...query, '-out', 'asked');
    workshop.save('reply.tsr', workshop.stampReply('stamper', readFileSync(workshop.path('asked'))));
    workshop.openssl(...['ts', '-reply', '-in', 'reply.tsr', '-token_out', '-out', 'token']);
    return readFileSync(workshop.path('token'));
  };
  const whole = await buffer(await exporting(byOpenssl)(sha256, 'package'));
  const path = join(dir, 'whole.asice');
  await writeFile(path, whole);
  const filesOf = (zip: Uint8Array) => {
    const source = sourceOf(zip);
    const { files } = openZip(source, () => {});
    return new Map(files.map(file => [file.name, Buffer.from(readFile(source, file))]));
  };
  const [before, after] = [filesOf(original), filesOf(whole)];

  await t.test('each file is as it was, in the same place', () => {
    assert.deepEqual([...after].slice(0, before.size), [...before]);
    // Up to its directory the package is the beginning of what is given out.
    const ends = Buffer.from(original).indexOf('PK\x01\x02', 0, 'latin1');
    assert.deepEqual(whole.subarray(0, ends), Buffer.from(original).subarray(0, ends));
    assert.equal(readPackage(original).documents.length, 1);
  });

  await t.test(
    'the manifest names everything, OpenSSL believes the stamp over it, unzip the container',
    async () => {
      const manifest = after.get('META-INF/ASiCArchiveManifest.xml') ?? Buffer.alloc(0);
      const token = after.get('META-INF/timestamp001.tst') ?? Buffer.alloc(0);
      const { signatureName, references } = readManifest(manifest, () => {});
      assert.equal(signatureName, 'META-INF/timestamp001.tst');
      const outside = ['mimetype', 'META-INF/ASiCArchiveManifest.xml', signatureName];
      assert.deepEqual(
        references.map(({ name }) => name).sort(),
        [...after.keys()].filter(name => !outside.includes(name)).sort(),
      );
      assert.ok(references.some(({ name }) => name === `META-INF/evidence/${listed.sha256}.crl`));
      for (const { name, digest } of references)
        assert.deepEqual(
          createHash('sha256')
            .update(after.get(name) ?? '')
            .digest(),
          Buffer.from(digest),
        );
      workshop.save('manifest.xml', manifest);
      workshop.save('manifest.tst', token);
      workshop.openssl(
        ...[
          'ts',
          '-verify',
          '-token_in',
          '-in',
          'manifest.tst',
          '-data',
          'manifest.xml',
          '-CAfile',
          'stamps.pem',
        ],
      );
      execFileSync('unzip', ['-t', '-qq', path]);
    },
  );

  const trust = join(dir, 'trust');
  await mkdir(trust);
  await writeFile(join(trust, 'clerks.cer'), authority.certificateDer);
  await writeFile(join(trust, 'stamps.cer'), anchor);
  const verifyAt = (days: number) =>
    verifyFile({
      ...{ file: path, trustFolder: trust, contentFile: null, revocationFolders: [], evidence: null },
      at: new Date(Date.now() + days * 24 * 3_600_000),
    });

  await t.test('our own verifier passes it', async () => {
    const { verdict, reasons, uncovered, signatures } = await verifyAt(0);
    assert.deepEqual([verdict, reasons, uncovered], ['passed', [], []]);
    assert.equal(signatures.filter(({ role }) => role === 'time-stamp').length, 1);
    const notes = signatures.filter(({ role }) => role === 'signer').flatMap(each => each.notes);
    assert.deepEqual(notes, [], 'the list inside is known');
  });

  await t.test('it passes when the clerk’s certificate has run out, for the time of the stamp', async () => {
    const later = await verifyAt(100);
    assert.deepEqual([later.verdict, later.reasons], ['passed', []]);
    const signers = later.signatures.filter(({ role }) => role === 'signer');
    assert.equal(signers.length, 2);
    for (const { level, provenAt } of signers) assert.ok(level === 'LT' && provenAt !== null, String(level));
  });

  await t.test('a changed list is found out', async () => {
    const at = whole.indexOf(Buffer.from(list)) + list.length - 1;
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    assert.equal((await verifyAt(0)).verdict, 'failed');
    await writeFile(path, whole);
  });

  await t.test('without a stamp, and when it would prove nothing any more, there is none', async () => {
    const away = () => Promise.reject(new AppError('audit.no-stamp', { reason: 'away' }));
    await assert.rejects(exporting(away)(sha256, 'package'), { code: 'evidence.export-no-stamp' });
    const late = { ...systemClock, now: () => new Date(Date.now() + 100 * 24 * 3_600_000) };
    await assert.rejects(exporting(byOpenssl, late)(sha256, 'package'), { code: 'evidence.export-too-late' });
  });

  await t.test('a reader who goes away ends the writing', async () => {
    const ended = Promise.withResolvers<void>();
    const stream = writtenStream(async write => {
      for (;;) await write(Buffer.alloc(100_000));
    }, ended.resolve);
    stream.once('data', () => stream.destroy());
    await ended.promise;
    assert.equal(stream.destroyed, true);
  });
});
