import { effect, signal } from '@preact/signals';
import type { CaseView } from '../../protocol/api/cases.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import type { DocumentView, ProposalView } from '../../protocol/api/documents.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { ScannerView, ScanView } from '../../protocol/api/scanning.ts';
import { type Answer, get, ownError, post, put } from '../shared/api.ts';
import { inLanguage, t } from '../shared/language.ts';
import { newId } from '../shared/new-id.ts';
import { postOnce } from '../shared/post-once.ts';
import { heldValue } from '../shared/resource.ts';
import { dropDraft, dropTyped, withTyped } from './drafts.ts';
import type { NextStep } from './next-step.ts';
import { currentScanner } from './scanner.ts';
import { changes, type SortDocument, takenOut } from './sorting.ts';
import {
  caseId,
  chosenDocumentId,
  currentCase,
  queue,
  refreshAll,
  scanners,
  showCase,
  takeCase,
} from './store.ts';

/** The name of the action that is under way; one at a time. */
export const busy = signal<string | null>(null);
/** The last refusal; the next action clears it. */
export const failure = signal<ApiError | null>(null);
export const asked = signal<{ question: string; yes: string; onYes: () => void } | null>(null);
export const dialog = signal<
  | { name: 'pin'; documents: number }
  | { name: 'incoming'; kind: string; title: string }
  | { name: 'sort'; proposal: ProposalView }
  | { name: 'separators' }
  | null
>(null);

// What is asked is asked about the case on the page: the answer must not meet another one.
effect(() => {
  caseId.value;
  dialog.value = asked.value = null;
});

const scanTimeoutMs = 300_000;
const slowTimeoutMs = 120_000;

export async function run<T>(
  name: string,
  work: () => Promise<Answer<T>>,
  onDone: (value: T) => void,
): Promise<void> {
  if (busy.value === name) return;
  if (busy.value !== null) {
    failure.value = ownError('page.busy');
    return;
  }
  const begunAt = document.activeElement;
  busy.value = name;
  failure.value = null;
  const answer = await work();
  busy.value = null;
  failure.value = null;
  if (answer.ok) onDone(answer.value);
  else {
    failure.value = answer.error;
    // The refusal may mean that the page is behind.
    refreshAll();
  }
  // Who went on with the keyboard meanwhile stays where they are: their Enter is for that place.
  const { activeElement } = document;
  if (activeElement === begunAt || activeElement === document.body) focusPrimary();
}

/** After an action Enter is the next right thing again. */
export function focusPrimary(): void {
  if (document.querySelector('dialog[open]') || document.activeElement instanceof HTMLInputElement) return;
  document.querySelector<HTMLElement>('.primary-action')?.focus();
}

const takeQueue = (view: QueueView) => queue.set(view);

export const callNext = () => run('call', () => post<QueueView>('/api/queue/next'), takeQueue);

export function aboutTicket(ticketId: string, what: 'recall' | 'came' | 'no-show'): Promise<void> {
  return run(what, () => postOnce<QueueView>(`/api/tickets/${ticketId}/${what}`), takeQueue);
}

export function askNoShow(ticketId: string, number: string): void {
  asked.value = {
    question: t('clerk.ask.no-show', { number }),
    yes: t('clerk.no-show'),
    onYes: () => void aboutTicket(ticketId, 'no-show'),
  };
}

/** Finishing with a case that was not sent is asked about. */
export function finish(ticketId: string): void {
  // The case of the person who leaves goes from the page with them; it stays in «Мой день».
  const done = () =>
    void run(
      'finish',
      () => postOnce<QueueView>(`/api/tickets/${ticketId}/finish`),
      view => {
        const left = heldValue(queue)?.mine?.caseId;
        takeQueue(view);
        if (left && left === caseId.value) showCase(null);
      },
    );
  if (currentCase.value?.state !== 'open') done();
  else asked.value = { question: t('clerk.ask.finish-open'), yes: t('clerk.finish'), onYes: done };
}

/** Acts on the open case; the answer is the case as it is then. */
function onCase(what: string, body: unknown = {}, timeoutMs = slowTimeoutMs): Promise<void> {
  const id = currentCase.value?.caseId;
  if (!id) return Promise.resolve();
  return run(what, () => post<CaseView>(`/api/cases/${id}/${what}`, body, timeoutMs), takeCase);
}

/** `replaces`: one sheet that takes the place of this page. */
export function scan(kind: string, replaces?: number): Promise<void> {
  const id = currentCase.value?.caseId;
  if (!id) return Promise.resolve();
  const scannerId = currentScanner.value?.id ?? '';
  return run(
    `scan ${kind}`,
    () => post<ScanView>(`/api/cases/${id}/scan`, { kind, scannerId, replaces }, scanTimeoutMs),
    view => {
      // A jam after three pages is both: pages kept and a thing to tell.
      failure.value = view.error;
      if (view.pages > 0) chosenDocumentId.value = view.documentId;
      refreshAll();
    },
  );
}

/** Ends the scan that is under way; its pages so far stay, and `scan` answers. */
export async function stopScan(scannerId: string): Promise<void> {
  const answer = await post<ScannerView[]>(`/api/scanners/${encodeURIComponent(scannerId)}/stop`);
  if (answer.ok) scanners.set(answer.value);
  else failure.value = answer.error;
}

/** The pages as the box would sort them, for the clerk to have the last word. */
export function sortPages(): Promise<void> {
  const id = currentCase.value?.caseId;
  if (!id) return Promise.resolve();
  return run(
    'proposal',
    () => get<ProposalView>(`/api/cases/${id}/proposal`),
    proposal => {
      if (caseId.value === id) dialog.value = { name: 'sort', proposal };
    },
  );
}

export function arrange(documents: SortDocument[]): Promise<void> {
  const id = currentCase.value?.caseId;
  if (!id) return Promise.resolve();
  return run(
    'arrange',
    () => put<CaseView>(`/api/cases/${id}/arrangement`, { documents }),
    view => {
      dialog.value = null;
      takeCase(view);
    },
  );
}

/** One page out of its document; it lies with what was taken out and can be had back where pages are sorted. */
export function takeOutPage(documentId: string, page: number): Promise<void> {
  const view = currentCase.value;
  const seen = view?.documents.find(document => document.documentId === documentId)?.pages[page];
  if (!view || !seen) return Promise.resolve();
  const address = `/api/cases/${view.caseId}`;
  return run(
    'take-out',
    async (): Promise<Answer<CaseView>> => {
      const proposal = await get<ProposalView>(`${address}/proposal`);
      if (!proposal.ok) return proposal;
      const { now } = proposal.value;
      const document = now.findIndex(each => each.documentId === documentId);
      // The page that the clerk saw, or none: the case may have changed since.
      if (now[document]?.pages[page]?.sha256 !== seen.sha256) return await get<CaseView>(address);
      const documents = changes(now, takenOut(now, { document, page }, newId()));
      return await put<CaseView>(`${address}/arrangement`, { documents });
    },
    takeCase,
  );
}

export function takeIncoming(kind: string, files: string[]): Promise<void> {
  dialog.value = null;
  return onCase('documents', { kind, files });
}

/** A file that is passed on as it came; `signature` is the one that lies beside it. */
export function addOriginal(kind: string, file: File, signature: File | undefined): Promise<void> {
  dialog.value = null;
  const form = new FormData();
  form.set('kind', kind);
  form.set('file', file);
  if (signature) form.set('signature', signature);
  return onCase('originals', form);
}

export function confirmFields(documentId: string): Promise<void> {
  const document = currentCase.value?.documents.find(one => one.documentId === documentId);
  if (!document) return Promise.resolve();
  const fields = withTyped(document).map(({ name, value }) => ({ name, value }));
  return run(
    'confirm',
    () => put<CaseView>(`/api/documents/${documentId}/fields`, { fields }),
    view => {
      dropTyped(documentId, fields);
      chosenDocumentId.value = null;
      takeCase(view);
    },
  );
}

export function recognise(documentId: string): Promise<void> {
  return run('recognise', () => post<CaseView>(`/api/documents/${documentId}/recognise`), takeCase);
}

/** The whole document under another line of the checklist; its PDF is made anew. */
export function moveTo(document: DocumentView, kind: string): Promise<void> {
  const caseOf = currentCase.value?.caseId;
  if (!caseOf) return Promise.resolve();
  const { documentId } = document;
  const pages = document.pages.map(({ sha256, turn }) => ({ sha256, turn }));
  const documents = [{ documentId, kind, pages }];
  return run(
    'move',
    () => put<CaseView>(`/api/cases/${caseOf}/arrangement`, { documents }),
    view => {
      dropDraft(documentId);
      takeCase(view);
    },
  );
}

/** A sheet that lies in the scanner takes the place of a page that nobody can read. */
export function askScanAgain(kind: string, page: number): void {
  asked.value = {
    question: t('clerk.ask.scan-again', { count: page + 1 }),
    yes: t('clerk.scan-page-again', { count: page + 1 }),
    onYes: () => void scan(kind, page),
  };
}

export function askDiscard(documentId: string, title: string): void {
  asked.value = {
    question: t('clerk.ask.discard', { title }),
    yes: t('clerk.discard'),
    onYes: () => void run('discard', () => post<CaseView>(`/api/documents/${documentId}/discard`), takeCase),
  };
}

/** Does what the blue button says. */
export function perform(next: NextStep): void {
  switch (next.do) {
    case 'call':
      return void callNext();
    case 'came':
      return void aboutTicket(next.ticketId, 'came');
    case 'open-case': {
      const wish = { ticketId: next.ticketId, serviceId: next.serviceId };
      return void run(
        'open-case',
        () => post<CaseView>('/api/cases', wish),
        view => {
          showCase(view.caseId);
          takeCase(view);
        },
      );
    }
    case 'to-person':
      showCase(next.caseId);
      return;
    case 'scan':
      return void scan(next.kind);
    case 'look':
      chosenDocumentId.value = next.documentId;
      return;
    case 'recognise':
      return void recognise(next.documentId);
    case 'confirm':
      return void confirmFields(next.documentId);
    case 'sign':
      dialog.value = { name: 'pin', documents: next.documents };
      return;
    case 'send':
      asked.value = {
        question: t('clerk.ask.send'),
        yes: t('clerk.do.send'),
        onYes: () => void onCase('send'),
      };
      return;
    case 'paper-copy':
      return void onCase('paper-copy');
    case 'print-again':
      return void onCase(`copies/${next.copyNumber}/print`);
    case 'hand-out':
      asked.value = {
        question: t('clerk.ask.hand-out'),
        yes: t('clerk.do.hand-out'),
        onYes: () => void onCase('hand-out'),
      };
      return;
    case 'finish':
      finish(next.ticketId);
      return;
    case 'sort':
      return void sortPages();
    case 'wait':
    case 'nothing':
      return;
  }
}

/** The words on the blue button. */
export function stepLabel(next: NextStep): string {
  switch (next.do) {
    case 'scan':
      return t('clerk.do.scan', { title: inLanguage(next.title) });
    case 'look':
      return t('clerk.do.look', { title: inLanguage(next.title) });
    case 'confirm':
      return t(next.hasFields ? 'clerk.do.confirm' : 'clerk.do.confirm-none');
    case 'to-person':
      return t('clerk.back-to-person');
    default:
      return t(`clerk.do.${next.do}`);
  }
}
