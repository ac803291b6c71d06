import { type CallingRules, chooseNext, dueMs, type Waiting } from '../../../device/core/calling.ts';
import { createEventQueue } from './event-queue.ts';
import type { Person, PlannedWindow } from './people.ts';
import type { Timetable } from './timetable.ts';

/** Somebody at a window. */
export interface Serving {
  person: Person;
  sinceSeconds: number;
}

/** What can be seen in the branch at a moment; nothing of the future is in it but appointments. */
export interface BranchNow {
  atSeconds: number;
  /** Who is called before the one who comes, in the order of calling. */
  line: readonly Person[];
  /** Per window, who is at it. */
  serving: readonly (Serving | undefined)[];
  /** Appointments of people who have not come yet, ascending. */
  booked: readonly Person[];
}

/** What is told while the branch works. */
export interface Watcher {
  /** Somebody has come and is not yet in the line. */
  came(person: Person, now: BranchNow): void;
  called(person: Person, waitedSeconds: number, window: number): void;
  left(person: Person, waitedSeconds: number): void;
  served(person: Person, window: number, visitSeconds: number): void;
  /** Came when the branch was shut. */
  refused(person: Person): void;
}

type Happening =
  | { kind: 'ends'; window: number }
  | { kind: 'opens'; window: number }
  | { kind: 'loses-patience'; person: Person }
  | { kind: 'booked-is-lost'; person: Person };

/** An appointment whose person has not come is dropped after this. */
const lateSeconds = 15 * 60;

/** The norm of waiting, and what regulations grant to people with an appointment. */
const rules: CallingRules = {
  normMinutes: 15,
  privileges: [],
  appointmentWaitMinutes: 5,
  transferWaitMinutes: 5,
};
/** Nobody further behind is called by a window that serves them: looking at all would cost minutes in long lines. */
const looked = 50;

/** When somebody is to be called at the latest, seconds of the log. */
export const dueSeconds = (person: Coming) => dueMs(waiting(person, ''), rules) / 1000;

/** Plays a log through the windows, which call by the rule of the box. */
export function runBranch(
  people: readonly Person[],
  windows: readonly PlannedWindow[],
  timetable: Timetable,
  watcher: Watcher,
): void {
  /** In the order in which people are due. */
  const line: Person[] = [];
  const serving: (Serving | undefined)[] = windows.map(() => undefined);
  const happenings = createEventQueue<Happening>();
  const booked = people
    .filter(({ bookedSeconds }) => bookedSeconds !== undefined)
    .sort((a, b) => (a.bookedSeconds ?? 0) - (b.bookedSeconds ?? 0));
  for (const person of booked)
    if (person.isAbsent)
      happenings.add((person.bookedSeconds ?? 0) + lateSeconds, { kind: 'booked-is-lost', person });
  windows.forEach(({ openings }, window) => {
    for (const { fromSeconds } of openings) happenings.add(fromSeconds, { kind: 'opens', window });
  });
  const arrivals = people.filter(({ isAbsent }) => !isAbsent);
  let nextArrival = 0;

  const serves = (window: number, { service }: Person) => windows[window]?.serves?.has(service) ?? true;
  const isFree = (window: number, atSeconds: number) =>
    !serving[window] && timetable.mayCall(window, atSeconds);

  function begin(person: Person, window: number, atSeconds: number): void {
    serving[window] = { person, sinceSeconds: atSeconds };
    watcher.called(person, atSeconds - person.atSeconds, window);
    happenings.add(atSeconds + person.visitSeconds * (windows[window]?.pace ?? 1), { kind: 'ends', window });
  }

  function callNext(window: number, atSeconds: number): void {
    if (line.length === 0 || !isFree(window, atSeconds)) return;
    const able: Waiting[] = [];
    const places: number[] = [];
    for (let place = 0; place < line.length && able.length < looked; place++) {
      const person = line[place];
      if (!person || !serves(window, person)) continue;
      able.push(waiting(person, String(places.length)));
      places.push(place);
    }
    const calling = { window: windows[window]?.name ?? '', skills: null };
    const next = chooseNext({ line: able, window: calling, nowMs: atSeconds * 1000, rules });
    const place = next && places[Number(next.ticketId)];
    const person = place === undefined ? undefined : line[place];
    if (place === undefined || !person) return;
    line.splice(place, 1);
    begin(person, window, atSeconds);
  }

  /** Behind everybody who is due as early. */
  function placeOf(person: Person): number {
    const due = dueSeconds(person);
    let place = line.length;
    while (place > 0 && dueSeconds(line[place - 1] ?? person) > due) place--;
    return place;
  }

  function dropBooked(person: Person): void {
    const place = booked.indexOf(person);
    if (place >= 0) booked.splice(place, 1);
  }

  function come(person: Person): void {
    const { atSeconds } = person;
    if (person.bookedSeconds !== undefined) dropBooked(person);
    if (!timetable.isIn(atSeconds)) {
      watcher.refused(person);
      return;
    }
    const free = windows.findIndex((_, window) => isFree(window, atSeconds) && serves(window, person));
    const place = placeOf(person);
    const before = place === line.length ? line : line.slice(0, place);
    watcher.came(person, { atSeconds, line: before, serving, booked });
    if (free >= 0) {
      begin(person, free, atSeconds);
      return;
    }
    line.splice(place, 0, person);
    if (person.patienceSeconds < Number.POSITIVE_INFINITY)
      happenings.add(atSeconds + person.patienceSeconds, { kind: 'loses-patience', person });
  }

  function happen(event: Happening, atSeconds: number): void {
    switch (event.kind) {
      case 'ends': {
        const ended = serving[event.window];
        serving[event.window] = undefined;
        if (ended) watcher.served(ended.person, event.window, atSeconds - ended.sinceSeconds);
        callNext(event.window, atSeconds);
        return;
      }
      case 'opens':
        callNext(event.window, atSeconds);
        return;
      case 'loses-patience': {
        const place = line.indexOf(event.person);
        if (place < 0) return;
        line.splice(place, 1);
        watcher.left(event.person, atSeconds - event.person.atSeconds);
        return;
      }
      case 'booked-is-lost':
        dropBooked(event.person);
    }
  }

  for (;;) {
    const arrival = arrivals[nextArrival];
    const at = happenings.nextSeconds();
    if (arrival && arrival.atSeconds < at) {
      nextArrival++;
      come(arrival);
    } else {
      const event = happenings.take();
      if (!event) return;
      happen(event, at);
    }
  }
}

type Coming = { atSeconds: number; bookedSeconds?: number | undefined };

function waiting({ atSeconds, bookedSeconds }: Coming, ticketId: string): Waiting {
  return {
    ticketId,
    place: atSeconds,
    sinceMs: atSeconds * 1000,
    serviceId: '',
    categoryId: null,
    purpose: bookedSeconds === undefined ? 'submit' : 'appointment',
    privilege: null,
    transferred: false,
    forWindow: null,
  };
}
