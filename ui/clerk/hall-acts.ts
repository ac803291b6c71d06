import { effect, signal } from '@preact/signals';
import type { CallExplanation, QueueView } from '../../protocol/api/queue.ts';
import { get } from '../shared/api.ts';
import { postOnce } from '../shared/post-once.ts';
import { heldValue } from '../shared/resource.ts';
import { failure, run } from './actions.ts';
import { queue } from './store.ts';

/** What about the hall is open over the page. */
export const hallDialog = signal<{ name: 'ticket' | 'line'; ticketId: string } | { name: 'window' } | null>(
  null,
);

/** A dialog about somebody closes when they leave their place, and never opens by itself for the next person. */
effect(() => {
  const open = hallDialog.value;
  const view = heldValue(queue);
  if (!open || open.name === 'window' || !view) return;
  const { mine, waiting } = view;
  const there = open.name === 'ticket' ? [mine] : waiting;
  if (!there.some(each => each?.ticketId === open.ticketId)) hallDialog.value = null;
});

/** Messages that were read; the box keeps them until the day ends. */
export const readMessages = signal<readonly string[]>([]);

/** Acts, and closes the dialog when it was done. */
export function hallAct(path: string, body: object = {}): Promise<void> {
  return run(
    path,
    () => postOnce<QueueView>(`/api/${path}`, body),
    view => {
      queue.set(view);
      hallDialog.value = null;
    },
  );
}

export async function whyBefore(called: string, waiting: string): Promise<CallExplanation | null> {
  const answer = await get<CallExplanation>(`/api/tickets/${called}/why?before=${waiting}`);
  if (answer.ok) return answer.value;
  failure.value = answer.error;
  return null;
}
