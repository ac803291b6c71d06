import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { readParkedEntries } from '../../device/journal/parked-entries.ts';
import { type JudgeFact, judgeFact, type NewFact } from '../../protocol/facts.ts';
import {
  encodeMessage,
  type JudgeDownEntry,
  judgeDownEntry,
  type NewDownEntry,
  protocolVersion,
} from '../../protocol/messages.ts';
import { factNaming, openTestJournal, plainFact } from '../fixtures/books.ts';
import { type Centre, folder, layLine, startBox, startCentre, synced, until } from './sync-setting.ts';

/** A version from before these types of facts were known. */
const before =
  (...types: string[]): JudgeFact =>
  fact =>
    types.includes(fact.type) ? 'unknown-type' : judgeFact(fact);
/** A version from before these types of entries were known. */
const withoutEntries =
  (...types: string[]): JudgeDownEntry =>
  entry =>
    types.includes(entry.type) ? 'unknown-type' : judgeDownEntry(entry);

const ticketId = randomUUID();
const about = (type: string, body: object) => ({ type, subject: ticketId, body }) as NewFact;
const issued = about('ticket.issued', {
  ...{ number: 'А1', serviceId: 's', day: '2026-11-22', requestId: randomUUID() },
});
const done = about('ticket.done', { window: '1', clerk: 'clerk' });
const serving = about('ticket.serving', { window: '1', clerk: 'clerk' });

const parked = async (centre: Centre) =>
  (await centre.storage.query.selectFrom('parked_facts').select('type').orderBy('seq').execute()).map(
    ({ type }) => type,
  );
const ticketState = async (centre: Centre) =>
  (await centre.storage.query.selectFrom('tickets').select('state').executeTakeFirst())?.state;
const codes = async (centre: Centre) => (await centre.troubles.newest(9)).map(({ code }) => code);

test('F23 new box, old centre: facts of an unknown type are receipted and parked, and read after the update', async t => {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const old = await startCentre(t, centreDir, before('ticket.issued', 'ticket.serving'));
  const line = await layLine(t, old);
  const box = await startBox(t, boxDir, line);
  await box.journal.commit([issued, plainFact(), serving, done]);
  box.link.start();
  await synced(box);
  assert.deepEqual([await parked(old), await ticketState(old)], [['ticket.issued', 'ticket.serving'], undefined]); // biome-ignore format: one line
  assert.deepEqual(await codes(old), ['sync.facts-parked', 'sync.facts-parked']);
  line.lead(undefined);
  await old.stop();
  const updated = await startCentre(t, centreDir);
  assert.deepEqual([await parked(updated), await ticketState(updated)], [[], 'done']);
  line.lead(updated);
  await box.journal.commit([plainFact()]);
  await synced(box);
  assert.deepEqual(await updated.ledger.facts(box.box, box.journal.epoch), box.journal.read(0, 100));
});

test('F23 an update in two steps reads what it can and leaves the rest parked', async t => {
  const dir = await folder(t);
  const first = await startCentre(t, dir, before('ticket.issued', 'ticket.done'));
  const box = await startBox(t, await folder(t), await layLine(t, first));
  await box.journal.commit([issued, done]);
  box.link.start();
  await synced(box);
  await box.stop();
  await first.stop();
  const second = await startCentre(t, dir, before('ticket.done'));
  assert.deepEqual([await parked(second), await ticketState(second)], [['ticket.done'], 'issued']);
  await second.stop();
  const third = await startCentre(t, dir);
  assert.deepEqual([await parked(third), await ticketState(third)], [[], 'done']);
});

test('F23 content that a parked fact names is asked for after the update, also when the fact was receipted', async t => {
  const [dir, boxDir] = [await folder(t), await folder(t)];
  const old = await startCentre(t, dir, before('case.sent'));
  const line = await layLine(t, old);
  const box = await startBox(t, boxDir, line);
  line.content.target = undefined;
  const content = await box.blobs.put(randomBytes(5000), 'application/octet-stream');
  await box.journal.commit([plainFact(), factNaming(content), plainFact()]);
  box.link.start();
  await synced(box);
  await box.stop();
  await old.stop();
  const updated = await startCentre(t, dir);
  line.lead(updated);
  const journals = () => updated.ledger.journals(box.box);
  assert.deepEqual(await journals(), [{ epoch: box.journal.epoch, upTo: 1, stored: 3 }]);
  const restarted = await startBox(t, boxDir, line);
  restarted.link.start();
  await until('the content', () => updated.blobs.has(content.sha256));
  await until('receipted', async () => (await journals())[0]?.upTo === 3);
});

test('F23 a body that a newer protocol shaped otherwise is parked, the same from our own version is poison', async t => {
  const centre = await startCentre(t, await folder(t));
  const { journal } = openTestJournal();
  await journal.commit([plainFact(), plainFact()]);
  const [one, other] = journal.read(0, 2).map(fact => ({ ...fact, body: { ...fact.body, clerk: 7 } }));
  const { epoch } = journal;
  await centre.sessions.facts('mfc-041', encodeMessage({ v: protocolVersion + 1, epoch, facts: [one] }));
  await centre.sessions.facts('mfc-041', encodeMessage({ v: protocolVersion, epoch, facts: [other] }));
  const { stored, refused } = await centre.ledger.receipt('mfc-041', epoch);
  assert.deepEqual([stored, refused, await parked(centre)], [2, [2], ['token.pin-refused']]);
});

const caseId = randomUUID();
const status = (word: string): NewDownEntry => ({
  type: 'case.status',
  body: { caseId, status: word, by: 'agency', saidAt: new Date().toISOString() },
});

test('F23 old box, new centre: unknown entries are parked, told, and applied after the update of the box', async t => {
  const [centreDir, boxDir] = [await folder(t), await folder(t)];
  const centre = await startCentre(t, centreDir);
  const line = await layLine(t, centre);
  const content = await centre.blobs.put(Buffer.from('{}'), 'application/json');
  const published: NewDownEntry = { type: 'register.published', body: { version: 7, content } };
  for (const entry of [status('s1'), published, status('s3')]) await centre.tell('mfc-041', entry);
  const types = ({ journal }: { journal: typeof old.journal }) =>
    journal.read(0, 100).map(({ type }) => type);
  const old = await startBox(t, boxDir, line, { judge: withoutEntries('register.published') });
  old.link.start();
  await synced(old);
  await until('receipted', async () => (await centre.downLogs.log('mfc-041')).receipted === 3);
  await synced(old);
  const said = 'case.status-received';
  assert.deepEqual(types(old), [said, 'downlink.entry-parked', said]);
  await until('told', async () => (await codes(centre)).includes('sync.entries-parked'));
  assert.equal(readParkedEntries(old.db).length, 1);
  await old.stop();

  const updated = await startBox(t, boxDir, line);
  updated.link.start();
  await until('applied', () => types(updated).length === 5);
  assert.deepEqual(types(updated).slice(3), ['register.adopted', 'downlink.entry-applied']);
  assert.deepEqual(readParkedEntries(updated.db), []);
  await updated.stop();
  const again = await startBox(t, boxDir, line);
  again.link.start();
  await until('connected', () => again.link.state().state === 'connected');
  assert.equal(types(again).length, 5, 'once');
});

test('F23 birth and watermark tell what each side reads', async t => {
  const centre = await startCentre(t, await folder(t));
  const box = await startBox(t, await folder(t), await layLine(t, centre));
  box.link.start();
  await until('born', () => centre.births.length > 0);
  assert.deepEqual(centre.births[0]?.knows, [
    'register.published',
    'case.status',
    'case.result',
    'appointment.put',
    'content.wanted',
    'case.destroyed',
  ]);
});
