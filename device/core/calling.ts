import type { CallReason } from '../../protocol/api/queue.ts';
import type { HallRules, Purpose, Skill } from '../../protocol/hall-rules.ts';

/*
 * Whom a window calls next. Each person has a time by which to be called at the latest: when they came and
 * how long they may be made to wait, which is the norm, or less for a privilege, an appointment or a
 * transfer. The earliest of these times is next. So waiting ages everybody alike, and the norm is a hard
 * ceiling: whoever has waited so long is overtaken by nobody who comes later (issue 7, ADR 40).
 */

export interface Waiting {
  ticketId: string;
  /** Order of coming; no two share one. */
  place: number;
  /** When the person came, or was sent on, in ms of a clock that never goes back. */
  sinceMs: number;
  serviceId: string;
  /** Group of the service in the register. */
  categoryId: string | null;
  purpose: Purpose;
  privilege: string | null;
  /** Was at a window already. */
  transferred: boolean;
  /** Only this window is to call. */
  forWindow: string | null;
}

export interface CallingWindow {
  window: string;
  /** Null: everything, as own work. */
  skills: readonly Skill[] | null;
}

export type CallingRules = Pick<
  HallRules,
  'normMinutes' | 'privileges' | 'appointmentWaitMinutes' | 'transferWaitMinutes'
>;

/** What speaks for a person at one window at one moment. */
export interface Standing {
  /** When to be called at the latest. */
  dueMs: number;
  allowedMinutes: number;
  /** Own work that came so much later goes first; 0 for own work, and for everybody at the norm. */
  delayMinutes: number;
  waitedMinutes: number;
}

export interface Because extends Standing {
  /** People who came earlier and are not called now: not served here, kept for another window, or due later. */
  passedOver: number;
}

/** How long a person may be made to wait. */
export function allowedMinutes(
  person: Pick<Waiting, 'purpose' | 'privilege' | 'transferred'>,
  rules: CallingRules,
): number {
  const privilege = rules.privileges.find(({ id }) => id === person.privilege);
  return Math.min(
    rules.normMinutes,
    privilege?.allowedWaitMinutes ?? Number.POSITIVE_INFINITY,
    person.purpose === 'appointment' ? rules.appointmentWaitMinutes : Number.POSITIVE_INFINITY,
    person.transferred ? rules.transferWaitMinutes : Number.POSITIVE_INFINITY,
  );
}

/** When a person is to be called at the latest. */
export const dueMs = (person: Waiting, rules: CallingRules): number =>
  person.sinceMs + allowedMinutes(person, rules) * minuteMs;

/** What of a person decides which windows serve them. */
export type Served = Pick<Waiting, 'forWindow' | 'serviceId' | 'categoryId' | 'purpose'>;

/** How much a person's service is this window's own work, 10 to 0, where 0 is not at all. */
export function weightAt({ window, skills }: CallingWindow, person: Served): number {
  if (person.forWindow !== null) return person.forWindow === window ? ownWork : 0;
  if (skills === null) return ownWork;
  let weight = 0;
  for (const skill of skills)
    if (
      (skill.serviceId === undefined || skill.serviceId === person.serviceId) &&
      (skill.categoryId === undefined || skill.categoryId === person.categoryId) &&
      (skill.purpose === undefined || skill.purpose === person.purpose)
    )
      weight = Math.max(weight, skill.weight);
  return weight;
}

/** A person's standing at a window, or undefined when it does not serve them. */
export function standingAt(
  person: Waiting,
  window: CallingWindow,
  nowMs: number,
  rules: CallingRules,
): Standing | undefined {
  const weight = weightAt(window, person);
  if (weight === 0) return undefined;
  const waitedMinutes = (nowMs - person.sinceMs) / minuteMs;
  return {
    dueMs: dueMs(person, rules),
    allowedMinutes: allowedMinutes(person, rules),
    // Nobody waits past the norm because the free clerk usually does something else.
    delayMinutes: waitedMinutes >= rules.normMinutes ? 0 : ((ownWork - weight) / ownWork) * rules.normMinutes,
    waitedMinutes,
  };
}

/** The person whom a window calls next, with the reason; undefined when it serves nobody who waits. */
export function chooseNext({
  line,
  window,
  nowMs,
  rules,
}: {
  /** In any order. */
  line: Iterable<Waiting>;
  window: CallingWindow;
  nowMs: number;
  rules: CallingRules;
}): { ticketId: string; because: Because } | undefined {
  const people = [...line];
  let best: { person: Waiting; standing: Standing } | undefined;
  for (const person of people) {
    const standing = standingAt(person, window, nowMs, rules);
    if (standing && (!best || comesBefore({ person, standing }, best))) best = { person, standing };
  }
  if (!best) return undefined;
  const { place, ticketId } = best.person;
  const passedOver = people.filter(person => person.place < place).length;
  return { ticketId, because: { ...best.standing, passedOver } };
}

/** Why one of two people was called by a window at a moment when the other one waited too. */
export function whyBefore(
  called: Waiting,
  other: Waiting,
  window: CallingWindow,
  nowMs: number,
  rules: CallingRules,
): CallReason {
  const standing = standingAt(called, window, nowMs, rules);
  const others = standingAt(other, window, nowMs, rules);
  if (!others) return other.forWindow === null ? 'not-served-here' : 'kept-for-window';
  if (!standing) return 'not-before';
  const isBefore = comesBefore({ person: called, standing }, { person: other, standing: others });
  if (!isBefore) return 'not-before';
  return countedMs(standing) === countedMs(others) ? 'taken-earlier' : 'due-earlier';
}

/** People in the order of their latest times, as a window that serves everything would call them. */
export function callingOrder<T extends Waiting>(line: readonly T[], rules: CallingRules): T[] {
  return line
    .map(person => ({ person, due: dueMs(person, rules) }))
    .sort((a, b) => a.due - b.due || a.person.place - b.person.place)
    .map(({ person }) => person);
}

/**
 * Sends people to free windows (KEM-12): each, in the order of calling, to the window whose own work it is
 * most, and of those to the one that has been free longest.
 */
export function distribute({
  line,
  free,
  nowMs,
  rules,
}: {
  line: readonly Waiting[];
  free: readonly (CallingWindow & { freeSinceMs: number })[];
  nowMs: number;
  rules: CallingRules;
}): { ticketId: string; window: string; because: Because }[] {
  const windows = [...free].sort((a, b) => a.freeSinceMs - b.freeSinceMs);
  const left = callingOrder(line, rules);
  const sent: { ticketId: string; window: string; because: Because }[] = [];
  for (const person of [...left]) {
    if (windows.length === 0) break;
    const best = Math.max(...windows.map(window => weightAt(window, person)));
    if (best === 0) continue;
    const index = windows.findIndex(window => weightAt(window, person) === best);
    const [window] = windows.splice(index, 1);
    const standing = window && standingAt(person, window, nowMs, rules);
    if (!window || !standing) continue;
    left.splice(left.indexOf(person), 1);
    const passedOver = left.filter(({ place }) => place < person.place).length;
    sent.push({ ticketId: person.ticketId, window: window.window, because: { ...standing, passedOver } });
  }
  return sent;
}

const minuteMs = 60_000;
const ownWork = 10;

const countedMs = ({ dueMs, delayMinutes }: Standing) => dueMs + delayMinutes * minuteMs;

function comesBefore(
  a: { person: Waiting; standing: Standing },
  b: { person: Waiting; standing: Standing },
): boolean {
  const difference = countedMs(a.standing) - countedMs(b.standing);
  return difference === 0 ? a.person.place < b.person.place : difference < 0;
}
