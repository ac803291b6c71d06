import type { Clock } from '../../platform/clock.ts';
import type { Birth } from '../../protocol/messages.ts';
import type { Storage } from '../storage/storage.ts';

/** Which boxes are connected, as far as their own births and deaths tell. */
export interface BoxLinks {
  born(box: string, birth: Birth): Promise<void>;
  /** True when it was the session that lived. */
  died(box: string, session: number): Promise<boolean>;
  isConnected(box: string): Promise<boolean>;
  /** Nobody is connected to a broker that just starts in this process. */
  forgetAll(): Promise<void>;
}

export function openBoxLinks({ query }: Storage, clock: Clock): BoxLinks {
  const now = () => clock.now().toISOString();
  return {
    async born(box, { session, software, registerVersion }) {
      const link = { link: 'connected' as const, since: now() };
      const told = { ...link, session, software, register_version: registerVersion };
      const row = query.insertInto('boxes').values({ box, ...told });
      await row.onConflict(conflict => conflict.column('box').doUpdateSet(told)).execute();
    },
    async died(box, session) {
      const lived = query.updateTable('boxes').where('box', '=', box).where('link', '=', 'connected');
      const ended = lived.where('session', '<=', session).set({ link: 'offline', since: now() });
      return (await ended.executeTakeFirst()).numUpdatedRows > 0n;
    },
    async isConnected(box) {
      const row = query.selectFrom('boxes').select('link').where('box', '=', box);
      return (await row.executeTakeFirst())?.link === 'connected';
    },
    async forgetAll() {
      const connected = query.updateTable('boxes').where('link', '=', 'connected');
      await connected.set({ link: 'offline', since: now() }).execute();
    },
  };
}
