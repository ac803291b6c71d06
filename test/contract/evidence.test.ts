import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { httpStampAuthority } from '../../central/audit/stamp-authority.ts';
import { keepEvidence } from '../../central/evidence/evidence-keeper.ts';
import { pieceName } from '../../central/evidence/piece-name.ts';
import { createRevocationDesk } from '../../central/evidence/revocation-desk.ts';
import { openRevocationSources } from '../../central/evidence/revocation-sources.ts';
import { systemClock } from '../../platform/clock.ts';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { verifyFile } from '../../provisioning/okno/verify-file.ts';
import { silentLog } from '../fixtures/books.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { agency, boxes, clerk, clerks, inState, sendCase, startRelaying } from './relay-setting.ts';
import { folder, until } from './sync-setting.ts';

const workshop = opensslWorkshop();
const { save, openssl, stampReply, ocspAnswer, revocationList } = workshop;
const mode = { crl: 'away', ocsp: 'away', stamps: 'away' } as Record<
  'crl' | 'ocsp' | 'stamps',
  'away' | 'working' | 'huge' | 'nonsense'
>;
const asked = { crl: 0, ocsp: 0, stamps: 0 };
let url = '';
let list: Uint8Array;

/** The authority of the clerks, a responder and a stamping authority, all by OpenSSL behind one address. */
const server = createServer(async (request, response) => {
  const body = await buffer(request);
  const what = (request.url ?? '').slice(1) as keyof typeof mode;
  asked[what]++;
  if (mode[what] === 'away') return response.writeHead(503).end();
  if (mode[what] === 'nonsense') return response.end('<html>');
  if (mode[what] === 'huge') return response.end(Buffer.alloc(300_000));
  if (what === 'crl') return response.end(list);
  response.end(what === 'ocsp' ? ocspAnswer('clerks', body) : stampReply('stamper', body));
});

before(async () => {
  save('clerks.pem', clerks.certificate);
  save('clerks.key', clerks.export().privateKey);
  save('clerk.pem', clerk.certificate);
  list = revocationList('clerks');
  openssl(
    ...[
      'ca',
      '-config',
      'clerks.cnf',
      '-cert',
      'clerks.pem',
      '-keyfile',
      'clerks.key',
      '-valid',
      'clerk.pem',
    ],
  );
  workshop.issue('stamps', { extensions: authorityExtensions });
  workshop.issue('stamper', { issuer: 'stamps', extensions: stampExtensions });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return () => server.close().closeAllConnections();
});

test('KEM-13 LED-3.10 revocation and stamps come beside packages, an outage of either stops nothing', async t => {
  const dir = await folder(t);
  const system = await agency(t);
  const centre = await startRelaying(t, dir, system, {}, undefined, (storage, blobs) => ({
    stamps: true,
    revocation: createRevocationDesk({
      sources: openRevocationSources({ storage, blobs, clock: systemClock, refreshMs: 0, restMs: 1 }),
      configured: [
        {
          issuer: readCertificate(clerks.certificateDer).subject.key,
          lists: [`${url}/crl`],
          responders: [`${url}/ocsp`],
        },
      ],
    }),
  }));
  const { storage, blobs, evidence, revocation, troubles, officers } = centre;
  const anchor = workshop.derOf('stamps');
  const authority = httpStampAuthority({
    ...{ url: `${url}/stamps`, anchors: [anchor], timeoutMs: 20_000, now: systemClock.now },
  });
  const keeper = keepEvidence({
    ...{ storage, blobs, book: evidence, desk: revocation, troubles, clock: systemClock, log: silentLog },
    anchors: {
      ...{ clerks: [clerks.certificateDer], boxes: [boxes.certificateDer] },
      ...{ officers, agencySystems: officers },
    },
    stamps: { authority, anchors: [anchor], renewBeforeMs: 0, weak: [] },
    ...{ everyMs: 20, alarmAfterMs: 0, onChange: () => {} },
  });
  t.after(() => keeper.stop());
  const kindsOf = async (sha256: string) => (await evidence.of(sha256)).map(({ kind }) => kind).sort();
  const awaitedKinds = async (sha256: string) => (await evidence.awaitedOf(sha256)).map(({ kind }) => kind);
  const told = async (code: string) => (await troubles.newest(20)).some(each => each.code === code);

  await t.test('nobody answers: the package goes on, is marked, operators are told', async () => {
    const sent = await sendCase(centre);
    await sent.deliver(centre);
    await inState(centre, sent, 'result-ready');
    await until(
      'both alarms',
      async () => (await told('evidence.no-stamp')) && (await told('evidence.no-revocation')),
    );
    assert.deepEqual(await awaitedKinds(sent.sha256), ['revocation', 'stamp']);
    assert.deepEqual(await kindsOf(sent.sha256), []);

    for (const wrong of ['nonsense', 'huge'] as const) {
      Object.assign(mode, { crl: wrong, ocsp: wrong, stamps: wrong });
      const before = { ...asked };
      await until('all are asked', async () => asked.ocsp > before.ocsp && asked.stamps > before.stamps);
      assert.deepEqual(await kindsOf(sent.sha256), []);
    }
    Object.assign(mode, { crl: 'away', ocsp: 'working', stamps: 'working' });
    await until('nothing is awaited', async () => (await evidence.awaitedOf(sent.sha256)).length === 0);
    assert.deepEqual(await kindsOf(sent.sha256), ['ocsp', 'stamp']);
    assert.equal(await told('evidence.signer-revoked'), false);
  });

  await t.test('what is beside a package proves it when certificates have run out', async () => {
    const sent = await sendCase(centre);
    await sent.deliver(centre);
    await inState(centre, sent, 'result-ready');
    await until('stamped', async () => (await evidence.awaitedOf(sent.sha256)).length === 0);
    const path = join(dir, 'package.asice');
    const trust = join(dir, 'trust');
    await mkdir(trust);
    const anchors = { clerks: clerks.certificateDer, boxes: boxes.certificateDer, stamps: anchor };
    for (const [name, der] of Object.entries(anchors)) await writeFile(join(trust, `${name}.cer`), der);
    await writeFile(path, await blobs.get(sent.sha256));
    const verdictAt = async (at: Date) => {
      const report = await verifyFile({
        ...{ file: path, trustFolder: trust, contentFile: null, revocationFolders: [], evidence: null, at },
      });
      return [report.verdict, ...report.reasons, ...report.signatures.map(({ level }) => level)];
    };
    // Their certificates are good for two days.
    const later = new Date(Date.now() + 5 * 24 * 3_600_000);
    assert.deepEqual(await verdictAt(later), ['indeterminate', 'OUT_OF_BOUNDS_NO_POE', 'BES', 'BES']);
    await mkdir(`${path}.evidence`);
    for (const piece of await evidence.of(sent.sha256))
      await writeFile(join(`${path}.evidence`, pieceName(piece)), await blobs.get(piece.sha256));
    assert.deepEqual(await verdictAt(later), ['passed', 'LT', 'T']);
    // A stamp over another file proves nothing.
    await writeFile(path, (await blobs.get(sent.sha256)).subarray(0, -1));
    assert.deepEqual((await verdictAt(later))[0], 'failed');
  });

  await t.test('OpenSSL believes the stamp over the package as well', async () => {
    const sent = await sendCase(centre);
    await sent.deliver(centre);
    await until('stamped', async () => (await kindsOf(sent.sha256)).includes('stamp'));
    const stamp = (await evidence.of(sent.sha256)).find(({ kind }) => kind === 'stamp');
    save('sent.asice', await blobs.get(sent.sha256));
    save('sent.tst', await blobs.get(stamp?.sha256 ?? ''));
    openssl(
      ...['ts', '-verify', '-data', 'sent.asice', '-in', 'sent.tst', '-token_in', '-CAfile', 'stamps.pem'],
    );
  });

  await t.test(
    'a clerk whose certificate was revoked is not passed on; a list does it when the responder is away',
    async () => {
      Object.assign(mode, { crl: 'away', ocsp: 'away' });
      // What was learnt before is still in its term.
      const known = await sendCase(centre);
      await known.deliver(centre);
      await inState(centre, known, 'result-ready');
      assert.equal((await awaitedKinds(known.sha256)).includes('revocation'), false);
      list = revocationList('clerks', { revoke: 'clerk' });
      Object.assign(mode, { crl: 'working', ocsp: 'working' });
      const sent = await sendCase(centre);
      await sent.deliver(centre);
      await inState(centre, sent, 'refused');
      const { trouble } = await centre.views.get(sent.caseId);
      assert.match(JSON.stringify(trouble), /REVOKED_NO_POE/);
    },
  );

  await t.test(
    'revocation that is learnt after the package went on is told; one after the stamp is harmless',
    async () => {
      const rows = storage.query.deleteFrom('revocation_cache');
      await rows.execute();
      Object.assign(mode, { crl: 'away', ocsp: 'away', stamps: 'away' });
      const sent = await sendCase(centre);
      await sent.deliver(centre);
      await inState(centre, sent, 'result-ready');
      Object.assign(mode, { crl: 'working', ocsp: 'away' });
      await until('operators are told', () => told('evidence.signer-revoked'));
      mode.stamps = 'working';
      await until('nothing is awaited', async () => (await evidence.awaitedOf(sent.sha256)).length === 0);
      assert.deepEqual(await kindsOf(sent.sha256), ['crl', 'stamp']);
    },
  );

  await keeper.stop();
  await centre.stop();
});
