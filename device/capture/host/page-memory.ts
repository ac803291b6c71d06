import { createHash } from 'node:crypto';
import type { PageAnswer } from './messages.ts';

const mostPages = 64;

/**
 * Pages that were read lately. A document is recognised anew with each page that comes: without this, the
 * thirtieth page of a pile would have all thirty read again.
 */
export function createPageMemory() {
  const kept = new Map<string, Promise<PageAnswer | undefined>>();
  return {
    /** The answer of before, or what `read` makes. Pages with trouble are not kept. */
    async recall(
      bytes: Uint8Array,
      read: () => Promise<PageAnswer | undefined>,
    ): Promise<PageAnswer | undefined> {
      const name = createHash('sha256').update(bytes).digest('hex');
      const known = kept.get(name);
      const answer = known ?? read();
      kept.delete(name);
      kept.set(name, answer);
      const oldest = kept.keys().next().value;
      if (kept.size > mostPages && oldest !== undefined) kept.delete(oldest);
      const page = await answer.catch(() => undefined);
      if ((page === undefined || page.page.trouble !== undefined) && kept.get(name) === answer)
        kept.delete(name);
      return await answer;
    },
  };
}
