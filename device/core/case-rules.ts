import type { CaseState, CaseStep } from '../../protocol/api/cases.ts';
import type { DocumentState } from '../../protocol/api/documents.ts';
import { limits } from '../../protocol/limits.ts';
import type { RequiredDocument } from '../../protocol/register.ts';

/** `МФЦ-041-2026-000123`: branch code, year of the branch, running number. */
export function caseNumber(branchCode: string, year: number, running: number): string {
  return `${branchCode}-${year}-${String(running).padStart(6, '0')}`;
}

/** Kinds of the checklist that are required and not there yet. */
export function missingKinds(
  checklist: readonly RequiredDocument[],
  documents: readonly { kind: string }[],
): RequiredDocument[] {
  return checklist.filter(line => line.required && !documents.some(document => document.kind === line.kind));
}

/** Type, application, manifest and the seal of a package, with room for what may come. */
const entriesBesides = 8;
/** A signature with its chain and the entry's own headers; those that come are not known before. */
const signatureBytes = 64 * 1024;

/**
 * Whether one package can hold the documents, each with the signatures that it has or may get. What is signed
 * stays as it is, so it has to be known before: a case that can neither be sent nor sorted anew helps nobody.
 */
export function fitsPackage(
  documents: readonly { pdf_bytes: number | null; original_signature_sha256: string | null }[],
): boolean {
  let [entries, bytes] = [entriesBesides, 0];
  for (const { pdf_bytes, original_signature_sha256: companion } of documents) {
    entries += companion === null ? 3 : 5;
    bytes += (pdf_bytes ?? 0) + 2 * signatureBytes;
  }
  return entries <= limits.packageEntries && bytes <= limits.packageBytes;
}

const order: CaseStep[] = ['call', 'documents', 'sign', 'send', 'agency', 'result', 'hand-out'];

export interface CaseProgress {
  state: CaseState;
  documents: readonly { state: DocumentState }[];
  missing: number;
  copies: number;
}

/** The step that is open now, for the line across the clerk's page. */
export function currentStep({ state, documents, missing, copies }: CaseProgress): CaseStep | 'finished' {
  if (state === 'handed-out') return 'finished';
  if (state === 'result-ready') return copies > 0 ? 'hand-out' : 'result';
  if (state === 'sent' || state === 'in-agency' || state === 'refused') return 'agency';
  const unread = documents.some(document => document.state !== 'confirmed' && document.state !== 'signed');
  if (missing > 0 || documents.length === 0 || unread) return 'documents';
  return documents.every(document => document.state === 'signed') ? 'send' : 'sign';
}

export function stepLine(progress: CaseProgress): { step: CaseStep; state: 'done' | 'current' | 'ahead' }[] {
  const current = currentStep(progress);
  const position = current === 'finished' ? order.length : order.indexOf(current);
  return order.map((step, index) => ({
    step,
    state: index < position ? 'done' : index === position ? 'current' : 'ahead',
  }));
}
