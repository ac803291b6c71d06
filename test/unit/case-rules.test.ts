import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type CaseProgress,
  caseNumber,
  currentStep,
  fitsPackage,
  missingKinds,
  stepLine,
} from '../../device/core/case-rules.ts';
import type { CaseState, CaseStep } from '../../protocol/api/cases.ts';
import type { DocumentState } from '../../protocol/api/documents.ts';
import type { RequiredDocument } from '../../protocol/register.ts';

const line = (kind: string, required: boolean): RequiredDocument => ({
  ...{ kind, required },
  title: { ru: kind, en: kind },
});
const checklist = [line('application', true), line('passport', true), line('contract', false)];
const progress = (state: CaseState, documents: DocumentState[], more: Partial<CaseProgress> = {}) => ({
  ...{ state, missing: 0, copies: 0 },
  documents: documents.map(each => ({ state: each })),
  ...more,
});

test('case numbers name branch, year and six digits, and grow past them', () => {
  assert.equal(caseNumber('ПР-041', 2026, 123), 'ПР-041-2026-000123');
  assert.equal(caseNumber('ПР-041', 2026, 1_234_567), 'ПР-041-2026-1234567');
});

describe('KEM-10 the checklist', () => {
  const kinds = (documents: { kind: string }[]) => missingKinds(checklist, documents).map(({ kind }) => kind);

  test('asks for what is required and never for what is not', () => {
    assert.deepEqual(kinds([]), ['application', 'passport']);
    assert.deepEqual(kinds([{ kind: 'passport' }]), ['application']);
    assert.deepEqual(kinds([{ kind: 'passport' }, { kind: 'application' }]), []);
  });

  test('is not satisfied by a document of another kind, however many', () => {
    assert.deepEqual(kinds([{ kind: 'contract' }, { kind: 'contract' }]), ['application', 'passport']);
  });
});

describe('KEM-7 the step that is open', () => {
  const steps: [what: string, progress: CaseProgress, step: CaseStep | 'finished'][] = [
    ['nothing is there yet', progress('open', []), 'documents'],
    ['something required is missing', progress('open', ['signed'], { missing: 1 }), 'documents'],
    ['a page is being recognised', progress('open', ['ready', 'recognising']), 'documents'],
    ['a page could not be recognised', progress('open', ['ready', 'failed']), 'documents'],
    ['fields are not confirmed', progress('open', ['ready', 'confirmed']), 'documents'],
    ['everything is confirmed', progress('open', ['confirmed', 'confirmed']), 'sign'],
    ['some are signed', progress('open', ['signed', 'confirmed']), 'sign'],
    ['all are signed', progress('open', ['signed', 'signed']), 'send'],
    ['the package is on its way', progress('sent', ['signed']), 'agency'],
    ['the agency works', progress('in-agency', ['signed']), 'agency'],
    ['the package was refused', progress('refused', ['signed']), 'agency'],
    ['the result is there', progress('result-ready', ['signed']), 'result'],
    ['its copy is printed', progress('result-ready', ['signed'], { copies: 1 }), 'hand-out'],
    ['the person has it', progress('handed-out', ['signed'], { copies: 1 }), 'finished'],
  ];
  for (const [what, state, step] of steps)
    test(`is ${step} when ${what}`, () => assert.equal(currentStep(state), step));

  test('stands between those that are done and those ahead', () => {
    assert.deepEqual(
      stepLine(progress('open', ['confirmed'])).map(({ state }) => state),
      ['done', 'done', 'current', 'ahead', 'ahead', 'ahead', 'ahead'],
    );
    assert.ok(stepLine(progress('handed-out', [])).every(({ state }) => state === 'done'));
  });
});

test('as many documents are signed as one package holds, with the applicant’s signatures and those that came with them', () => {
  const plain = { pdf_bytes: 1000, original_signature_sha256: null };
  const original = { pdf_bytes: 1000, original_signature_sha256: 'a'.repeat(64) };
  const many = (count: number, document: typeof plain | typeof original) =>
    fitsPackage(Array.from({ length: count }, () => document));
  assert.deepEqual([many(164, plain), many(165, plain)], [true, false]);
  assert.deepEqual([many(98, original), many(99, original)], [true, false]);
  const large = { ...plain, pdf_bytes: 200 * 1024 * 1024 };
  assert.deepEqual([many(2, large), many(3, large)], [true, false]);
});
