import { randomUUID } from 'node:crypto';
import type { Act } from './act.ts';
import type { CommandName } from './commands.ts';
import { affected, pick, services } from './draws.ts';
import type { HallModel, Person } from './model.ts';

/** What the hall administrator does, and people with their phones. */
export function hallAct(
  model: HallModel,
  name: CommandName,
  [a = 0, b = 0, c = 0]: readonly number[],
): Act | undefined {
  const { state } = model;
  const me = 'hall';
  const requestId = randomUUID();
  const likely = state.people.filter(each => affected[name]?.includes(each.state));
  const person = (c < 0.8 ? pick(likely, a) : undefined) ?? pick(state.people, a);
  const serviceId = pick(services, b);
  const about = (
    path: string,
    expected: (who: Person) => string | undefined,
    body: object = {},
  ): Act | undefined =>
    person && { path: `${path.replace('*', person.id)}`, me, body, expected: () => expected(person) };
  switch (name) {
    case 'read from the screen':
      return about('/tickets/*/on-screen', who => model.onScreen(who));
    case 'cancel by phone':
      return about('/tickets/*/cancel', who => model.cancel(who, 'person'));
    case 'come back':
      return about('/tickets/*/return', who => model.comeBack(who));
    case 'change a ticket': {
      const wish = b < 0.5 ? { serviceId } : { privilege: c < 0.5 ? 'unwell' : null };
      return about('/hall/tickets/*/change', who => model.change(who, wish), { ...wish, reason: 'other' });
    }
    case 'cancel by the hall':
      return about('/hall/tickets/*/cancel', who => model.cancel(who, 'administrator'), {
        reason: 'other',
      });
    case 'give back':
      return about('/hall/tickets/*/return', who => model.returnByHall(who));
    case 'reprint':
      return about('/hall/tickets/*/reprint', who => model.reprint(who), { requestId });
    case 'skills of a clerk': {
      const window = pick([...state.windows.keys()], a) ?? '1';
      const only = c < 0.5 ? serviceId : null;
      return {
        ...{ path: `/hall/skills/clerk-${window}`, me },
        body: { skills: only && [{ serviceId: only, weight: 10 }] },
        expected: () => void state.skills.set(window, only),
      };
    }
    case 'offer of a service': {
      const open = c < 0.7;
      return {
        ...{ path: `/hall/services/${serviceId}`, me, body: { open, perDay: null, reason: 'other' } },
        expected: () => void state.closedServices[open ? 'delete' : 'add'](serviceId),
      };
    }
    case 'announce':
      return {
        ...{ path: '/hall/announcements', me },
        body: { requestId, announcement: { ru: 'Проба', en: 'A trial' }, minutes: null },
        expected: () => undefined,
      };
    case 'message to clerks':
      return {
        ...{ path: '/hall/messages', me, body: { requestId, window: null, words: 'Проба' } },
        expected: () => undefined,
      };
    default:
      return undefined;
  }
}
