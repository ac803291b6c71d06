import { businessDay } from '../../../platform/clock.ts';
import type { TicketState } from '../../../protocol/api/tickets.ts';
import type { HallRules } from '../../../protocol/hall-rules.ts';
import { hourMs, minuteMs, type TestClock } from '../../fixtures/test-clock.ts';
import { allowedMinutes } from './allowed-wait.ts';

/*
 * What the queue of a branch has to be, as plainly as it can be said: people in a list, windows in a map, and
 * for each act who may do it and what it changes. It knows no facts, no disk, no memory kept beside, and it
 * answers with the code of the refusal or with nothing.
 */

export interface Following {
  serviceId: string;
  window: string | null;
}
export interface Person {
  id: string;
  number: string;
  requestId: string;
  day: string;
  serviceId: string;
  purpose: string;
  privilege: string | null;
  more: Following[];
  state: TicketState;
  /** Order of coming into the line. */
  place: number;
  sinceMs: number;
  transferred: boolean;
  forWindow: string | null;
  window: string | null;
  calls: number;
  calledMs: number;
  returns: number;
  asideUntilMs: number | null;
  endedMs: number | null;
  printFailedMs: number | null;
  copies: number;
}
export type WindowState = 'closed' | 'open' | 'paused' | 'last-client';
export interface Wish {
  requestId: string;
  serviceId: string;
  purpose?: 'submit' | 'consult' | 'result' | 'appointment';
  privilege?: string;
  more?: string[];
}
type Outcome = string | undefined;

const wrongState = 'queue.wrong-state';
const busy = 'queue.window-busy';
const inLine: TicketState[] = ['issued', 'waiting', 'held', 'waiting-for-papers'];
const aside: TicketState[] = ['held', 'waiting-for-papers'];

export type HallModel = ReturnType<typeof createHallModel>;

export function createHallModel(parts: {
  clock: TestClock;
  timeZone: string;
  rules: HallRules;
  windows: readonly string[];
}) {
  const { clock, timeZone, rules } = parts;
  const model = {
    people: [] as Person[],
    windows: new Map<string, WindowState>(parts.windows.map(window => [window, 'closed'])),
    /** Of each window's clerk; null: everything. */
    skills: new Map<string, string | null>(),
    closedServices: new Set<string>(),
    closedDays: new Set<string>(),
    printerFails: false,
  };
  /** Since which day a window is what it is. */
  const windowDays = new Map<string, string>();
  let places = 0;
  let lastGivenMs = Number.NEGATIVE_INFINITY;
  let tidied = '';
  const now = () => clock.now().getTime();
  const dayOf = (ms: number) => businessDay(new Date(ms), timeZone);
  const today = () => dayOf(now());
  const at = (window: string) =>
    model.people.find(each => each.window === window && ['called', 'serving'].includes(each.state));
  const mine = (window: string, person: Person | undefined, ...states: TicketState[]) =>
    person?.window === window && states.includes(person.state) ? person : undefined;

  /** For which window somebody is kept; a closed one can keep nobody. */
  const keptFor = ({ forWindow }: Person) =>
    forWindow !== null && model.windows.get(forWindow) !== 'closed' ? forWindow : null;
  const hasSkill = (window: string, serviceId: string) =>
    (model.skills.get(window) ?? serviceId) === serviceId;
  const serves = (window: string, person: Person) =>
    keptFor(person) === null ? hasSkill(window, person.serviceId) : keptFor(person) === window;
  const dueMs = (person: Person) => person.sinceMs + allowedMinutes(person, rules) * minuteMs;
  function nextFor(window: string): Person | undefined {
    return model.people
      .filter(person => person.state === 'waiting' && serves(window, person))
      .toSorted((a, b) => dueMs(a) - dueMs(b) || a.place - b.place)[0];
  }

  function setWindow(window: string, state: WindowState): void {
    if (state === 'open' && model.windows.get(window) === 'open') return;
    model.windows.set(window, state);
    windowDays.set(window, today());
  }
  function personLeft(window: string | null): void {
    if (window !== null && model.windows.get(window) === 'last-client' && !at(window))
      setWindow(window, 'closed');
  }
  function end(person: Person, state: TicketState): void {
    const { window } = person;
    Object.assign(person, { state, endedMs: now(), asideUntilMs: null });
    personLeft(window);
  }
  function queue(person: Person, serviceId: string, forWindow: string | null): void {
    const { window } = person;
    Object.assign(person, {
      ...{ state: 'waiting', serviceId, forWindow, window: null, calls: 0 },
      ...{ transferred: true, place: ++places, sinceMs: now() },
    });
    personLeft(window);
  }
  function giveBack(person: Person): void {
    if (person.state === 'no-show') person.returns++;
    Object.assign(person, { state: 'waiting', window: null, calls: 0, asideUntilMs: null, endedMs: null });
  }
  function call(person: Person, window: string): void {
    Object.assign(person, { state: 'called', window, calls: 1, calledMs: now(), asideUntilMs: null });
    setWindow(window, 'open');
  }
  function mayReturn({ state, returns, endedMs }: Person): boolean {
    const { times, withinMinutes } = rules.comeBack;
    return state === 'no-show' && returns < times && now() <= (endedMs ?? 0) + withinMinutes * minuteMs;
  }

  /** Who is left of an earlier day is given up, and windows that were left open are closed, once a night. */
  function closeEarlier(): void {
    if (clock.monotonicMs() - lastGivenMs < 3 * hourMs || tidied === today()) return;
    for (const person of model.people)
      if (inLine.includes(person.state) && person.day < today()) end(person, 'abandoned');
    for (const [window, day] of windowDays) if (day < today() && !at(window)) setWindow(window, 'closed');
    tidied = today();
  }
  function giveUpUnclaimed(): void {
    for (const person of model.people)
      if (person.state === 'issued' && person.printFailedMs !== null)
        if (person.sinceMs < now() - 10 * minuteMs) end(person, 'abandoned');
  }
  function add(wish: Wish, given: { id: string; number: string; day: string; sinceMs: number }): Person {
    const person: Person = {
      ...{ ...given, requestId: wish.requestId, serviceId: wish.serviceId },
      ...{ purpose: wish.purpose ?? 'submit', privilege: wish.privilege ?? null },
      more: (wish.more ?? []).map(serviceId => ({ serviceId, window: null })),
      ...{ state: 'waiting', place: ++places, transferred: false, forWindow: null, window: null },
      ...{
        calls: 0,
        calledMs: 0,
        returns: 0,
        asideUntilMs: null,
        endedMs: null,
        printFailedMs: null,
        copies: 0,
      },
    };
    model.people.push(person);
    return person;
  }

  const acts = {
    /** Before a number is given; `given` afterwards. */
    mayTake(wish: Wish): Outcome {
      closeEarlier();
      giveUpUnclaimed();
      if (model.people.some(({ requestId }) => requestId === wish.requestId)) return undefined;
      if (model.closedDays.has(today())) return 'queue.day-closed';
      if (model.closedServices.has(wish.serviceId)) return 'queue.service-closed';
      const privilege = rules.privileges.find(({ id }) => id === wish.privilege);
      return wish.privilege !== undefined && !privilege?.atKiosk ? 'queue.privilege-by-staff' : undefined;
    },
    given(wish: Wish, { id, number }: { id: string; number: string }): void {
      lastGivenMs = clock.monotonicMs();
      const person = add(wish, { id, number, day: today(), sinceMs: now() });
      if (model.printerFails) Object.assign(person, { state: 'issued', printFailedMs: now() });
    },
    /** A station told of a ticket that it gave before. */
    told(wish: Wish, given: { id: string; number: string; day: string; sinceMs: number }): void {
      const person = add(wish, given);
      if (given.day < today()) end(person, 'abandoned');
    },
    onScreen(person: Person): Outcome {
      if (['abandoned', 'cancelled'].includes(person.state)) return wrongState;
      if (person.state === 'issued') person.state = 'waiting';
      return undefined;
    },
    cancel(person: Person, by: 'person' | 'administrator'): Outcome {
      if (by === 'person' && person.state === 'cancelled') return undefined;
      if (![...inLine, 'called'].includes(person.state)) return wrongState;
      end(person, 'cancelled');
      return undefined;
    },
    comeBack(person: Person): Outcome {
      if (person.state === 'waiting') return undefined;
      if (!mayReturn(person)) return 'queue.too-late-to-return';
      giveBack(person);
      return undefined;
    },

    next(window: string): Outcome {
      closeEarlier();
      if (at(window)) return busy;
      const person = nextFor(window);
      if (!person) return 'queue.nobody-waiting';
      call(person, window);
      return undefined;
    },
    choose(window: string, person: Person, reason: string): Outcome {
      if (at(window)) return busy;
      if (!['waiting', ...aside].includes(person.state)) return wrongState;
      const isOwn = person.state !== 'waiting' && person.window === window;
      if (!isOwn && nextFor(window) !== person && reason === 'nonsense') return 'queue.unknown-reason';
      call(person, window);
      return undefined;
    },
    recall(window: string, person: Person): Outcome {
      if (!mine(window, person, 'called')) return wrongState;
      if (person.calls >= rules.maxCalls) return 'queue.no-more-calls';
      person.calls++;
      person.calledMs = now();
      return undefined;
    },
    came(window: string, person: Person): Outcome {
      if (!mine(window, person, 'called')) return wrongState;
      person.state = 'serving';
      return undefined;
    },
    noShow(window: string, person: Person): Outcome {
      if (!mine(window, person, 'called')) return wrongState;
      end(person, 'no-show');
      return undefined;
    },
    finish(window: string, person: Person): Outcome {
      if (!mine(window, person, 'serving')) return wrongState;
      const following = person.more.shift();
      if (!following) end(person, 'done');
      else if ((following.window ?? window) === window && hasSkill(window, following.serviceId))
        person.serviceId = following.serviceId;
      else queue(person, following.serviceId, following.window);
      return undefined;
    },
    hold(window: string, person: Person, why: 'pause' | 'papers', minutes: number | null): Outcome {
      if (!mine(window, person, 'serving', ...(why === 'pause' ? (['called'] as const) : [])))
        return wrongState;
      Object.assign(person, {
        state: why === 'papers' ? 'waiting-for-papers' : 'held',
        asideUntilMs: minutes === null || why === 'papers' ? null : now() + minutes * minuteMs,
      });
      personLeft(window);
      return undefined;
    },
    back(person: Person): Outcome {
      if (!aside.includes(person.state) && !mayReturn(person)) return 'queue.too-late-to-return';
      giveBack(person);
      return undefined;
    },
    transfer(
      window: string,
      person: Person,
      wish: { serviceId?: string; window?: string; comesBack: boolean },
    ): Outcome {
      if (!mine(window, person, 'called', 'serving')) return wrongState;
      if (wish.window !== undefined && !model.windows.has(wish.window)) return 'queue.unknown-window';
      if (wish.comesBack) person.more.unshift({ serviceId: person.serviceId, window });
      queue(person, wish.serviceId ?? person.serviceId, wish.window ?? null);
      return undefined;
    },
    addService(person: Person, serviceId: string): Outcome {
      if (![...inLine, 'called', 'serving'].includes(person.state) || person.more.length >= 9)
        return wrongState;
      person.more.push({ serviceId, window: null });
      return undefined;
    },

    open: (window: string) => void setWindow(window, 'open'),
    pause: (window: string) => void setWindow(window, 'paused'),
    lastClient: (window: string) => void setWindow(window, at(window) ? 'last-client' : 'closed'),
    close(window: string): Outcome {
      if (at(window)) return busy;
      setWindow(window, 'closed');
      return undefined;
    },

    change(person: Person, wish: { serviceId?: string; privilege?: string | null }): Outcome {
      if (['done', 'abandoned', 'cancelled'].includes(person.state)) return wrongState;
      Object.assign(person, wish);
      return undefined;
    },
    returnByHall(person: Person): Outcome {
      if (![...aside, 'no-show'].includes(person.state) || person.day !== today()) return wrongState;
      giveBack(person);
      return undefined;
    },
    reprint(person: Person): Outcome {
      if (['done', 'abandoned', 'cancelled'].includes(person.state)) return wrongState;
      person.copies++;
      if (model.printerFails) return 'printer.paper-out';
      if (person.state === 'issued') person.state = 'waiting';
      return undefined;
    },
    closeDay(): void {
      for (const person of model.people) if (inLine.includes(person.state)) end(person, 'abandoned');
      for (const [window, state] of model.windows)
        if (state !== 'closed') setWindow(window, at(window) ? 'last-client' : 'closed');
      model.closedDays.add(today());
    },
    openDay: () => void model.closedDays.delete(today()),

    /** What is due by itself. */
    tick(): void {
      closeEarlier();
      for (const person of model.people) {
        if (person.state === 'held' && person.asideUntilMs !== null && person.asideUntilMs <= now())
          giveBack(person);
        const patienceMs = rules.noShow.afterSeconds * 1000;
        if (person.state === 'called' && person.calls >= rules.maxCalls)
          if (now() - person.calledMs >= patienceMs) end(person, 'no-show');
      }
    },
    /** A hub that starts remembers nothing that is not on its disk. */
    started(): void {
      lastGivenMs = Number.NEGATIVE_INFINITY;
      tidied = '';
      closeEarlier();
      for (const person of model.people)
        if (person.state === 'issued' && person.printFailedMs === null) person.state = 'waiting';
    },
    /** Takes over what became of an act whose answer got lost. */
    adopt(people: Person[], windows: Iterable<{ window: string; state: WindowState; since: string }>): void {
      model.people.splice(0, Number.POSITIVE_INFINITY, ...people);
      for (const { window, state, since } of windows) {
        model.windows.set(window, state);
        windowDays.set(window, dayOf(Date.parse(since)));
      }
      places = Math.max(places, ...people.map(({ place }) => place));
    },
  };
  return { ...acts, state: model, at, today, dayOf, nextFor };
}
