import { randomUUID } from 'node:crypto';
import type { Act } from './act.ts';
import type { CommandName } from './commands.ts';
import { affected, pick, services } from './draws.ts';
import type { HallModel, Person } from './model.ts';

/** What somebody at a window does, mostly with the person who is there. */
export function clerkAct(
  model: HallModel,
  name: CommandName,
  [a = 0, b = 0, c = 0, d = 0, e = 0]: readonly number[],
): Act | undefined {
  const { state } = model;
  const windows = [...state.windows.keys()];
  const likely = windows.filter(window => {
    const there = model.at(window);
    return there && (affected[name]?.includes(there.state) ?? true);
  });
  const window = (a < 0.9 ? pick(likely, b) : undefined) ?? pick(windows, b) ?? '1';
  const person = (c < 0.9 ? model.at(window) : undefined) ?? pick(state.people, d);
  const me = `clerk-${window}`;
  const requestId = randomUUID();
  const serviceId = pick(services, e);
  const needed = (
    path: string,
    expected: (who: Person) => string | undefined,
    body: object = {},
  ): Act | undefined =>
    person && {
      ...{ path: `/tickets/${person.id}/${path}`, me, body },
      expected: () => expected(person),
    };
  switch (name) {
    case 'call next': {
      const free = pick(windows, b) ?? '1';
      return { path: '/queue/next', me: `clerk-${free}`, expected: () => model.next(free) };
    }
    case 'call chosen': {
      const free = pick(windows, b) ?? '1';
      const who = pick(
        state.people.filter(each => each.state !== 'done'),
        d,
      );
      const reason = c < 0.8 ? 'child' : 'nonsense';
      return (
        who && {
          ...{ path: '/queue/choose', me: `clerk-${free}`, body: { ticketId: who.id, reason } },
          expected: () => model.choose(free, who, reason),
        }
      );
    }
    case 'recall':
      return needed('recall', who => model.recall(window, who), { requestId });
    case 'came':
      return needed('came', who => model.came(window, who));
    case 'no-show':
      return needed('no-show', who => model.noShow(window, who));
    case 'finish':
      return needed('finish', who => model.finish(window, who), { requestId });
    case 'hold': {
      const wish = { why: e < 0.6 ? 'pause' : 'papers', minutes: d < 0.6 ? 3 : null } as const;
      return needed('hold', who => model.hold(window, who, wish.why, wish.minutes), wish);
    }
    case 'back': {
      const who = pick(
        state.people.filter(each => ['held', 'waiting-for-papers', 'no-show'].includes(each.state)),
        d,
      );
      return who && { path: `/tickets/${who.id}/back`, me, expected: () => model.back(who) };
    }
    case 'transfer': {
      const wish = {
        ...(e < 0.6 && { serviceId }),
        ...(a < 0.5 && { window: pick([...windows.slice(0, 4), '99'], d) ?? '1' }),
        comesBack: c < 0.4,
      };
      return needed('transfer', who => model.transfer(window, who, wish), wish);
    }
    case 'add a service':
      return needed('add-service', who => model.addService(who, serviceId), { requestId, serviceId });
    case 'comment':
      return needed('comment', () => undefined, { requestId, words: 'проба' });
    case 'open a window':
      return { path: '/window/open', me, expected: () => model.open(window) };
    case 'pause':
      return {
        path: '/window/pause',
        me,
        body: { reason: 'lunch', minutes: 5 },
        expected: () => model.pause(window),
      };
    case 'last client':
      return { path: '/window/last-client', me, expected: () => model.lastClient(window) };
    case 'close a window':
      return { path: '/window/close', me, expected: () => model.close(window) };
    default:
      return undefined;
  }
}
