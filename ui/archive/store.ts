import { signal } from '@preact/signals';
import type {
  ActLine,
  ActView,
  ArchiveCaseLine,
  ArchiveCaseView,
  ArchiveView,
} from '../../protocol/api/archive.ts';
import { timeZone } from '../shared/clock.ts';
import { resource } from '../shared/resource.ts';
import { session } from '../shared/session.ts';

export type Tab = 'cases' | 'acts';
export const tab = signal<Tab>('cases');
export const shows = [
  'all',
  'open',
  'due',
  'held',
  'permanent',
  'handed-over',
  'destroyed',
  'failed',
] as const;
export const show = signal<(typeof shows)[number]>('all');
/** Part of a number that is looked for. */
export const number = signal('');
/** Another page may lead to a case: `/archive#{caseId}`. */
export const caseId = signal<string | null>(location.hash.slice(1) || null);
export const actNumber = signal<number | null>(null);

export const overview = resource<ArchiveView>(
  () => '/api/archive',
  ['cases'],
  view => {
    timeZone.value = view.timeZone;
  },
);
export const cases = resource<ArchiveCaseLine[]>(
  () => `/api/archive/cases?show=${show.value}&number=${encodeURIComponent(number.value.trim())}`,
  ['cases'],
);
export const openCase = resource<ArchiveCaseView>(
  () => (caseId.value === null ? null : `/api/archive/cases/${caseId.value}`),
  ['cases'],
);
export const acts = resource<ActLine[]>(() => '/api/archive/acts', ['cases']);
export const openAct = resource<ActView>(
  () => (actNumber.value === null ? null : `/api/archive/acts/${actNumber.value}`),
  ['cases'],
);

export function showCase(id: string): void {
  caseId.value = id;
  openCase.held.value = { kind: 'loading' };
  void openCase.refresh();
}

export function showAct(act: number): void {
  actNumber.value = act;
  openAct.held.value = { kind: 'loading' };
  void openAct.refresh();
}

export function refreshAll(): void {
  for (const each of [overview, cases, openCase, acts, openAct]) void each.refresh();
}

/** Who is logged in; the pages show what is theirs and the server decides. */
export const me = () => (session.value.state === 'in' ? session.value.me : null);
export const keepsArchive = () => me()?.role === 'archivist';
