import { signal } from '@preact/signals';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import type { HallView } from '../../protocol/api/hall.ts';
import type { CaseStatusView, ScreensView } from '../../protocol/api/screens.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { post } from '../shared/api.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { t } from '../shared/language.ts';
import { isLanguage, type Language } from '../shared/languages.ts';
import { heldValue, resource } from '../shared/resource.ts';

/** `/t/{ticketId}` */
const ticketId = location.pathname.split('/').filter(Boolean).at(-1) ?? '';
// An address that was mistyped is one of a ticket that nobody has: `queue.unknown-ticket` says what to do.
const nobody = '00000000-0000-0000-0000-000000000000';
const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(ticketId);
const address = `/api/tickets/${isId ? ticketId : nobody}`;

let lastState: string | null = null;

export const ticket = resource<TicketView>(
  () => address,
  ['queue', 'board'],
  view => {
    document.title = t('ticket.title', { number: view.number });
    // A phone in the pocket tells as well; browsers without it have no `vibrate`.
    if (lastState !== null && lastState !== 'called' && view.state === 'called')
      navigator.vibrate?.([300, 150, 300]);
    lastState = view.state;
  },
);

export const branch = resource<BranchView>(
  () => '/api/branch',
  [],
  view => {
    timeZone.value = view.timeZone;
    agreeClock(view.now);
  },
);

/** Cases that were opened at the window for this ticket. */
export const cases = resource<CaseStatusView[]>(() => `${address}/cases`, ['cases']);
export const hall = resource<HallView>(() => '/api/hall', ['hall']);
export const screens = resource<ScreensView>(() => '/api/screens', []);

export function offeredLanguages(): Language[] {
  return heldValue(screens)?.languages.filter(isLanguage) ?? ['ru', 'en'];
}

/** What is being done on the person's word, and what was said against it. */
export const act = signal<{ busy: boolean; error: ApiError | null }>({ busy: false, error: null });

/** Gives the place up, or takes it again after a missed call. */
export async function tell(wish: 'cancel' | 'return'): Promise<void> {
  if (act.value.busy) return;
  act.value = { busy: true, error: null };
  const answer = await post<TicketView>(`${address}/${wish}`);
  act.value = { busy: false, error: answer.ok ? null : answer.error };
  if (answer.ok) ticket.set(answer.value);
  else void ticket.refresh();
}

export function refreshAll(): void {
  for (const view of [ticket, branch, cases]) void view.refresh();
}
