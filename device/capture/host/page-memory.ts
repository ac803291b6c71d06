import { createHash } from 'node:crypto';
import type { PageAnswer, PageRequest } from './messages.ts';

const mostPages = 64;

/**
 * Pages that were read lately. A document is recognised anew with each page that comes: without this, the
 * thirtieth page of a pile would have all thirty read again.
 */
export function createPageMemory() {
  const kept = new Map<string, Promise<PageAnswer | undefined>>();
  return {
    /**
     * The answer of before, or what `read` makes. Pages with trouble are not kept. A page read alone is
     * another one than among others: the same document gives the same bytes whatever was read before it.
     */
    async recall(
      { bytes, turn, alone }: PageRequest,
      read: () => Promise<PageAnswer | undefined>,
    ): Promise<PageAnswer | undefined> {
      const name = `${createHash('sha256').update(bytes).digest('hex')} ${turn} ${alone}`;
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
