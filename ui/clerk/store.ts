import { computed, effect, signal } from '@preact/signals';
import type { DevicesView } from '../../protocol/api/box.ts';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { CaseLine, CaseView, SearchView } from '../../protocol/api/cases.ts';
import type { DocumentView } from '../../protocol/api/documents.ts';
import type { QueueView } from '../../protocol/api/queue.ts';
import type { ScannerView } from '../../protocol/api/scanning.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { heldValue, resource } from '../shared/resource.ts';
import { asEdited } from './drafts.ts';
import { nextStep } from './next-step.ts';
import { register } from './services.ts';

/** The case on the page; it is in the address too, so that a reload comes back to it. */
export const caseId = signal<string | null>(readHash());
/** A document that the clerk chose; otherwise the page shows the one that needs a look. */
export const chosenDocumentId = signal<string | null>(null);

/** What the clerk searched for, and the document that was chosen among what was found. */
export const searchedFor = signal<{ documentId: string; query: string; page: number } | null>(null);

let lastTicketId: string | null = null;

export const queue = resource<QueueView>(
  () => '/api/queue',
  ['queue', 'cases'],
  view => {
    agreeClock(view.now);
    followPerson(view.mine);
  },
);
export const cases = resource<CaseLine[]>(() => '/api/cases', ['cases']);
export const openCase = resource<CaseView>(
  () => (caseId.value === null ? null : `/api/cases/${caseId.value}`),
  ['cases'],
);
export const devices = resource<DevicesView>(() => '/api/devices', ['devices', 'link']);
export const scanners = resource<ScannerView[]>(() => '/api/scanners', ['devices']);
export const branch = resource<BranchView>(
  () => '/api/branch',
  ['register'],
  view => {
    timeZone.value = view.timeZone;
  },
);

/** The case's view, only when it is the one that is chosen. */
export const currentCase = computed<CaseView | null>(() => {
  const view = heldValue(openCase);
  return view && view.caseId === caseId.value ? { ...view, documents: view.documents.map(asEdited) } : null;
});

/** What a scanner is drawing for the case on the page. */
export const currentScan = computed(() => {
  const scanner = heldValue(scanners)?.find(({ scan }) => scan !== null && scan.caseId === caseId.value);
  return scanner?.scan ? { ...scanner.scan, scannerId: scanner.id } : null;
});

export const currentDocument = computed<DocumentView | null>(() => {
  const documents = currentCase.value?.documents ?? [];
  const growing = documents.find(document => document.documentId === currentScan.value?.documentId);
  if (growing) return growing;
  const chosen = documents.find(document => document.documentId === chosenDocumentId.value);
  const needsLook = documents.find(document => document.state === 'ready' || document.state === 'failed');
  return chosen ?? needsLook ?? documents.at(-1) ?? null;
});

export const step = computed(() =>
  nextStep(heldValue(queue), currentCase.value, currentDocument.value?.documentId ?? null),
);

export function showCase(id: string | null, documentId: string | null = null): void {
  chosenDocumentId.value = documentId;
  if (caseId.value === id) return;
  caseId.value = id;
  openCase.held.value = { kind: 'loading' };
  void openCase.refresh();
}

export function showFound({ caseId, documentId, page }: SearchView['hits'][number], query: string): void {
  searchedFor.value = { documentId, page, query };
  showCase(caseId, documentId);
}

/** Takes the case as an action returned it; who looks at another one by now goes on looking at that. */
export function takeCase(view: CaseView): void {
  if (caseId.value === view.caseId) openCase.set(view);
  void cases.refresh();
  void queue.refresh();
}

export function refreshAll(): void {
  for (const each of [queue, cases, openCase, devices, scanners, branch, register]) void each.refresh();
}

/** A newly called person takes the middle of the page; their case follows when it is opened. */
function followPerson(mine: QueueView['mine']): void {
  if (mine && mine.ticketId !== lastTicketId && lastTicketId !== null) showCase(mine.caseId);
  else if (mine?.caseId && caseId.value === null) showCase(mine.caseId);
  lastTicketId = mine?.ticketId ?? '';
}

function readHash(): string | null {
  return /^#case=([0-9a-f-]+)$/.exec(location.hash)?.[1] ?? null;
}

effect(() => {
  const hash = caseId.value === null ? '' : `#case=${caseId.value}`;
  if (location.hash !== hash) history.replaceState(null, '', `${location.pathname}${hash}`);
});
