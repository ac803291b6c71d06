import assert from 'node:assert/strict';
import type { TicketView } from '../../../protocol/api/tickets.ts';
import type { Act } from './act.ts';
import { type KnownWish, letters, pick } from './draws.ts';
import { codeOf, type Hub } from './hub.ts';
import type { Kiosk } from './kiosks.ts';
import type { HallModel, Person, Wish } from './model.ts';

interface Taken {
  wish: Wish;
  at: 'hub' | Kiosk;
  given: { id: string; number: string; day: string; sinceMs: number };
  isTold: boolean;
}

/** Who took which number where: what people hold, whatever hub and kiosks remember. */
export function createTakings(hub: Hub, model: HallModel, clockLies: boolean) {
  const { clock } = hub.setting;
  const { state } = model;
  const taken: Taken[] = [];
  /** Each paper that somebody holds: its number on its day belongs to one ticket. */
  const papers = new Map<string, string>();

  function keepPaper(id: string, day: string, number: string): void {
    const holder = papers.get(`${day} ${number}`) ?? id;
    assert.equal(holder, id, `${number} of ${day} was given twice`);
    papers.set(`${day} ${number}`, id);
  }

  function takeAtHub(wish: Wish): Act {
    return {
      ...{ path: '/tickets', body: wish },
      expected: () => model.mayTake(wish),
      done(value) {
        const { id, number } = value as TicketView;
        if (state.people.some(each => each.requestId === wish.requestId)) return;
        const given = { id, number, day: model.today(), sinceMs: clock.now().getTime() };
        taken.push({ wish, at: 'hub', given, isTold: true });
        keepPaper(id, given.day, number);
        model.given(wish, given);
      },
    };
  }

  async function takeAtKiosk(kiosk: Kiosk, wish: KnownWish): Promise<string> {
    const letter = letters[wish.serviceId];
    const left = (await kiosk.view()).left.find(each => each.letter === letter)?.numbers ?? 0;
    const answer = await kiosk.take(wish);
    if (answer.kind !== 'done') {
      assert.equal(codeOf(answer), left === 0 ? 'queue.no-numbers' : undefined);
      return 'queue.no-numbers';
    }
    const { id, number, issuedAt } = answer.value;
    // A kiosk goes by the time that the hub told last.
    const sinceMs = Date.parse(issuedAt);
    const given = { id, number, day: model.dayOf(sinceMs), sinceMs };
    taken.push({ wish, at: kiosk, given, isTold: false });
    keepPaper(id, given.day, number);
    return number;
  }

  /** The hub hears of what a kiosk gave, in the order in which it was given. */
  function hear(kiosk: Kiosk): void {
    const known = new Set(hub.people().map(({ id }) => id));
    for (const each of taken) {
      if (each.at !== kiosk || each.isTold || !known.has(each.given.id)) continue;
      each.isTold = true;
      model.told(each.wish, each.given);
    }
  }
  const untold = (kiosk: Kiosk) => taken.filter(each => each.at === kiosk && !each.isTold);
  function hearAll(kiosk: Kiosk): void {
    hear(kiosk);
    assert.deepEqual(untold(kiosk), [], `the hub does not know what ${kiosk.name} gave`);
  }

  async function again(draw: number): Promise<string> {
    const one = pick(taken.slice(-20), draw);
    if (!one) return 'nobody';
    const { wish, given } = one;
    if (one.at === 'hub') {
      model.mayTake(wish);
      const answer = await hub.ask<TicketView>('POST', '/tickets', wish);
      assert.ok(answer.kind === 'done');
      assert.deepEqual([answer.value.id, answer.value.number], [given.id, given.number]);
      return given.number;
    }
    // A kiosk forgets what it has told of a day before.
    if (given.day !== model.today() || clockLies) return 'of another day';
    const { prints } = one.at.printer;
    const answer = await one.at.take(wish);
    assert.ok(answer.kind === 'done');
    const { id, number } = answer.value;
    assert.deepEqual([id, number, one.at.printer.prints], [given.id, given.number, prints]);
    return given.number;
  }

  return {
    ...{ takeAtHub, takeAtKiosk, hear, hearAll, again },
    /** Whom the hub has after a start, and nobody heard of. */
    takeOver(people: readonly Person[]): void {
      for (const each of people) {
        keepPaper(each.id, each.day, each.number);
        if (taken.some(({ given }) => given.id === each.id)) continue;
        const wish = { requestId: each.requestId, serviceId: each.serviceId };
        taken.push({ wish, at: 'hub', given: { ...each }, isTold: true });
      }
    },
    noteTold(people: readonly Person[]): void {
      for (const each of taken) each.isTold ||= people.some(({ id }) => id === each.given.id);
    },
    isAtHub: (id: string) => taken.some(({ given, at }) => given.id === id && at === 'hub'),
    /** Each paper is a ticket of the hub, and the reverse. */
    check(people: readonly Person[]): void {
      assert.equal(people.length, papers.size);
      for (const { id, day, number } of people) assert.equal(papers.get(`${day} ${number}`), id);
    },
  };
}
