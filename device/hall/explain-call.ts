import type { CallExplanation, CallReason } from '../../protocol/api/queue.ts';
import { AppError } from '../../protocol/app-error.ts';
import type { Fact, KnownFact } from '../../protocol/facts.ts';
import type { HallRules, Purpose } from '../../protocol/hall-rules.ts';
import { ticketStateAfter } from '../../protocol/ticket-state.ts';
import { type CallingRules, standingAt, type Waiting, whyBefore } from '../core/calling.ts';
import { type FactRow, factOf } from '../journal/fact-rows.ts';
import type { FollowingService } from '../journal/projections/tickets.ts';
import type { HallContext } from './hall-context.ts';

interface Past {
  state: string | undefined;
  person: Waiting;
  more: FollowingService[];
}

/**
 * Why one ticket was called when another one waited: made again from the facts up to that call, with the
 * rules and skills that held then. Throws `queue.unknown-ticket`, and `queue.wrong-state` when the first one
 * was never called.
 */
export function createExplanation(
  context: HallContext,
): (ticketId: string, before: string) => CallExplanation {
  const { db, windows, categoryOf, find } = context;
  const factsOf = db.prepare(
    `select * from facts where subject = ? and position <= ? and standing <> 'copy' order by position`,
  );
  const firstCall = db.prepare(
    `select position from facts where subject = ? and type = 'ticket.called' and standing <> 'copy'
      and json_extract(body, '$.call') = 1 order by position desc limit 1`,
  );
  const rulesAt = db.prepare(
    'select rules from hall_rules where position < ? order by position desc limit 1',
  );

  const windowFact = db.prepare(
    `select type from facts where subject = ? and type like 'window.%' and position <= ? and standing <> 'copy'
      order by position desc limit 1`,
  );

  function wasManned(window: string, upTo: number): boolean {
    const { type } = (windowFact.get(window, upTo) as { type: string } | undefined) ?? {};
    return type !== undefined && type !== 'window.closed';
  }

  function past(ticketId: string, upTo: number): Past {
    const rows = factsOf.all(ticketId, upTo) as unknown as FactRow[];
    const person: Waiting = {
      ...{ ticketId, place: 0, sinceMs: 0, serviceId: '', categoryId: null, purpose: 'submit' as Purpose },
      ...{ privilege: null, transferred: false, forWindow: null },
    };
    const past: Past = { state: undefined, person, more: [] };
    for (const row of rows) {
      const fact = factOf(row) as KnownFact;
      learn(past, fact, row.position);
      past.state = ticketStateAfter(fact) ?? past.state;
    }
    person.categoryId = categoryOf(person.serviceId);
    if (person.forWindow !== null && !wasManned(person.forWindow, upTo)) person.forWindow = null;
    return past;
  }

  return (ticketId, before) => {
    const [row, other] = [find(ticketId), find(before)];
    const call = firstCall.get(ticketId) as { position: number } | undefined;
    if (!call) throw new AppError('queue.wrong-state', { number: row.number });
    const [called] = (factsOf.all(ticketId, call.position) as unknown as FactRow[]).map(factOf).slice(-1);
    const { window, clerk, rule } = (
      called as Fact & { body: { window: string; clerk: string; rule?: string } }
    ).body;
    const calledAt = called?.at ?? row.issued_at;
    const kept = rulesAt.get(call.position) as { rules: string } | undefined;
    const rules: CallingRules = kept ? (JSON.parse(kept.rules) as HallRules) : context.rules;
    const at = { window, skills: windows.skillsOf(clerk, call.position) };
    const [one, two] = [past(ticketId, call.position - 1), past(before, call.position - 1)];
    const nowMs = Date.parse(calledAt);

    function reason(): CallReason {
      if (two.state !== 'waiting') return 'not-waiting';
      if (rule === 'chosen') return 'chosen';
      if (rule === 'back') return 'own-person';
      return whyBefore(one.person, two.person, at, nowMs, rules);
    }
    const due = [
      { number: row.number, person: one.person },
      { number: other.number, person: two.person },
    ].flatMap(({ number, person }) => {
      const standing = standingAt(person, at, nowMs, rules);
      if (!standing) return [];
      const { dueMs, allowedMinutes, delayMinutes } = standing;
      const takenAt = new Date(person.sinceMs).toISOString();
      return [{ number, takenAt, allowedMinutes, dueAt: new Date(dueMs).toISOString(), delayMinutes }];
    });
    const why = reason();
    const said = sentences[why](row.number, other.number, window);
    return { number: row.number, before: other.number, window, calledAt, reason: why, due, ...said };
  };
}

/** What a fact says about how a person stands in line. */
function learn({ person, more }: Past, fact: KnownFact, position: number): void {
  const joins = { place: position, sinceMs: Date.parse(fact.at), transferred: true };
  switch (fact.type) {
    case 'ticket.issued':
      person.place = position;
      person.sinceMs = Date.parse(fact.body.takenAt ?? fact.at);
      person.serviceId = fact.body.serviceId;
      person.purpose = (fact.body.purpose ?? 'submit') as Purpose;
      person.privilege = fact.body.privilege ?? null;
      for (const serviceId of fact.body.more ?? []) more.push({ serviceId, window: null });
      break;
    case 'ticket.changed':
      person.serviceId = fact.body.serviceId ?? person.serviceId;
      person.purpose = (fact.body.purpose ?? person.purpose) as Purpose;
      if (fact.body.privilege !== undefined) person.privilege = fact.body.privilege;
      break;
    case 'ticket.service-added':
      more.push({ serviceId: fact.body.serviceId, window: null });
      break;
    case 'ticket.transferred': {
      const { serviceId, toWindow, comesBack, window } = fact.body;
      if (comesBack) more.unshift({ serviceId: person.serviceId, window });
      Object.assign(person, { ...joins, serviceId, forWindow: toWindow });
      break;
    }
    case 'ticket.next-service': {
      const next = more.shift();
      if (!next) break;
      person.serviceId = next.serviceId;
      if (fact.body.where === 'line') Object.assign(person, { ...joins, forWindow: next.window });
      break;
    }
  }
}

const sentences: Record<CallReason, (a: string, b: string, window: string) => { ru: string; en: string }> = {
  'due-earlier': (a, b) => ({
    ru: `${a} нужно было вызвать раньше, чем ${b}: срок ожидания ${a} наступал первым.`,
    en: `${a} had to be called earlier than ${b}: its time came first.`,
  }),
  'taken-earlier': (a, b) => ({
    ru: `Сроки равны, а талон ${a} взят раньше, чем ${b}.`,
    en: `Both had the same time, and ${a} was taken before ${b}.`,
  }),
  chosen: (a, b) => ({
    ru: `Специалист вызвал ${a} вне очереди и указал причину; ${b} ждал по порядку.`,
    en: `The clerk called ${a} out of turn and gave a reason; ${b} waited in order.`,
  }),
  'not-served-here': (_a, b, window) => ({
    ru: `Окно ${window} не принимает по услуге талона ${b}.`,
    en: `Window ${window} does not serve what ${b} came for.`,
  }),
  'kept-for-window': (_a, b) => ({
    ru: `Талон ${b} направлен к определённому окну.`,
    en: `${b} was kept for a particular window.`,
  }),
  'own-person': (a, _b, window) => ({
    ru: `Окно ${window} уже принимало ${a} и позвало снова.`,
    en: `Window ${window} had received ${a} already and called them again.`,
  }),
  'not-waiting': (_a, b) => ({
    ru: `Талон ${b} в тот момент не ждал вызова.`,
    en: `${b} was not waiting at that moment.`,
  }),
  'not-before': (a, b) => ({
    ru: `По правилу ${a} не опережал ${b}.`,
    en: `By the rule ${a} did not come before ${b}.`,
  }),
};
