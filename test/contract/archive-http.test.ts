import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { test } from 'node:test';
import { keepAudit } from '../../central/audit/audit-keeper.ts';
import { openAuditLog } from '../../central/audit/audit-log.ts';
import { proveFrom } from '../../central/audit/prove.ts';
import type { ArchiveCaseView, ArchiveView } from '../../protocol/api/archive.ts';
import { auditFaults } from '../../protocol/audit/proof.ts';
import { allBelow, attributeOf } from '../../protocol/xml/nodes.ts';
import { parseXml } from '../../protocol/xml/parse.ts';
import { createAuthority } from '../../provisioning/certificates/authority.ts';
import { silentLog } from '../fixtures/books.ts';
import { openArchiveServer } from './archive-server.ts';
import { services } from './archive-setting.ts';
import { until } from './sync-setting.ts';

const reason = { reason: 'Срок вышел' };

test('LED-2.7 each role may do what is its own and nothing else', async t => {
  const { archive, code } = await openArchiveServer(t);
  const { caseId, package: sent } = await archive.arrive();
  await archive.handOut(caseId);
  await archive.intake.round();
  archive.clock.set('2028-01-01T00:00:00.000Z');
  const seen = ['', '/cases', `/cases/${caseId}`, '/acts'];
  const kept: [string, object][] = [
    [`/cases/${caseId}/holds`, reason],
    ['/holds/1/lift', reason],
    ['/acts', { ...reason, kind: 'destruction' }],
    ['/acts/1/approve', {}],
    ['/acts/1/reject', reason],
  ];
  for (const login of ['anna', 'olga', 'irina'])
    for (const url of seen) assert.equal(await code(login, url), 'ok', `${login} ${url}`);
  for (const login of ['clerk', 'nobody'])
    for (const url of [...seen, `/cases/${caseId}/${sent}/original?why=test`])
      assert.equal(await code(login, url), login === 'clerk' ? 'access.forbidden' : 'access.login-required');
  for (const login of ['olga', 'irina', 'clerk'])
    for (const [url, body] of kept)
      assert.equal(await code(login, url, body), 'access.forbidden', `${login} ${url}`);
  assert.deepEqual(await archive.events(caseId), ['package-verified', 'result-received']);
  assert.equal(await code('anna', `/cases/${caseId}/holds`, { reason: '   ' }), 'internal.bad-request');
  assert.equal(await code('anna', `/cases/${caseId}/holds`, reason), 'ok');
  assert.equal(await code('anna', '/acts', { ...reason, kind: 'destruction' }), 'archive.nothing-due');
  assert.equal(await code('anna', '/holds/1/lift', reason), 'ok');
  assert.equal(await code('anna', '/acts', { ...reason, kind: 'destruction' }), 'ok');
  assert.equal(await code('anna', '/acts/1/approve', {}), 'archive.second-person');
  assert.equal(await code('boris', '/acts/1/approve', {}), 'ok');
});

test('LED-2.7, RSX-trace each look stands in the history of the case before a byte is given, and is proved by the audit log', async t => {
  const { archive, ask, code } = await openArchiveServer(t);
  const { caseId, number, package: sent, result } = await archive.arrive();
  await archive.intake.round();
  const path = `/cases/${caseId}/${sent}/original`;
  // The seal is of today.
  archive.clock.set(new Date().toISOString());
  assert.equal(await code('olga', path), 'archive.reason-needed');
  assert.equal(await code('irina', `${path}?why=%20%20`), 'archive.reason-needed');
  assert.equal(await code('anna', `/cases/${caseId}/${sent}/readable`), 'archive.copy-not-ready');
  assert.equal(await code('anna', `/cases/${caseId}/${'0'.repeat(64)}/original`), 'internal.not-found');
  const given = await ask('olga', `${path}?why=${encodeURIComponent('Вопрос заявителя')}`);
  assert.equal(given.body, `package ${caseId}`);
  assert.equal((await ask('anna', `/cases/${caseId}/${result}/original`)).body, `result ${caseId}`);
  const view = (await ask('irina', `/cases/${caseId}`)).json() as ArchiveCaseView;
  assert.deepEqual(
    view.looks.map(({ event, by, note }) => [event, by, note]),
    [
      ['archive-look-result', 'anna', null],
      ['archive-look-package', 'olga', 'Вопрос заявителя'],
    ],
  );

  const authority = await createAuthority('Проба: печати');
  const issued = await authority.issue({ commonName: 'centre', usage: 'signing', days: 2 });
  const seal = {
    ...{ name: 'centre', certificate: issued.certificateDer, key: createPrivateKey(issued.privateKey ?? '') },
  };
  const { storage, clock } = archive;
  const audit = openAuditLog(storage, clock);
  const everyMs = { sign: 10, heads: 1000, stamp: 1000 };
  const troubles = { raise: async () => {}, newest: async () => [] };
  const keeper = keepAudit({ storage, audit, seal, troubles, everyMs, clock, log: silentLog });
  t.after(() => keeper.stop());
  await until('the looks are signed', async () => ((await audit.newest())?.size ?? 0) >= 4);
  const proof = await proveFrom(storage, audit, { cases: [number] });
  assert.deepEqual(auditFaults(proof, { anchors: [authority.certificateDer] }), []);
  assert.match(proof.entries.map(({ entry }) => entry).join(), /"by":"olga".*archive-look-package.*Вопрос/);
  await keeper.stop();
});

test('LED-4.1, LED-4.2 acts are documents: XML that a program reads and PDF/A for people; a destroyed package is told as such', async t => {
  const { archive, ask, code } = await openArchiveServer(t);
  const { caseId, package: sent } = await archive.arrive();
  const second = await archive.arrive({ serviceId: services.permanent });
  for (const each of [caseId, second.caseId]) await archive.handOut(each);
  await archive.intake.round();
  archive.clock.set('2028-01-01T00:00:00.000Z');
  const odd = 'Срок <вышел> & "всё"';
  assert.equal(await code('anna', '/acts', { kind: 'destruction', reason: odd }), 'ok');
  assert.equal(await code('boris', '/acts/1/approve', {}), 'ok');
  await until('the act is done', async () => (await ask('irina', '/acts/1')).json().state === 'done');
  const { root } = parseXml(Buffer.from((await ask('irina', '/acts/1/list.xml')).body));
  assert.deepEqual([attributeOf(root, 'reason'), attributeOf(root, 'state')], [odd, 'done']);
  const listed = [...allBelow(root)].filter(({ name }) => name === 'entry');
  assert.deepEqual(
    listed.map(entry => [attributeOf(entry, 'outcome'), attributeOf(entry, 'sha256') === sent]),
    [
      ['destroyed', true],
      ['destroyed', false],
    ],
  );
  const pdf = (await ask('irina', '/acts/1/list.pdf')).rawPayload;
  assert.match(pdf.toString('latin1'), /^%PDF-1\.7[\s\S]*<pdfaid:part>2/);
  assert.equal(await code('anna', `/cases/${caseId}/${sent}/original`), 'archive.destroyed');

  const figures = (await ask('irina', '')).json() as ArchiveView;
  assert.deepEqual([figures.kept, figures.permanent, figures.destroyed, figures.due], [2, 2, 2, 0]);
  const numbers = async (query: string) =>
    ((await ask('irina', `/cases?${query}`)).json() as { number: string }[]).map(({ number }) => number);
  assert.deepEqual(await numbers('show=permanent'), [second.number]);
  assert.deepEqual(await numbers(`number=${encodeURIComponent(second.number.slice(1))}`), [second.number]);
  assert.equal((await numbers('show=destroyed')).length, 1);
  for (const show of ['open', 'due', 'held', 'failed']) assert.deepEqual(await numbers(`show=${show}`), []);
});
