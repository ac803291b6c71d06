import type { TicketRow } from '../../../device/journal/projections/tickets.ts';
import { type HallRules, usualHallRules } from '../../../protocol/hall-rules.ts';
import { openQuickHall } from '../../fixtures/quick-hall.ts';
import { type ServedHall, serveHall } from '../../fixtures/served-hall.ts';
import { testClock } from '../../fixtures/test-clock.ts';
import type { Person, WindowState } from './model.ts';

export const kioskNames = ['kiosk-1', 'kiosk-2'];
export const modelRules: HallRules = {
  ...usualHallRules,
  normMinutes: 15,
  noShow: { how: 'automatic', afterSeconds: 60 },
};

/** What became of a question: an answer, a refusal by its code, or nobody knows. */
export type Answer<T = unknown> =
  | { kind: 'done'; value: T }
  | { kind: 'refused'; code: string }
  | { kind: 'lost' };

export const codeOf = (answer: Answer): string | undefined =>
  answer.kind === 'refused' ? answer.code : answer.kind === 'lost' ? 'lost' : undefined;

export type Hub = Awaited<ReturnType<typeof openHub>>;

/** A real hub of ten windows that can be killed: journal, hall, addresses, files. */
export async function openHub(wish: { timeZone: string; at: string; automaticCalls: boolean }) {
  const setting = openQuickHall({
    ...{ windows: 10, timeZone: wish.timeZone, clock: testClock(wish.at) },
    rules: { noShow: modelRules.noShow, automaticCalls: wish.automaticCalls },
  });
  let served: ServedHall = await serveHall(setting, kioskNames);

  return {
    setting,
    get port() {
      return served.port;
    },
    async ask<T>(method: string, path: string, body?: object, me = ''): Promise<Answer<T>> {
      try {
        const answer = await fetch(`http://127.0.0.1:${served.port}/api${path}`, {
          method,
          headers: { 'x-me': me, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
        });
        const value = (await answer.json()) as T;
        return answer.ok
          ? { kind: 'done', value }
          : { kind: 'refused', code: (value as { code: string }).code };
      } catch {
        return { kind: 'lost' };
      }
    },
    /** F01: nobody hears of what was not said yet, and the files stay as they are at this moment. */
    async kill(): Promise<void> {
      served.server.server.close();
      served.server.server.closeAllConnections();
      const ended = served.server;
      await setting.kill();
      await ended.close();
      served = await serveHall(setting, kioskNames);
    },
    /** The tickets as the tables have them, in the words of the model. */
    people: (): Person[] => (all(setting) as TicketRow[]).map(personOf),
    windows: () =>
      setting.now().db.prepare('select window, state, since from windows order by window').all() as {
        window: string;
        since: string;
        state: WindowState;
      }[],
    count: (table: 'hall_words' | 'announcements') =>
      (setting.now().db.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n,
    async close(): Promise<void> {
      await served.server.close();
      await setting.close();
    },
  };
}

const all = ({ now }: ReturnType<typeof openQuickHall>) =>
  now().db.prepare('select * from tickets order by place').all() as unknown[];

const msOf = (at: string | null) => (at === null ? null : Date.parse(at));

function personOf(row: TicketRow): Person {
  return {
    ...{ id: row.id, number: row.number, requestId: row.request_id, day: row.day },
    ...{ serviceId: row.service_id, purpose: row.purpose, privilege: row.privilege },
    more: JSON.parse(row.more),
    ...{ state: row.state, place: row.place, sinceMs: Date.parse(row.waits_from) },
    ...{ transferred: row.transferred === 1, forWindow: row.for_window, window: row.window },
    ...{ calls: row.calls, calledMs: msOf(row.called_at) ?? 0, returns: row.returns },
    asideUntilMs: row.state === 'held' ? msOf(row.aside_until) : null,
    ...{ endedMs: msOf(row.ended_at), copies: row.copies },
    printFailedMs: row.print_error === null ? null : Date.parse(row.issued_at),
  };
}
