import type { CaseView } from '../../protocol/api/cases.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { Text } from '../../protocol/values.ts';
import { pileKind } from './sorting.ts';

/** What the clerk's one blue button does. */
export type NextStep =
  | { do: 'call' }
  | { do: 'came'; ticketId: string }
  | { do: 'open-case'; ticketId: string; serviceId: string }
  | { do: 'to-person'; caseId: string }
  | { do: 'scan'; kind: string; title: Text }
  /** Pages of the pile wait for their documents. */
  | { do: 'sort' }
  | { do: 'wait' }
  /** Another document than the one on the page is still to be looked through. */
  | { do: 'look'; documentId: string; title: Text }
  | { do: 'confirm'; documentId: string; hasFields: boolean }
  /** Nothing was read: there is nothing to confirm yet. */
  | { do: 'recognise'; documentId: string }
  | { do: 'sign'; documents: number }
  | { do: 'send' }
  | { do: 'paper-copy' }
  | { do: 'print-again'; copyNumber: number }
  | { do: 'hand-out' }
  | { do: 'finish'; ticketId: string }
  | { do: 'nothing' };

/**
 * The next right thing, given the queue, the case that is open and the document that the page shows: only
 * fields that the clerk can see may be confirmed.
 */
export function nextStep(
  queue: QueueView | null,
  open: CaseView | null,
  shownDocumentId: string | null,
): NextStep {
  const mine = queue?.mine ?? null;
  // A called person is on the way: nothing else comes first.
  if (mine?.state === 'called') return { do: 'came', ticketId: mine.ticketId };
  const inCase = open && caseStep(open, shownDocumentId);
  if (inCase) return inCase;
  if (mine) {
    if (mine.caseId === null) return { do: 'open-case', ticketId: mine.ticketId, serviceId: mine.serviceId };
    if (mine.caseId !== open?.caseId) return { do: 'to-person', caseId: mine.caseId };
    return { do: 'finish', ticketId: mine.ticketId };
  }
  // Others may wait for services that this clerk does not give.
  return queue?.canCall ? { do: 'call' } : { do: 'nothing' };
}

/** What the case itself asks of the clerk; null while it is with others or over. */
function caseStep(open: CaseView, shownDocumentId: string | null): NextStep | null {
  if (open.state === 'result-ready') {
    const copy = open.copies.findLast(({ ofThisResult }) => ofThisResult);
    if (!copy) return { do: 'paper-copy' };
    return copy.printedOn === null ? { do: 'print-again', copyNumber: copy.copyNumber } : { do: 'hand-out' };
  }
  return open.state === 'open' ? preparingStep(open, shownDocumentId) : null;
}

function preparingStep(open: CaseView, shownDocumentId: string | null): NextStep {
  const pile = open.documents.find(({ kind }) => kind === pileKind);
  if (pile) return { do: pile.state === 'recognising' ? 'wait' : 'sort' };
  const missing =
    open.checklist.find(line => line.required && line.documentId === null) ??
    (open.documents.length === 0 ? open.checklist[0] : undefined);
  if (missing) return { do: 'scan', kind: missing.kind, title: missing.title };
  const unread = open.documents.filter(({ state }) => state === 'ready' || state === 'failed');
  const shown = unread.find(({ documentId }) => documentId === shownDocumentId);
  if (shown?.state === 'failed') return { do: 'recognise', documentId: shown.documentId };
  if (shown) return { do: 'confirm', documentId: shown.documentId, hasFields: shown.fields.length > 0 };
  const [other] = unread;
  if (other) return { do: 'look', documentId: other.documentId, title: other.title };
  if (open.documents.some(document => document.state === 'recognising')) return { do: 'wait' };
  const unsigned = open.documents.filter(document => document.state !== 'signed');
  return unsigned.length > 0 ? { do: 'sign', documents: unsigned.length } : { do: 'send' };
}
