import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createContentDestroyer } from '../../device/cases/destroy-content.ts';
import { addCheckRoutes } from '../../device/http/check-routes.ts';
import { addCopyRoutes } from '../../device/http/copy-routes.ts';
import { createHttpServer } from '../../platform/http.ts';
import { addLogin, hashPassword } from '../../platform/login.ts';
import type { CheckView } from '../../protocol/api/cases.ts';
import { type CopiesView, mostCopies } from '../../protocol/api/copies.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { silentLog } from '../fixtures/books.ts';
import { testClock } from '../fixtures/test-clock.ts';
import { branch, count, desk, me, parties, signedCase, start } from './case-setting.ts';
import { pdfOf } from './relay-setting.ts';

const day = 86_400_000;
const dayOf = (date: string) => Date.parse(date) / day;

/** A case whose result came from the agency, signed by the officer. */
async function caseWithResult() {
  const { caseId } = await signedCase();
  await desk().cases.send(me, caseId);
  const pdf = await pdfOf(['Resolution of the agency']);
  const container = await buildPackage({
    documents: [
      {
        ...{ name: 'resolution.pdf', mediaType: 'application/pdf', bytes: pdf },
        signature: await parties.officer.sign(pdf),
      },
    ],
    metadata: {},
    signManifest: parties.officer.sign,
  });
  const result = await desk().blobs.put(container, 'application/vnd.etsi.asic-e+zip');
  const said = { caseId, result, saidAt: branch.clock.now().toISOString() };
  await desk().journal.commit(await desk().results.down.result(said, 1));
  return { caseId, result: result.sha256 };
}

async function openServer(t: TestContext) {
  const { store, register, results, config } = desk();
  const { clock } = branch;
  const server = await createHttpServer(silentLog);
  t.after(() => server.close());
  const user = { ...me, passwordHash: await hashPassword('проба') };
  const login = addLogin(server, [user], clock);
  const known = { ...config, users: [{ ...user, role: 'clerk' as const }] };
  addCheckRoutes(server, { store, register, config, results, clock });
  addCopyRoutes(server, { login, store, register, config: known, clock });
  const wish = {
    method: 'POST',
    url: '/api/login',
    payload: { login: me.login, password: 'проба' },
  } as const;
  const okno = (await server.inject(wish)).cookies[0]?.value ?? '';
  return {
    copies: async (query = '') =>
      (await server.inject({ url: `/api/copies${query}`, cookies: { 'okno-0': okno } })).json() as CopiesView,
    check: async (sha256: string) => (await server.inject(`/api/checks/${sha256}`)).json() as CheckView,
    stranger: async () => (await server.inject('/api/copies')).json().code as string,
  };
}

test('LED-3.18 copies are registered, and refused when the result does not pass at this moment', async t => {
  const clock = testClock(new Date().toISOString());
  await start({ clock });
  const { caseId, result } = await caseWithResult();
  const page = await openServer(t);
  assert.deepEqual((await page.check(result)).copy, null);
  for (let copies = 0; copies < 2; copies++) await desk().results.makeCopy(me, caseId);

  assert.equal(await page.stranger(), 'access.login-required');
  const { copies, to: today } = await page.copies();
  assert.deepEqual(
    copies.map(copy => [copy.copyNumber, copy.caseNumber, copy.clerk, copy.pages, copy.result]),
    [2, 1].map(number => [number, desk().store.getCase(caseId).number, me.name, 2, result]),
  );
  assert.ok(copies.every(({ printedOn }) => printedOn !== null));
  assert.equal((await page.copies(`?from=${today}&to=${today}`)).copies.length, 2);
  assert.equal((await page.copies('?to=2020-01-01')).copies.length, 0);
  const valid = await page.check(result);
  assert.equal(valid.copy?.copies.length, 2);
  assert.equal(valid.signature?.reasons, null);

  // A month later the officer's certificate is over, and nothing proves when the signature was made.
  clock.advance(31 * day);
  const refused = { code: 'case.copy-refused', details: { reason: 'OUT_OF_BOUNDS_NO_POE' } };
  await assert.rejects(desk().results.makeCopy(me, caseId), refused);
  await assert.rejects(desk().results.printCopy(me, caseId, 1), refused);
  const over = await page.check(result);
  assert.equal(over.signature?.reasons, 'OUT_OF_BOUNDS_NO_POE');
  assert.equal(over.copy?.copies.length, 2, 'it is still said that the copy was made here');
  assert.deepEqual([count('case.paper-copy-made'), count('case.paper-copy-printed')], [2, 2]);
});

test('LED-3.18 the register of copies goes back over all years, by days of the branch', async t => {
  await start({ timeZone: 'Asia/Vladivostok' });
  const { caseId } = await signedCase();
  const page = await openServer(t);
  // Some years of a branch, a copy each quarter of an hour.
  desk().db.exec(`with recursive n (i) as (select 1 union all select i + 1 from n where i < 6000)
    insert into paper_copies (case_id, copy_number, pdf_sha256, result_sha256, made_at, clerk, pages)
    select '${caseId}', i, '', '', strftime('%Y-%m-%dT%H:%M:%fZ', '2024-01-01', (i * 15) || ' minutes'), 'a', 1 from n`);
  const { copies } = await page.copies('?from=2024-01-02&to=2024-01-02');
  // Vladivostok is ten hours ahead.
  assert.deepEqual(
    [copies.length, copies[0]?.madeAt, copies.at(-1)?.madeAt],
    [96, '2024-01-02T13:45:00.000Z', '2024-01-01T14:00:00.000Z'],
  );
  // A month is a default that is told; nothing reads all years at once, and every day can be reached.
  const now = await page.copies();
  assert.deepEqual([now.copies.length, now.isCut, dayOf(now.to) - dayOf(now.from)], [0, false, 30]);
  const month = await page.copies('?to=2024-02-15');
  assert.deepEqual([month.from, month.copies.length, month.isCut], ['2024-01-16', mostCopies, true]);
  assert.equal(month.copies[0]?.madeAt, '2024-02-15T13:45:00.000Z');
  const all = await page.copies('?from=2024-01-02');
  assert.deepEqual([all.copies.length, all.copies[0]?.copyNumber, all.isCut], [mostCopies, 6000, true]);
  assert.equal((await page.copies('?from=2024-01-02&to=2024-01-21')).isCut, false);
  for (const query of ['?from=2024-99-99', '?to=2024-99-99'])
    assert.deepEqual(await page.copies(query).then(({ copies }) => copies), undefined);
});

test('LED-3.18, F02 no copy is made of bytes that rotted or are gone', async () => {
  await start();
  const { caseId, result } = await caseWithResult();
  await desk().blobs.remove(result);
  const refused = { code: 'case.copy-refused', details: { reason: 'HASH_FAILURE' } };
  await assert.rejects(desk().results.makeCopy(me, caseId), refused);
  assert.equal(count('case.paper-copy-made'), 0);
});

test('LED-4.1 what the centre destroyed is destroyed on the box as well, but for what another case needs', async () => {
  await start();
  const { caseId, result } = await caseWithResult();
  await desk().results.makeCopy(me, caseId);
  const other = await signedCase();
  const { db, store, blobs, journal } = desk();
  const digests = (id: string) =>
    JSON.stringify(journal.history(id, store.getCase(id).ticket_id)).match(/(?<=")[0-9a-f]{64}(?=")/g) ?? [];
  const here = async (of: string[]) => (await Promise.all(of.map(blobs.has))).filter(Boolean).length;
  const [mine, others] = [digests(caseId), new Set(digests(other.caseId))];
  const own = mine.filter(sha256 => !others.has(sha256));
  const kept = await here([...others]);
  assert.ok((await here(own)) > 8 && (await blobs.has(result)));
  // Shared by both cases, as a file that was brought twice is.
  const shared = desk().store.pages(desk().store.documents(caseId)[0]?.id ?? '')[0]?.sha256 ?? '';
  const page = { sha256: shared, sizeBytes: 1, mediaType: 'image/jpeg' };
  const added = { caseId: other.caseId, kind: 'application', page, index: 9, source: 'test' };
  await journal.commit([{ type: 'document.page-added', subject: randomUUID(), body: added }]);

  const destroy = createContentDestroyer({ db, store, blobs, log: silentLog });
  const facts = await destroy({ caseId, act: 7 }, 2);
  await journal.commit(facts);
  assert.equal(await here(own), 1);
  assert.ok(await blobs.has(shared));
  assert.equal(await here([...others]), kept);
  // Said again, after a power cut: nothing is left to remove.
  assert.deepEqual(
    (await destroy({ caseId, act: 7 }, 2)).map(({ body }) => body),
    [{ act: 7, removed: 0, downSeq: 2 }],
  );
  assert.deepEqual(await destroy({ caseId: randomUUID(), act: 7 }, 3), []);
  // The facts stay, and the projections can be built from them anew.
  await branch.restart();
  assert.equal(desk().store.getCase(caseId).result_sha256, result);
});
