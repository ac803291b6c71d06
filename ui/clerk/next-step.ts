import type { CaseView, QueueView } from '../../protocol/api.ts';
import type { Text } from '../../protocol/values.ts';

/** What the clerk's one blue button does. */
export type NextStep =
  | { do: 'call' }
  | { do: 'came'; ticketId: string }
  | { do: 'open-case'; ticketId: string; serviceId: string }
  | { do: 'to-person'; caseId: string }
  | { do: 'scan'; kind: string; title: Text }
  | { do: 'wait' }
  | { do: 'confirm'; documentId: string; hasFields: boolean }
  | { do: 'sign'; documents: number }
  | { do: 'send' }
  | { do: 'paper-copy' }
  | { do: 'print-again'; copyNumber: number }
  | { do: 'hand-out' }
  | { do: 'finish'; ticketId: string }
  | { do: 'nothing' };

/** The next right thing, given the queue and the case that is open on the page. */
export function nextStep(queue: QueueView | null, open: CaseView | null): NextStep {
  const mine = queue?.mine ?? null;
  // A called person is on the way: nothing else comes first.
  if (mine?.state === 'called') return { do: 'came', ticketId: mine.ticketId };
  const inCase = open && caseStep(open);
  if (inCase) return inCase;
  if (mine) {
    if (mine.caseId === null)
      return { do: 'open-case', ticketId: mine.ticketId, serviceId: mine.serviceId };
    if (mine.caseId !== open?.caseId) return { do: 'to-person', caseId: mine.caseId };
    return { do: 'finish', ticketId: mine.ticketId };
  }
  return queue && queue.waiting.length > 0 ? { do: 'call' } : { do: 'nothing' };
}

/** What the case itself asks of the clerk; null while it is with others or over. */
function caseStep(open: CaseView): NextStep | null {
  if (open.state === 'result-ready') {
    const copy = open.copies.at(-1);
    if (!copy) return { do: 'paper-copy' };
    return copy.printedOn === null
      ? { do: 'print-again', copyNumber: copy.copyNumber }
      : { do: 'hand-out' };
  }
  return open.state === 'open' ? preparingStep(open) : null;
}

function preparingStep(open: CaseView): NextStep {
  const missing =
    open.checklist.find(line => line.required && line.documentId === null) ??
    (open.documents.length === 0 ? open.checklist[0] : undefined);
  if (missing) return { do: 'scan', kind: missing.kind, title: missing.title };
  const unread = open.documents.find(document => document.state === 'ready' || document.state === 'failed');
  if (unread)
    return { do: 'confirm', documentId: unread.documentId, hasFields: unread.fields.length > 0 };
  if (open.documents.some(document => document.state === 'recognising')) return { do: 'wait' };
  const unsigned = open.documents.filter(document => document.state !== 'signed');
  return unsigned.length > 0 ? { do: 'sign', documents: unsigned.length } : { do: 'send' };
}
