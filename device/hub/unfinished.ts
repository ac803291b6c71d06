import type { Fact, KnownFact } from '../../protocol/facts.ts';
import { ticketStateAfter } from '../../protocol/ticket-state.ts';

/** Tickets are of the day; two days of facts hold every ticket of a business day in any zone. */
const recentMs = 48 * 60 * 60_000;
const ended = ['done', 'cancelled', 'abandoned'];

/** Whether the other box of the branch has a use for a fact, should it have to go on with the line. */
export function isOfTheLine({ type, at }: Pick<Fact, 'type' | 'at'>, now: Date): boolean {
  const [area] = type.split('.');
  if (area === 'ticket' || area === 'window') return Date.parse(at) > now.getTime() - recentMs;
  return (
    ['numbers', 'appointment', 'service', 'announcement', 'clerk'].includes(area ?? '') || isOfTheDay(type)
  );
}
const isOfTheDay = (type: string) => type === 'hall.day-opened' || type === 'hall.day-closed';

/**
 * What is not over in what a box wrote, in the order in which it was written: tickets of today without their
 * end, leases, appointments, and the newest word on each window, clerk, service and announcement.
 */
export function unfinished(facts: readonly Fact[], today: string): KnownFact[] {
  const bySubject = new Map<string, KnownFact[]>();
  for (const fact of facts as readonly KnownFact[]) {
    // The end of a ticket that is handed over is the beginning here.
    if (fact.type === 'ticket.abandoned' && fact.body.reason === handedOver) continue;
    const [area] = fact.type.split('.');
    const name = `${area} ${fact.subject}`;
    const known = bySubject.get(name);
    if (!known) bySubject.set(name, [fact]);
    else if (area === 'ticket') known.push(fact);
    // Of everything but a ticket the newest word says all.
    else bySubject.set(name, [fact]);
  }
  const open = new Set([...bySubject.values()].filter(story => isOpen(story, today)).flat());
  return (facts as readonly KnownFact[]).filter(fact => open.has(fact));
}

/** Facts to keep for the rest of the day: tickets that are over may be told of once more, by a station. */
export function ofToday(facts: readonly Fact[], today: string): Set<string> {
  const tickets = new Set(
    (facts as readonly KnownFact[]).flatMap(fact =>
      fact.type === 'ticket.issued' && fact.body.day === today ? [fact.subject] : [],
    ),
  );
  const open = new Set<Fact>(unfinished(facts, today) as Fact[]);
  return new Set(facts.filter(fact => tickets.has(fact.subject) || open.has(fact)).map(({ id }) => id));
}

/** Why a ticket is abandoned by a box that was replaced. */
export const handedOver = 'handed-over';

function isOpen(story: readonly KnownFact[], today: string): boolean {
  const [first] = story;
  const newest = story.at(-1);
  switch (first?.type) {
    case 'ticket.issued': {
      const state = story.reduce<string>((before, fact) => ticketStateAfter(fact) ?? before, 'issued');
      return first.body.day === today && !ended.includes(state);
    }
    case 'numbers.leased':
      return first.body.day >= today;
    default:
      break;
  }
  switch (newest?.type) {
    case 'appointment.put':
      return newest.body.day >= today;
    case 'window.opened':
    case 'window.paused':
    case 'window.resumed':
    case 'window.last-client':
    case 'clerk.skills-set':
    case 'service.offered':
    case 'announcement.made':
      return true;
    case 'hall.day-opened':
    case 'hall.day-closed':
      return newest.body.day === today;
    default:
      return false;
  }
}
