import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { DocumentView } from '../../protocol/api/documents.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import { nextStep } from '../../ui/clerk/next-step.ts';

const at = '2026-05-12T10:00:00.000Z';
const text = (ru: string) => ({ ru, en: ru });
const line = {
  ticketId: 'ticket-1',
  number: 'П001',
  serviceId: 'passport-issue',
  serviceTitle: text('Паспорт'),
  waitingSince: at,
  doubtful: false,
  purpose: 'submit' as const,
  privilege: null,
  dueAt: at,
  more: [],
  forWindow: null,
  comments: [],
  returns: 0,
};
const free: QueueView = {
  ...{ now: at, waiting: [], mine: null, served: 0, normMinutes: 15 },
  ...{ window: null, aside: [], canCall: false, callable: [], callsLeft: 3 },
  ...{ reasons: [], pauseReasons: [], messages: [], windows: [] },
};
const called: QueueView = {
  ...free,
  mine: { ...line, state: 'called', calledAt: at, calls: 1, servingSince: null, caseId: null },
};
const serving = (caseId: string | null): QueueView => ({
  ...free,
  mine: { ...line, state: 'serving', calledAt: at, calls: 1, servingSince: at, caseId },
});

function document(documentId: string, state: DocumentView['state']): DocumentView {
  return {
    documentId,
    pdfSha256: null,
    kind: documentId,
    title: text(documentId),
    state,
    pages: [],
    characters: 0,
    confidence: 0,
    fields: [],
    error: null,
    signature: null,
    isSignedByApplicant: false,
    original: null,
  };
}

function caseWith(change: Partial<CaseView>): CaseView {
  const documents = change.documents ?? [];
  return {
    caseId: 'case-1',
    number: 'МФЦ-041-2026-000001',
    state: 'open',
    serviceTitle: text('Паспорт'),
    openedAt: at,
    ticketNumber: 'П001',
    checkCode: '000000',
    serviceId: 'passport-issue',
    agency: text('МВД'),
    checklist: ['application', 'photo'].map(kind => ({
      kind,
      title: text(kind),
      note: null,
      required: true,
      documentId: documents.find(one => one.kind === kind)?.documentId ?? null,
    })),
    documents,
    removedPages: 0,
    warnings: [],
    steps: [],
    package: null,
    result: null,
    trouble: null,
    copies: [],
    history: [],
    ...change,
  };
}

test('a free window calls the next person, and does nothing when nobody waits', () => {
  assert.equal(nextStep({ ...free, waiting: [line], canCall: true }, null, null).do, 'call');
  assert.equal(nextStep({ ...free, waiting: [line] }, null, null).do, 'nothing', 'others serve them');
  assert.equal(nextStep(free, null, null).do, 'nothing');
  assert.equal(nextStep(null, null, null).do, 'nothing');
});

test('a called person comes before any case that is open on the page', () => {
  const ready = caseWith({ state: 'result-ready' });
  assert.deepEqual(nextStep(called, ready, null), { do: 'came', ticketId: 'ticket-1' });
});

test('documents are scanned in the order of the checklist, then confirmed, signed and sent', () => {
  const step = (documents: DocumentView[], shown: string | null = null) =>
    nextStep(serving('case-1'), caseWith({ documents }), shown);
  assert.deepEqual(step([]), { do: 'scan', kind: 'application', title: text('application') });
  assert.equal(step([document('application', 'ready')], 'application').do, 'scan');
  assert.equal(step([document('application', 'recognising'), document('photo', 'recognising')]).do, 'wait');
  assert.equal(step([document('application', 'confirmed'), document('photo', 'confirmed')]).do, 'sign');
  assert.equal(step([document('application', 'signed'), document('photo', 'signed')]).do, 'send');
});

test('a pile is sorted before anything else is scanned, once it was read', () => {
  const pile = (state: 'recognising' | 'ready') =>
    nextStep(null, caseWith({ documents: [document('pile', state)] }), null);
  assert.deepEqual(pile('ready'), { do: 'sort' });
  assert.deepEqual(pile('recognising'), { do: 'wait' });
});

test('only a document that the clerk sees can be confirmed', () => {
  const open = caseWith({ documents: [document('application', 'ready'), document('photo', 'confirmed')] });
  assert.equal(nextStep(serving('case-1'), open, 'application').do, 'confirm');
  assert.deepEqual(nextStep(serving('case-1'), open, 'photo'), {
    do: 'look',
    documentId: 'application',
    title: text('application'),
  });
});

test('LED-3.18 a result is copied to paper, printed again after a failure, and only then handed out', () => {
  const copy = { copyNumber: 1, ofThisResult: true, pdfSha256: 'a'.repeat(64), madeAt: at, printedOn: null };
  const step = (copies: CaseView['copies']) =>
    nextStep(free, caseWith({ state: 'result-ready', copies }), null);
  assert.equal(step([]).do, 'paper-copy');
  assert.deepEqual(step([copy]), { do: 'print-again', copyNumber: 1 });
  assert.equal(step([{ ...copy, printedOn: 'laser' }]).do, 'hand-out');
  // A copy of a result that was replaced since does not count.
  assert.equal(step([{ ...copy, printedOn: 'laser', ofThisResult: false }]).do, 'paper-copy');
});

test('after sending the visit is finished; from another case the way leads back to the person', () => {
  const sent = caseWith({ state: 'sent' });
  assert.equal(nextStep(serving('case-1'), sent, null).do, 'finish');
  assert.deepEqual(nextStep(serving('case-2'), sent, null), { do: 'to-person', caseId: 'case-2' });
  assert.equal(nextStep(serving(null), null, null).do, 'open-case');
});

test('a document that could not be read is recognised again, never confirmed', () => {
  const failed = caseWith({
    documents: [document('application', 'failed'), document('photo', 'confirmed')],
  });
  assert.deepEqual(nextStep(free, failed, 'application'), { do: 'recognise', documentId: 'application' });
});
