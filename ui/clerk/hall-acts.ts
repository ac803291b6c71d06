import { signal } from '@preact/signals';
import type { CallExplanation, QueueView } from '../../protocol/api/queue.ts';
import { get } from '../shared/api.ts';
import { postOnce } from '../shared/post-once.ts';
import { failure, run } from './actions.ts';
import { queue } from './store.ts';

/** What about the hall is open over the page. */
export const hallDialog = signal<
  { name: 'ticket' } | { name: 'window' } | { name: 'line'; ticketId: string } | null
>(null);
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
