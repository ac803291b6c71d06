import { type Answer, isRefusal, post } from './api.ts';
import { newId } from './new-id.ts';

/** Somebody who presses after that means it anew. */
const sameWishMs = 60_000;
const unanswered = new Map<string, { requestId: string; atMs: number }>();

/**
 * Posts with the id of the wish, which stays the same while nobody knows whether it was done: after no answer
 * people press again, and the box does it once.
 */
export async function postOnce<T>(path: string, body: object = {}): Promise<Answer<T>> {
  const wish = `${path} ${JSON.stringify(body)}`;
  const nowMs = performance.now();
  const before = unanswered.get(wish);
  const kept = before && nowMs - before.atMs < sameWishMs ? before : { requestId: newId(), atMs: nowMs };
  unanswered.set(wish, kept);
  const answer = await post<T>(path, { ...body, requestId: kept.requestId });
  if (answer.ok || isRefusal(answer.error)) unanswered.delete(wish);
  return answer;
}
