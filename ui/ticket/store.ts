import type { BranchView, TicketView } from '../../protocol/api.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { t } from '../shared/language.ts';
import { resource } from '../shared/resource.ts';

/** `/t/{ticketId}` */
const ticketId = location.pathname.split('/').filter(Boolean).at(-1) ?? '';

let lastState: string | null = null;

export const ticket = resource<TicketView>(
  () => `/api/tickets/${encodeURIComponent(ticketId)}`,
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

export function refreshAll(): void {
  void ticket.refresh();
  void branch.refresh();
}
