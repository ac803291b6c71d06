import assert from 'node:assert/strict';
import { test } from 'node:test';
import { watchCertificates } from '../../central/ingress/certificate-watch.ts';
import { createWarnings } from '../../device/peripherals/warnings.ts';
import type { TokenState } from '../../device/signing/signature-token.ts';
import { watchTerms } from '../../device/technician/certificate-terms.ts';
import { whatEnds } from '../../protocol/certificate-term.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { openTestCentre, silentLog } from '../fixtures/books.ts';
import { testClock } from '../fixtures/test-clock.ts';

const dayMs = 86_400_000;
const now = '2026-11-22T09:00:00.000Z';
const what = { ru: 'проба', en: 'a trial' };
const inDays = (days: number) => new Date(Date.parse(now) + days * dayMs).toISOString();

test('F10 a certificate is told of 60, 30 and 7 days before its end, and after it', () => {
  const told = [400, 61, 60, 31, 30, 8, 7, 1, 0.01, 0, -5].map(days => {
    const ends = whatEnds({ what, until: inDays(days) }, Date.parse(now));
    return ends && `${ends.code} ${ends.step}`;
  });
  const [soon60, soon30, now7] = ['ends-soon 60', 'ends-soon 30', 'ends-now 7'].map(
    end => `certificate.${end}`,
  );
  assert.deepEqual(told, [
    ...[null, null, soon60, soon60, soon30, soon30, now7, now7, now7],
    ...['certificate.ended 0', 'certificate.ended 0'],
  ]);
});

test('F10 the technician sees each certificate of the box that ends, the token and the centre among them', async () => {
  const clock = testClock(now);
  const authority = await createAuthority('Проба: сроки', { days: 365, notBefore: new Date(now) });
  const issue = (commonName: string, days: number) =>
    authority.issue({ commonName, usage: 'tls-client', days, notBefore: new Date(now) });
  const [box, seal, centre] = [
    await issue('mfc-041', 50),
    await issue('mfc-041', 90),
    await issue('centre', 6),
  ];
  let shown: Uint8Array | undefined;
  const terms = watchTerms({
    tls: { ca: authority.certificate, cert: box.certificate },
    ...{ seal: seal.certificateDer, centre: () => shown, nowMs: () => clock.now().getTime() },
  });
  const warnings = createWarnings(clock);
  const view = () => warnings.view(terms.conditions()).map(({ code, error }) => [code, error.details.days]);
  assert.deepEqual(view(), [['certificate.ends-soon', 50]]);
  shown = centre.certificateDer;
  terms.sawToken({ certificate: { notAfter: inDays(20) } } as TokenState);
  assert.deepEqual(view(), [
    ['certificate.ends-now', 6],
    ['certificate.ends-soon', 50],
    ['certificate.ends-soon', 20],
  ]);
  clock.advance(55 * dayMs);
  terms.sawToken({ certificate: null } as TokenState);
  assert.deepEqual(view(), [
    ['certificate.ended', -5],
    ['certificate.ended', -49],
    ['certificate.ends-soon', 35],
  ]);
  assert.deepEqual(
    terms.ofBox().map(({ until }) => until),
    [inDays(50), inDays(90), inDays(365)],
  );
});

test('F10 operators are told of each mark once, of the centre and of every box, in a shape that old boxes lack', async t => {
  const clock = testClock(now);
  const { storage, troubles } = await openTestCentre();
  t.after(() => storage.close());
  const sample = {
    ...{ clock: 'trusted', freeBytes: 1, intake: null, peripherals: [], outbox: [], link: null },
    certificates: [{ what, until: inDays(40) }],
  };
  const { certificates: _, ...old } = sample;
  for (const [box, body] of [['mfc-041', sample], ['mfc-042', old]] as const) // biome-ignore format: one line
    await storage.query
      .insertInto('boxes')
      .values({ box, link: 'connected', since: now, sample: JSON.stringify(body), sampled_at: now })
      .execute();
  const watch = watchCertificates({
    ...{ storage, troubles, clock, log: silentLog, everyMs: 3_600_000 },
    own: [{ what, until: inDays(61) }],
  });
  t.after(watch.stop);
  const told = async () => {
    await watch.look();
    await watch.look();
    return (await troubles.newest(50)).map(({ subject, code }) => `${subject} ${code}`).reverse();
  };
  const first = ['mfc-041 certificate.ends-soon'];
  assert.deepEqual(await told(), first);
  clock.advance(2 * dayMs);
  const second = [...first, 'centre certificate.ends-soon'];
  assert.deepEqual(await told(), second);
  clock.advance(33 * dayMs);
  assert.deepEqual(await told(), [...second, 'centre certificate.ends-soon', 'mfc-041 certificate.ends-now']);
});
