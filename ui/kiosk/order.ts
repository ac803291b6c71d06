import { signal } from '@preact/signals';
import type { ApiError } from '../../protocol/api/common.ts';
import type { TicketView } from '../../protocol/api/tickets.ts';
import { get, post } from '../shared/api.ts';
import { onChanged } from '../shared/live.ts';
import { newId } from '../shared/new-id.ts';
import { isHeld } from './store.ts';
import { wishFor } from './wish.ts';

/** A person's wish for a ticket, from the touch to the number in hand. */
export type Order =
  | { phase: 'sending'; serviceId: string; requestId: string }
  | { phase: 'refused'; serviceId: string; requestId: string; error: ApiError }
  | { phase: 'printing'; ticket: TicketView }
  | {
      phase: 'no-paper';
      ticket: TicketView;
      error: ApiError | null;
      asking: boolean;
      refusal: ApiError | null;
    }
  | { phase: 'held'; ticket: TicketView };

export const order = signal<Order | null>(null);

const pollMs = 700;
const slowPrintMs = 20_000;
let run = 0;

/**
 * Asks for a ticket. The id of the wish is made once and kept over retries, so that a double touch or a
 * lost answer gives one number.
 */
export async function takeTicket(serviceId: string): Promise<void> {
  const before = order.value;
  if (before !== null && before.phase !== 'refused') return;
  const requestId = before?.serviceId === serviceId ? before.requestId : newId();
  order.value = { phase: 'sending', serviceId, requestId };
  run += 1;
  const mine = run;
  const answer = await post<TicketView>('/api/tickets', { requestId, ...wishFor(serviceId) }, 40_000);
  if (mine !== run) return;
  if (!answer.ok) {
    order.value = { phase: 'refused', serviceId, requestId, error: answer.error };
    return;
  }
  await followTicket(answer.value);
}

/** Shows a ticket that was given, also one by a check-in, until its number is in hand. */
export async function followTicket(ticket: TicketView): Promise<void> {
  run += 1;
  const mine = run;
  follow(ticket);
  if (ticket.print.state === 'printing') await watchPrinting(ticket, mine);
}

/** The person takes the number from the screen instead of paper. */
export async function rememberNumber(): Promise<void> {
  const now = order.value;
  if (now?.phase !== 'no-paper' || now.asking) return;
  order.value = { ...now, asking: true, refusal: null };
  const mine = run;
  const answer = await post<TicketView>(`/api/tickets/${now.ticket.id}/on-screen`);
  if (mine !== run) return;
  order.value = answer.ok
    ? { phase: 'held', ticket: answer.value }
    : { ...now, asking: false, refusal: answer.error };
}

export function forgetOrder(): void {
  run += 1;
  order.value = null;
}

function follow(ticket: TicketView): void {
  if (isHeld(ticket)) order.value = { phase: 'held', ticket };
  else if (ticket.print.state === 'failed')
    order.value = { phase: 'no-paper', ticket, error: ticket.print.error, asking: false, refusal: null };
  else order.value = { phase: 'printing', ticket };
}

async function watchPrinting(issued: TicketView, mine: number): Promise<void> {
  const startedMs = performance.now();
  while (mine === run && order.value?.phase === 'printing') {
    await pause(pollMs);
    if (mine !== run) return;
    const answer = await get<TicketView>(`/api/tickets/${issued.id}`);
    if (mine !== run) return;
    if (answer.ok) follow(answer.value);
    if (order.value?.phase === 'printing' && performance.now() - startedMs > slowPrintMs)
      order.value = { phase: 'no-paper', ticket: issued, error: null, asking: false, refusal: null };
  }
}

let wake: () => void = () => {};
onChanged(topics => topics.includes('queue') && wake());

/** Until the queue changes, at most so long. */
function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
