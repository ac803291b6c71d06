import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { keepAudit } from '../../central/audit/audit-keeper.ts';
import { openAuditLog } from '../../central/audit/audit-log.ts';
import { checkAudit } from '../../central/audit/check-audit.ts';
import { proveFrom } from '../../central/audit/prove.ts';
import { httpStampAuthority, type StampAuthority } from '../../central/audit/stamp-authority.ts';
import { openCaseBook } from '../../central/cases/case-book.ts';
import { openTroubles } from '../../central/ledger/troubles.ts';
import type { Storage } from '../../central/storage/storage.ts';
import { systemClock } from '../../platform/clock.ts';
import { type AuditProof, auditFaults, judgeAuditStamp } from '../../protocol/audit/proof.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { openTestCentre, openTestJournal, plainFact, silentLog } from '../fixtures/books.ts';
import { eachDatabase } from '../fixtures/databases.ts';
import { authorityExtensions, opensslWorkshop, stampExtensions } from '../fixtures/foreign/openssl.ts';
import { folder, until } from './sync-setting.ts';

const seals = await createAuthority('Проба: печати');
const issued = await seals.issue({ commonName: 'centre', usage: 'signing', days: 2 });
const seal = {
  name: 'centre',
  certificate: issued.certificateDer,
  key: createPrivateKey(issued.privateKey ?? ''),
};
const anchors = [seals.certificateDer];
const reasons = (proof: unknown, known?: unknown) =>
  auditFaults(proof, { anchors, ...(known === undefined ? {} : { known }) }).map(({ reason }) => reason);

/** A case of a number with so many events; box `mfc-041` wrote so many facts. */
async function happen(centre: Awaited<ReturnType<typeof openTestCentre>>, number: string, events: number) {
  const { storage, ledger } = centre;
  const book = openCaseBook(storage, systemClock);
  const caseId = randomUUID();
  const { journal } = openTestJournal();
  await journal.commit([
    plainFact(),
    {
      type: 'case.opened',
      subject: caseId,
      body: {
        ...{ number, serviceId: 'x', ticketId: randomUUID(), window: '1', clerk: 'clerk' },
        registerVersion: 1,
      },
    },
  ]);
  await ledger.accept([
    { box: 'mfc-041', envelope: { v: 1, epoch: journal.epoch, facts: journal.read(0, 10) } },
  ]);
  for (let event = 0; event < events; event++)
    await storage.transaction(transaction =>
      book.add(transaction, caseId, { event: `step-${event}`, by: 'centre' }),
    );
  return caseId;
}

function keep(t: TestContext, storage: Storage, stamps?: StampAuthority) {
  const audit = openAuditLog(storage, systemClock);
  const everyMs = { sign: 10, heads: 10, stamp: 20 };
  const troubles = openTroubles(storage, systemClock);
  const keeper = keepAudit({
    ...{ storage, audit, seal, stamps, troubles, everyMs, clock: systemClock, log: silentLog },
  });
  t.after(() => keeper.stop());
  const signedTo = (size: number) =>
    until(`${size} entries are signed`, async () => ((await audit.newest())?.size ?? 0) >= size);
  return { audit, keeper, signedTo, prove: (wish: object) => proveFrom(storage, audit, wish) };
}

eachDatabase(openTestCentre => {
  test('RSX-trace what happened to a case is proved to anybody, with the heads of the journals', async t => {
    const centre = await openTestCentre();
    await happen(centre, 'ПР-1', 3);
    await happen(centre, 'ПР-2', 5);
    const { signedTo, prove, keeper } = keep(t, centre.storage);
    await signedTo(10);
    const proof = await prove({ cases: ['ПР-2'], boxes: ['mfc-041'] });
    assert.equal(proof.entries.length, 7);
    assert.match(proof.entries[0]?.entry ?? '', /"event":"step-0"/);
    assert.match(proof.entries.at(-1)?.entry ?? '', /"upTo":2/);
    assert.deepEqual(reasons(proof), []);
    assert.deepEqual(reasons(JSON.parse(JSON.stringify(proof))), []);
    await keeper.stop();
    assert.deepEqual(await checkAudit(centre.storage), { entries: 10, flaws: [] });
  });

  test('RSX-protect a changed entry, place, size, root, signature or origin is found', async t => {
    const centre = await openTestCentre();
    await happen(centre, 'ПР-1', 6);
    const { signedTo, prove } = keep(t, centre.storage);
    await signedTo(7);
    const proof = await prove({ cases: ['ПР-1'] });
    const changed = (change: (copy: AuditProof) => void) => {
      const copy = structuredClone(proof);
      change(copy);
      return reasons(copy);
    };
    const [first] = proof.entries;
    assert.ok(first);
    const entry = (copy: AuditProof) => copy.entries[0] ?? first;
    assert.deepEqual(
      changed(copy => {
        entry(copy).entry = entry(copy).entry.replace('step-0', 'step-9');
      }),
      ['entry-not-included'],
    );
    assert.deepEqual(
      changed(copy => {
        entry(copy).position += 1;
      }),
      ['entry-not-included'],
    );
    assert.ok(
      changed(copy => {
        copy.checkpoint.root = '0'.repeat(64);
      }).includes('wrong-signature'),
    );
    assert.ok(
      changed(copy => {
        copy.checkpoint.size += 1;
      }).includes('wrong-signature'),
    );
    assert.deepEqual(
      changed(copy => {
        copy.checkpoint.origin = 'another';
      }),
      ['foreign-seal'],
    );
    assert.deepEqual(auditFaults(proof, { anchors: [] }), [
      { reason: 'untrusted-seal', size: proof.checkpoint.size },
    ]);
    assert.deepEqual(reasons({ ...proof, format: 'other' }), ['malformed']);
    assert.deepEqual(reasons(undefined), ['malformed']);
  });

  test('the log is shown to have grown out of an earlier one, and one that was written anew is found out', async t => {
    const centre = await openTestCentre();
    await happen(centre, 'ПР-1', 4);
    const first = keep(t, centre.storage);
    await first.signedTo(5);
    const before = (await first.prove({ cases: ['ПР-1'] })).checkpoint;
    await happen(centre, 'ПР-2', 4);
    await first.signedTo(before.size + 5);
    const after = await first.prove({ cases: ['ПР-2'], since: before.size });
    assert.deepEqual(reasons(after), []);
    assert.deepEqual(reasons(after, before), []);
    await first.keeper.stop();

    // Whoever has the database and the seal writes the history anew; the one with an old proof finds out.
    const { storage } = centre;
    for (const table of ['audit_leaves', 'audit_nodes', 'audit_checkpoints'] as const)
      await storage.query.deleteFrom(table).execute();
    await storage.query.updateTable('case_events').set({ note: 'nothing' }).where('number', '=', 1).execute();
    const second = keep(t, storage);
    await second.signedTo(before.size + 5);
    const forged = await second.prove({ cases: ['ПР-2'] });
    assert.deepEqual(reasons(forged), []);
    assert.deepEqual(reasons(forged, before), ['log-rewritten']);
  });

  test('a book that is changed later is found when the log is compared with it', async t => {
    const centre = await openTestCentre();
    await happen(centre, 'ПР-1', 4);
    const { signedTo, keeper } = keep(t, centre.storage);
    await signedTo(5);
    await keeper.stop();
    const { query } = centre.storage;
    await query.updateTable('case_events').set({ by_whom: 'someone' }).where('number', '=', 2).execute();
    await query.updateTable('facts').set({ body: '{}' }).where('seq', '=', 2).execute();
    const { flaws } = await checkAudit(centre.storage);
    assert.deepEqual(
      flaws.map(({ what }) => what),
      ['books-differ', 'books-differ'],
    );
    await query
      .updateTable('audit_leaves')
      .set({ entry: '{"source":"event:1"}' })
      .where('position', '=', 0)
      .execute();
    assert.ok((await checkAudit(centre.storage)).flaws.some(({ what }) => what === 'tree-differs'));
  });

  test('an event that was put among older ones of the book later is found', async t => {
    const centre = await openTestCentre();
    const caseId = await happen(centre, 'ПР-1', 2);
    const { signedTo, keeper } = keep(t, centre.storage);
    await signedTo(3);
    const forged = { number: -1000, case_id: caseId, at: '', event: 'registered', by_whom: 'x', note: null };
    await centre.storage.query
      .insertInto('case_events')
      .values({ ...forged, content: null })
      .execute();
    await keeper.stop();
    assert.deepEqual((await checkAudit(centre.storage)).flaws, [{ position: -1000, what: 'not-in-log' }]);
  });

  test('of two centres that keep the log each entry is in it once', async t => {
    const centre = await openTestCentre();
    const [one, two] = [keep(t, centre.storage), keep(t, centre.storage)];
    for (let n = 0; n < 5; n++) {
      await happen(centre, `ПР-${n}`, 7);
      one.keeper.kick();
      two.keeper.kick();
    }
    await one.signedTo(40);
    await Promise.all([one.keeper.stop(), two.keeper.stop()]);
    const { entries, flaws } = await checkAudit(centre.storage);
    assert.deepEqual([entries, flaws], [40, []]);
  });

  test('without a signature there is nothing to prove, and the refusal says so', async () => {
    const { storage } = await openTestCentre();
    const audit = openAuditLog(storage, systemClock);
    await assert.rejects(audit.prove([]), { code: 'audit.no-checkpoint' });
    await storage.transaction(transaction =>
      audit.append(transaction, [{ source: 'event:1', said: { at: 'now' } }]),
    );
    await audit.sign(seal);
    assert.equal(await audit.sign(seal), undefined);
    await assert.rejects(audit.prove(['event:2']), { code: 'audit.unknown-entry' });
    await assert.rejects(audit.prove(['event:1'], 9), { code: 'audit.no-checkpoint' });
    assert.deepEqual(reasons(await audit.prove(['event:1'], 1)), []);
  });
});

test('KEM-19 an outside authority stamps the log; one that is away stops nothing, is told, and is asked again', async t => {
  const workshop = opensslWorkshop();
  workshop.issue('stamps', { extensions: authorityExtensions });
  const at = Date.now();
  workshop.issue('stamper', { issuer: 'stamps', extensions: stampExtensions });
  const strangers = workshop.issue('strangers', { extensions: authorityExtensions });
  let mode: 'away' | 'nonsense' | 'refusing' | 'working' = 'away';
  const server = createServer(async (request, response) => {
    const query = await buffer(request);
    if (mode === 'away') return response.writeHead(503).end();
    if (mode === 'nonsense') return response.end('no stamp');
    // PKIStatus 2: rejection.
    if (mode === 'refusing') return response.end(Buffer.from('30053003020102', 'hex'));
    response.end(workshop.stampReply('stamper', query));
  }).listen(0);
  t.after(() => server.close().closeAllConnections());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const authority = (anchor: Uint8Array) =>
    httpStampAuthority({ url, anchors: [anchor], timeoutMs: 5000, now: systemClock.now });

  const centre = await openTestCentre();
  await happen(centre, 'ПР-1', 3);
  const anchor = workshop.derOf('stamps');
  const { audit, signedTo, prove, keeper } = keep(t, centre.storage, authority(anchor));
  for (const next of ['away', 'nonsense', 'refusing'] as const) {
    mode = next;
    await assert.rejects(authority(anchor).stamp(Buffer.alloc(32)), { code: 'audit.no-stamp' });
  }
  await signedTo(4);
  await until('operators are told', async () =>
    (await centre.troubles.newest(5)).some(({ code }) => code === 'audit.no-stamp'),
  );
  assert.equal((await prove({ cases: ['ПР-1'] })).checkpoint.stamp, undefined);

  mode = 'working';
  await assert.rejects(authority(strangers).stamp(Buffer.alloc(32)), { code: 'audit.no-stamp' });
  await until('the log is stamped', async () => (await audit.newestStamped()) !== undefined);
  await keeper.stop();
  const proof = await prove({ cases: ['ПР-1'] });
  assert.deepEqual(reasons(proof), []);
  const judged = await judgeAuditStamp(proof, [anchor]);
  assert.equal(judged?.reason, null);
  assert.ok((judged?.at?.getTime() ?? 0) >= at - 2000);
  const other = await prove({ cases: ['ПР-1'] });
  other.checkpoint.at = new Date(0).toISOString();
  assert.equal((await judgeAuditStamp(other, [anchor]))?.reason, 'HASH_FAILURE');
  assert.notEqual((await judgeAuditStamp(proof, anchors))?.reason, null);
});

test('okno audit verify checks a proof without the centre', async t => {
  const dir = await folder(t);
  const centre = await openTestCentre();
  await happen(centre, 'ПР-1', 2);
  const { signedTo, prove } = keep(t, centre.storage);
  await signedTo(3);
  const proof = await prove({ cases: ['ПР-1'] });
  const trust = join(dir, 'trust');
  await mkdir(trust);
  await writeFile(join(trust, 'seals.pem'), seals.certificate);
  const run = async (content: string) => {
    const file = join(dir, 'proof.json');
    await writeFile(file, content);
    const args = ['provisioning/okno/main.ts', 'audit', 'verify', file, '--trust', trust, '--json'];
    const told = await promisify(execFile)(process.execPath, args).catch(
      (error: { code: number; stdout: string }) => error,
    );
    return ['code' in told ? told.code : 0, JSON.parse(told.stdout).verdict];
  };
  assert.deepEqual(await run(JSON.stringify(proof)), [0, 'passed']);
  assert.deepEqual(await run(JSON.stringify(proof).replace('step-1', 'step-2')), [1, 'failed']);
  assert.deepEqual(await run('not JSON'), [1, 'failed']);
});
