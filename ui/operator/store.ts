import { signal } from '@preact/signals';
import type { CentreCaseLine, CentreCaseView, RegionView } from '../../protocol/api/centre.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { resource } from '../shared/resource.ts';

/** The case whose history is open. */
export const caseId = signal<string | null>(null);

export const region = resource<RegionView>(
  () => '/api/region',
  ['queue', 'board', 'cases', 'devices', 'link', 'register'],
  view => {
    timeZone.value = view.timeZone;
    agreeClock(view.now);
  },
);
export const cases = resource<CentreCaseLine[]>(() => '/api/cases', ['cases']);
export const openCase = resource<CentreCaseView>(
  () => (caseId.value === null ? null : `/api/cases/${caseId.value}`),
  ['cases'],
);

export function showCase(id: string | null): void {
  caseId.value = id;
  openCase.held.value = { kind: 'loading' };
  void openCase.refresh();
}

export function refreshAll(): void {
  for (const each of [region, cases, openCase]) void each.refresh();
}
