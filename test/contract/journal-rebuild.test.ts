import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { projections } from '../../device/journal/schema.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import { AppError } from '../../protocol/app-error.ts';
import { factBodies, type NewFact } from '../../protocol/facts.ts';
import { usualHallRules } from '../../protocol/hall-rules.ts';
import { buildPackage } from '../../protocol/package/asice.ts';
import { packageMediaType } from '../../protocol/package/metadata.ts';
import {
  clerkAt,
  openBranch,
  rightPin,
  type SigningParties,
  signingParties,
  smallPage,
  type TestBranch,
} from '../fixtures/branch.ts';
import { plainRecogniser } from '../fixtures/plain-recogniser.ts';
import { minuteMs } from '../fixtures/test-clock.ts';

const serviceId = 'inn-certificate'; // requires application and passport
const [first, second] = [clerkAt('1'), clerkAt('2')];
const recogniser = plainRecogniser();
let parties: SigningParties;
let branch: TestBranch;

before(async () => {
  parties = await signingParties();
  branch = await openBranch({ parties, recogniser });
});
after(() => branch.close());

const desk = () => branch.now();
const issue = () => desk().hall.issue({ requestId: randomUUID(), serviceId });

async function tickets(): Promise<string> {
  const served = await issue();
  const [missed] = [await issue(), await issue()];
  branch.simulator.faults.set({ paper: 'out' });
  const untaken = await issue();
  await desk().hall.confirmOnScreen((await issue()).id);
  branch.simulator.faults.clear();
  branch.clock.advance(11 * minuteMs);
  await issue();
  assert.equal(desk().hall.ticket(untaken.id).state, 'abandoned');
  await desk().hall.callNext(first);
  await desk().hall.recall(first, served.id);
  await desk().hall.came(first, served.id);
  await desk().hall.callNext(second);
  await desk().hall.noShow(second, missed?.id ?? '');
  await desk().hall.callNext(second);
  return served.id;
}

async function paper(caseId: string, kind: string, number: number): Promise<string> {
  const documentId = desk().documents.documentFor(caseId, kind);
  const page = { bytes: await smallPage(number), source: 'folder:scan.jpg' };
  await desk().documents.addPage({ caseId, kind, documentId, page });
  desk().documents.recogniseWaiting();
  await settled(documentId);
  return documentId;
}

async function settled(documentId: string): Promise<void> {
  while (desk().store.findDocument(documentId)?.state === 'recognising')
    await new Promise(resolve => setTimeout(resolve, 5));
}

async function documents(caseId: string): Promise<void> {
  await desk().documents.discard(first, await paper(caseId, 'application', 1));
  await paper(caseId, 'application', 2);
  const documentId = await paper(caseId, 'application', 3);
  const [sheet, other] = desk()
    .store.pages(documentId)
    .map(({ sha256 }) => sha256);
  const pages = [
    { sha256: other ?? '', turn: 180 as const },
    { sha256: sheet ?? '', turn: 0 as const },
  ];
  await desk().arrangements.arrange(first, caseId, [{ documentId, kind: 'application', pages }]);
  while (desk().store.findDocument(documentId)?.state === 'recognising')
    await new Promise(resolve => setTimeout(resolve, 5));
  const pdf = desk().store.getDocument(documentId).pdf_sha256 ?? '';
  const own = await parties.applicant.sign(await desk().blobs.get(pdf));
  const signatureOfApplicant = await desk().blobs.put(own, 'application/pkcs7-signature');
  const about = { certificateSerial: '01', by: 'file' as const, clerk: first.login };
  await desk().journal.commit([
    {
      type: 'document.applicant-signed',
      subject: documentId,
      body: { caseId, pdf, signature: signatureOfApplicant, ...about },
    },
  ]);
  const bytes = Buffer.from('<extract number="99/2026"/>');
  const signature = await parties.officer.sign(bytes);
  await desk().originals.add(first, caseId, { kind: 'passport', bytes, signature });
  const original = desk().store.documents(caseId).at(-1)?.id ?? '';
  await settled(original);
  recogniser.trouble = new AppError('capture.timeout', { page: 0 });
  const failed = await paper(caseId, 'passport', 4);
  recogniser.trouble = undefined;
  await desk().documents.recogniseAgain(failed);
  await settled(failed);
  await desk().documents.confirmFields(first, failed, [{ name: 'address', value: 'ул. Учебная, 7' }]);
}

async function result(caseId: string): Promise<void> {
  const { officer } = parties;
  const bytes = Buffer.from('%PDF-1.7 решение');
  const container = await buildPackage({
    documents: [
      { name: 'decision.pdf', mediaType: 'application/pdf', bytes, signature: await officer.sign(bytes) },
    ],
    metadata: { caseId },
    signManifest: manifest => officer.sign(manifest),
  });
  const blob = await desk().blobs.put(container, packageMediaType);
  const bad = await desk().blobs.put(Buffer.from('no container'), packageMediaType);
  const saidAt = branch.clock.now().toISOString();
  const { down } = desk().results;
  await desk().journal.commit(down.status({ caseId, status: 'registered', by: 'agency', saidAt }, 1));
  await desk().journal.commit(await down.result({ caseId, result: bad, saidAt }, 2));
  assert.equal((await desk().views.get(caseId)).trouble?.code, 'package.verification-failed');
  await desk().journal.commit(await down.result({ caseId, result: blob, saidAt }, 3));
  // F21: a centre put back from a copy says everything again under other numbers.
  assert.deepEqual(down.status({ caseId, status: 'registered', by: 'agency', saidAt }, 7), []);
  assert.deepEqual(await down.result({ caseId, result: blob, saidAt }, 8), []);
}

/** What else may happen in a hall, each kind of fact at least once. */
async function hallDay(): Promise<void> {
  const { journal } = desk();
  const by = 'hall';
  const [at, reason, clerk] = [{ window: '1', clerk: first.login }, 'other', first.login];
  const [aside, moved, cancelled] = [randomUUID(), randomUUID(), randomUUID()];
  const about = (subject: string, ...facts: { type: string; body: object }[]) =>
    facts.map(fact => ({ ...fact, subject }) as NewFact);
  const issued = (number: string, more: object) => ({
    type: 'ticket.issued',
    body: { number, serviceId, day: '2026-11-23', requestId: randomUUID(), ...more },
  });
  const called = (call: number, rule = 'due') => ({ type: 'ticket.called', body: { ...at, call, rule } });
  const serving = { type: 'ticket.serving', body: at };
  await journal.commit([
    ...about(
      aside,
      issued('Е01', { purpose: 'consult', privilege: 'veteran', holder: 'ab'.repeat(16) }),
      called(1, 'chosen'),
      { type: 'ticket.held', body: { ...at, why: 'pause', minutes: 5 } },
      { type: 'ticket.returned', body: { by: 'timer' } },
      { type: 'ticket.commented', body: { clerk } },
      called(1),
      { type: 'ticket.no-show', body: { ...at, automatic: true } },
      { type: 'ticket.returned', body: { by: 'person' } },
      { type: 'ticket.changed', body: { clerk, reason, privilege: null, purpose: 'result' } },
      { type: 'ticket.reprinted', body: { clerk, copy: 1 } },
      called(1),
      serving,
      { type: 'ticket.held', body: { ...at, why: 'papers', minutes: null } },
    ),
    ...about(
      moved,
      issued('Е02', { more: ['inn-certificate'], lease: randomUUID(), takenAt: '2026-11-23T07:00:00.000Z' }),
      called(1),
      serving,
      { type: 'ticket.service-added', body: { serviceId: 'passport-issue', clerk } },
      { type: 'ticket.next-service', body: { ...at, where: 'here' } },
      {
        type: 'ticket.transferred',
        body: { ...at, serviceId: 'housing-subsidy', toWindow: '2', comesBack: true },
      },
      called(1),
      serving,
      { type: 'ticket.next-service', body: { ...at, where: 'line' } },
    ),
    ...about(cancelled, issued('Е03', {}), { type: 'ticket.cancelled', body: { by: 'person' } }),
    ...about(
      '1',
      { type: 'window.opened', body: { clerk } },
      { type: 'window.paused', body: { clerk, reason, minutes: 20 } },
      { type: 'window.resumed', body: { clerk } },
      { type: 'window.last-client', body: { clerk } },
      { type: 'window.closed', body: { clerk, by: 'last-client' } },
    ),
    ...about(clerk, { type: 'clerk.skills-set', body: { skills: [{ categoryId: 'taxes', weight: 7 }], by } }),
    ...about(serviceId, { type: 'service.offered', body: { open: true, perDay: 40, reason, by } }),
    ...about('ann-1', {
      type: 'announcement.made',
      body: { announcement: { ru: 'Окно 2 закрыто', en: 'Window 2 is closed' }, until: null, by },
    }),
    ...about(
      'ann-2',
      { type: 'announcement.made', body: { announcement: { ru: 'Проба', en: 'Trial' }, until: null, by } },
      { type: 'announcement.ended', body: { by } },
    ),
    ...about(
      'mfc-900',
      { type: 'hall.rules-adopted', body: { rules: { ...usualHallRules, normMinutes: 15 } } },
      { type: 'hub.took-over', body: { term: 2, from: 'mfc-901', tickets: 7 } },
      { type: 'hub.replaced', body: { term: 3, by: 'mfc-901' } },
      { type: 'hall.day-opened', body: { day: '2026-11-23', by } },
      { type: 'hall.day-closed', body: { day: '2026-11-23', by, left: 0 } },
      { type: 'hall.clerks-told', body: { window: null, by } },
    ),
    ...about(
      randomUUID(),
      { type: 'hall.administrator-called', body: { place: 'kiosk-1' } },
      { type: 'hall.administrator-came', body: { by } },
    ),
    ...about(randomUUID(), {
      type: 'hall.administrator-called',
      body: { place: 'kiosk-2', number: 'Б09', code: 'queue.unknown-service' },
    }),
    ...about(moved, {
      type: 'visit.rated',
      body: { requestId: randomUUID(), marks: [{ aspect: 'wait', mark: 5 }] },
    }),
    ...about(randomUUID(), {
      type: 'numbers.leased',
      body: { station: 'kiosk-2', letter: 'Е', day: '2026-11-23', from: 10, to: 19 },
    }),
  ]);
}

async function appointments(): Promise<void> {
  const ids = [1, 2, 3].map((): string => randomUUID());
  const put = (subject: string, version: number, state: 'booked' | 'cancelled' = 'booked'): NewFact => {
    const slot = { serviceId, day: '2026-11-23', at: version === 1 ? '09:00' : '09:30', slots: 1 };
    const told = { share: 'branch', by: 'branch', version, state } as const;
    return {
      type: 'appointment.put',
      subject,
      body: { code: `000000000${ids.indexOf(subject)}`, ...slot, ...told },
    };
  };
  const [moved = '', come = '', missed = ''] = ids;
  await desk().journal.commit([
    ...[put(moved, 1), put(come, 1), put(missed, 1), put(moved, 2), put(moved, 3, 'cancelled')],
    { type: 'appointment.slip', subject: come, body: { version: 1, outcome: 'printed' } },
    { type: 'appointment.checked-in', subject: come, body: { ticketId: randomUUID() } },
    { type: 'appointment.missed', subject: missed, body: { day: '2026-11-23' } },
    {
      type: 'appointment.slip',
      subject: moved,
      body: { version: 3, outcome: 'failed', code: 'printer.paper-out' },
    },
  ]);
}

function dump(): Record<string, unknown[]> {
  const tables = projections.flatMap(projection => projection.tables);
  return Object.fromEntries(
    tables.map(table => [table, desk().db.prepare(`select * from ${table} order by 1, 2`).all()]),
  );
}

test('projections built again from the facts equal those that grew with them', async () => {
  await desk().journal.commit([
    { type: 'box.started', subject: 'mfc-900', body: { version: 'test', recovered: 0 } },
  ]);
  const ticketId = await tickets();
  const caseId = await desk().cases.open(first, { ticketId, serviceId });
  await documents(caseId);
  await assert.rejects(desk().cases.sign(first, caseId, '000000'), { code: 'token.pin-refused' });
  await desk().cases.sign(first, caseId, rightPin);
  await desk().cases.send(first, caseId);
  await desk().hall.finish(first, ticketId);
  await branch.restart();
  await desk().hall.recover();
  await result(caseId);
  const pdf = await desk().blobs.put(createHash('sha256').update('copy').digest(), 'application/pdf');
  const { result_sha256: resultSha256 } = desk().store.getCase(caseId);
  await desk().journal.commit([
    {
      type: 'case.paper-copy-made',
      subject: caseId,
      body: { copyNumber: 1, pdf, result: resultSha256 ?? '', pages: 2, clerk: first.login },
    },
  ]);
  await desk().results.printCopy(first, caseId, 1);
  await desk().results.handOut(first, caseId);
  assert.equal((await desk().views.get(caseId)).state, 'handed-out');

  const log = randomUUID();
  const parked = (downSeq: number): NewFact => ({
    type: 'downlink.entry-parked',
    subject: log,
    body: { log, downSeq, entryType: 'weather.report', entry: { seq: downSeq } },
  });
  const applied: NewFact = { type: 'downlink.entry-applied', subject: log, body: { log, downSeq: 1 } };
  await desk().journal.commit([parked(1), parked(2), applied]);
  await hallDay();
  await appointments();

  const before = dump();
  for (const [table, rows] of Object.entries(before)) assert.ok(rows.length > 0, table);
  await desk().journal.rebuild();
  assert.deepEqual(dump(), before);
  await branch.restart();
  assert.deepEqual(dump(), before);
  const { facts } = desk().journal.verifyChain();
  assert.equal(facts, desk().journal.head());

  // The history is only worth something while it holds nearly every kind of fact.
  const types = new Set(
    desk()
      .journal.read(0, 1000)
      .map(fact => fact.type),
  );
  const left = Object.keys(factBodies).filter(type => !types.has(type));
  assert.deepEqual(left, [
    'journal.epoch-begun',
    'journal.checkpoint',
    'case.content-destroyed',
    'register.adopted',
    'kinds.rules-changed',
  ]);
});

test('a rebuild that breaks off leaves the projections as they were', async () => {
  const before = dump();
  const { db, journal } = desk();
  db.exec(`create trigger stop before insert on documents begin select raise(abort, 'no'); end`);
  await assert.rejects(() => journal.rebuild(), /no/);
  db.exec('drop trigger stop');
  assert.deepEqual(dump(), before);
});

test('F23 a box whose tables another version made builds them anew from its facts at the start', async () => {
  const before = dump();
  await branch.restart(() => {
    const db = openDatabase(join(branch.dir, 'box.db'));
    db.exec(`drop table paper_copies; alter table pages drop column source;
      update state set value = 'of another version' where key = 'projections'`);
    db.close();
  });
  assert.deepEqual(dump(), before);
});
