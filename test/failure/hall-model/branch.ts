import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TicketView } from '../../../protocol/api.ts';
import type { KnownFact } from '../../../protocol/facts.ts';
import { checkHall, checkWays, tablesOf } from '../../fixtures/hall-truths.ts';
import { hourMs, minuteMs } from '../../fixtures/test-clock.ts';
import type { Command, CommandName } from './commands.ts';
import { type Answer, modelRules, openHub } from './hub.ts';
import { type Kiosk, openKiosk } from './kiosks.ts';
import { createHallModel, type Person, type Wish } from './model.ts';

const letters = { 'inn-certificate': 'В', 'passport-issue': 'Б', 'housing-subsidy': 'Г' } as const;
const services = ['inn-certificate', 'passport-issue', 'housing-subsidy'] as const;

/** Whom an act is meant for, most times. */
const affected: Partial<Record<CommandName, readonly Person['state'][]>> = {
  'read from the screen': ['issued'],
  'cancel by phone': ['waiting', 'called'],
  'cancel by the hall': ['waiting', 'called', 'held'],
  'come back': ['no-show'],
  'give back': ['no-show', 'held', 'waiting-for-papers'],
  'change a ticket': ['waiting'],
  recall: ['called'],
  came: ['called'],
  'no-show': ['called'],
  finish: ['serving'],
  hold: ['serving', 'called'],
  transfer: ['serving', 'called'],
  'last client': ['serving', 'called'],
};

interface Taken {
  wish: Wish;
  at: 'hub' | Kiosk;
  given: { id: string; number: string; day: string; sinceMs: number };
  isTold: boolean;
}

export interface Setting {
  timeZone: string;
  at: string;
  /** The model cannot know the order then, and only what always holds is checked. */
  clockLies: boolean;
}

function pick<T>(list: readonly [T, ...T[]], draw?: number): T;
function pick<T>(list: readonly T[], draw?: number): T | undefined;
function pick<T>(list: readonly T[], draw = 0): T | undefined {
  return list[Math.floor(draw * list.length)];
}

/** Runs commands against a real branch and its model; throws when they differ. `note` hears what was done. */
export async function runBranch(
  setting: Setting,
  commands: readonly Command[],
  note: (what: string) => void,
): Promise<void> {
  const branch = await openBranch(setting);
  try {
    for (const command of commands) note(await branch.run(command));
    await branch.settle();
  } finally {
    await branch.close();
  }
}

async function openBranch({ timeZone, at, clockLies }: Setting) {
  const hub = await openHub({ timeZone, at });
  const { clock, clerks, trouble, printed } = hub.setting;
  const kiosks = [await openKiosk('kiosk-1', hub), await openKiosk('kiosk-2', hub)] as const;
  const windows = clerks.map(({ window }) => window ?? '');
  const model = createHallModel({ clock, timeZone, rules: structuredClone(modelRules) as never, windows });
  const taken: Taken[] = [];
  /** Each paper that somebody holds: its number on its day belongs to one ticket. */
  const papers = new Map<string, string>();
  const { state } = model;

  function keepPaper(id: string, day: string, number: string): void {
    const holder = papers.get(`${day} ${number}`) ?? id;
    assert.equal(holder, id, `${number} of ${day} was given twice`);
    papers.set(`${day} ${number}`, id);
  }

  /** Of people who came to the hub for the same thing, whoever came first was called, whatever the clock says. */
  function inOrder(before: readonly Person[]): void {
    const isPlain = ({ id, transferred, forWindow }: Person) =>
      !transferred &&
      forWindow === null &&
      taken.some(({ given, at: where }) => given.id === id && where === 'hub');
    const wished = (one: Person) => `${one.serviceId} ${one.purpose} ${one.privilege}`;
    const line = before.filter(each => each.state === 'waiting' && isPlain(each));
    const called = line.find(({ id }) => hub.people().some(now => now.id === id && now.state === 'called'));
    if (!called) return;
    const first = line.find(each => wished(each) === wished(called));
    assert.equal(called.number, first?.number, 'overtaken');
  }

  /** Takes over what the hub says became of it. */
  function adopt(): void {
    model.adopt(
      hub.people(),
      hub.windows().map(({ window, state: is }) => [window, is]),
    );
    for (const each of taken) each.isTold ||= state.people.some(({ id }) => id === each.given.id);
  }

  function compare(): void {
    checkHall(hub.setting.now());
    const people = hub.people();
    if (clockLies) return;
    const shown = ({ place: _, calledMs: _c, printFailedMs, ...rest }: Person) => ({
      ...rest,
      endedMs: rest.endedMs === null ? null : 'ended',
      printFailed: printFailedMs !== null,
      window: ['called', 'serving', 'held', 'waiting-for-papers'].includes(rest.state) ? rest.window : null,
    });
    assert.deepEqual(people.map(shown), state.people.toSorted((a, b) => a.place - b.place).map(shown));
    const open = hub.windows().filter(each => each.state !== 'closed');
    assert.deepEqual(
      new Map(open.map(each => [each.window, each.state])),
      new Map(
        [...state.windows].filter(([, is]) => is !== 'closed').toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    );
  }

  /** One act over HTTP: what it asks, and what the model says to it. `repeats` sends it once more, as after a lost answer. */
  interface Act {
    method?: 'POST' | 'DELETE';
    path: string;
    body?: object;
    me?: string;
    expected: () => string | undefined;
    done?: (value: unknown) => void;
  }

  function clerkAct(
    name: CommandName,
    [a = 0, b = 0, c = 0, d = 0, e = 0]: readonly number[],
  ): Act | undefined {
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

  function hallAct(name: CommandName, [a = 0, b = 0, c = 0]: readonly number[]): Act | undefined {
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
        const window = pick(windows, a) ?? '1';
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
          expected: () => void state.announcements++,
        };
      case 'message to clerks':
        return {
          ...{ path: '/hall/messages', me, body: { requestId, window: null, words: 'Проба' } },
          expected: () => void state.messages++,
        };
      default:
        return undefined;
    }
  }

  function newWish([a = 0, b = 0, c = 0, d = 0]: readonly number[]): Wish & {
    serviceId: keyof typeof letters;
  } {
    return {
      requestId: randomUUID(),
      serviceId: pick(services, a),
      ...(b < 0.3 && { purpose: pick(['submit', 'consult', 'appointment'] as const, b / 0.3) }),
      ...(c < 0.3 && { privilege: pick(['veteran', 'with-child', 'unwell'] as const, c / 0.3) }),
      ...(d < 0.3 && { more: d < 0.2 ? [services[0]] : [services[1], services[2]] }),
    };
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

  /** All that a repeated act could have done twice. */
  const seen = () => ({
    people: hub.people(),
    windows: hub.windows(),
    papers: printed.length,
    words: hub.count('hall_words'),
    announcements: hub.count('announcements'),
  });

  /** Sends an act and holds the answer against the model; an answer that got lost leaves it to the hub. */
  async function act(
    { method = 'POST', path, body, me, expected, done }: Act,
    repeats: boolean,
  ): Promise<string> {
    const send = () => hub.ask(method, path, body ?? {}, me);
    const answer = await send();
    const code = expected();
    if (answer.kind === 'done') done?.(answer.value);
    if (!clockLies) assert.equal(codeOf(answer), code, path);
    if (!repeats) return codeOf(answer) ?? 'done';
    const once = seen();
    await send();
    assert.deepEqual(seen(), once, `${path} twice is not once`);
    return `${codeOf(answer) ?? 'done'}, twice`;
  }
  const codeOf = (answer: Answer) =>
    answer.kind === 'refused' ? answer.code : answer.kind === 'lost' ? 'lost' : undefined;

  async function takeAtKiosk(
    kiosk: Kiosk,
    wish: Wish & { serviceId: keyof typeof letters },
  ): Promise<string> {
    const letter = letters[wish.serviceId];
    const left = (await kiosk.view()).left.find(each => each.letter === letter)?.numbers ?? 0;
    const answer = await kiosk.take(wish);
    if (answer.kind !== 'done') {
      assert.equal(codeOf(answer), left === 0 ? 'queue.no-numbers' : undefined);
      return 'queue.no-numbers';
    }
    const { id, number } = answer.value;
    const given = { id, number, day: model.today(), sinceMs: clock.now().getTime() };
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

  async function killHubIn(inner: Act, draw: number): Promise<string> {
    const asked = hub.ask('POST', inner.path, inner.body ?? {}, inner.me);
    for (let turn = 0; turn < Math.floor(draw * 12); turn++) await new Promise(setImmediate);
    await killHub();
    const answer = await asked;
    const { people } = state;
    const before = structuredClone(people);
    adopt();
    model.started();
    if (answer.kind === 'done' && inner.path === '/tickets') {
      const { id, number } = answer.value as TicketView;
      assert.ok(
        people.some(each => each.id === id && each.number === number),
        `${number} was told and is gone`,
      );
    }
    for (const { id, number, day } of people) keepPaper(id, day, number);
    for (const each of people)
      if (!before.some(({ id }) => id === each.id))
        taken.push({
          wish: { requestId: each.requestId, serviceId: each.serviceId },
          ...{ at: 'hub', given: { ...each }, isTold: true },
        });
    return codeOf(answer) ?? 'done';
  }

  async function perform({ name, draws }: Command): Promise<string> {
    const [a = 0, b = 0, c = 0, d = 0] = draws;
    const kiosk = kiosks[a < 0.5 ? 0 : 1];
    switch (name) {
      case 'take at the hub':
        return act(takeAtHub(newWish(draws.slice(1))), a < 0.2);
      case 'take at a kiosk':
        return takeAtKiosk(kiosk, newWish(draws.slice(1)));
      case 'the same wish again':
        return again(b);
      case 'day closed and opened':
        await hub.ask('POST', '/hall/day/close', {}, 'hall');
        model.closeDay();
        compare();
        await hub.ask('POST', '/hall/day/open', {}, 'hall');
        model.openDay();
        return 'done';
      case 'paper runs out or is put in':
        state.printerFails = !state.printerFails;
        trouble.code = state.printerFails ? 'printer.paper-out' : undefined;
        return state.printerFails ? 'out' : 'in';
      case 'time passes':
        clock.advance(Math.floor(b * 4 * minuteMs));
        return clock.now().toISOString();
      case 'a night passes':
        clock.advance(Math.floor((4 + b * 14) * hourMs));
        return clock.now().toISOString();
      case 'the clock is set':
        if (!clockLies) return 'not here';
        clock.set(new Date(clock.now().getTime() + (b - 0.6) * 5 * hourMs).toISOString());
        return clock.now().toISOString();
      case 'tick':
        await hub.setting.now().hall.tick();
        model.tick();
        return 'done';
      case 'a kiosk talks':
        if (kiosk.trouble() !== 'none') return 'its line is bad';
        await kiosk.talk();
        hearAll(kiosk);
        return kiosk.name;
      case 'a kiosk talks until its line breaks':
        if (kiosk.trouble() !== 'none') return 'its line is bad';
        await kiosk.talkUntil(b);
        hear(kiosk);
        return kiosk.name;
      case 'the line of a kiosk is cut':
        kiosk.cut();
        return kiosk.name;
      case 'the line of a kiosk hangs':
        kiosk.stall();
        return kiosk.name;
      case 'the line of a kiosk is mended':
        await kiosk.mend();
        hearAll(kiosk);
        return kiosk.name;
      case 'the hub is killed':
        await killHub();
        model.started();
        return 'done';
      case 'the hub is killed in an act': {
        const inner =
          b < 0.5 ? takeAtHub(newWish(draws.slice(1))) : clerkAct(b < 0.75 ? 'call next' : 'finish', draws);
        return inner ? killHubIn(inner, d) : 'nobody';
      }
      case 'a kiosk is killed': {
        const wish = newWish([b, c, d]);
        await kiosk.kill(wish, letters[wish.serviceId]);
        const number = await takeAtKiosk(kiosk, wish);
        // It tells what somebody may hold as soon as it starts.
        hear(kiosk);
        return number;
      }
      default: {
        const wanted = clerkAct(name, draws) ?? hallAct(name, draws);
        return wanted ? act(wanted, (draws[5] ?? 0) < 0.15) : 'nobody';
      }
    }
  }
  async function killHub(): Promise<void> {
    await hub.kill();
    for (const each of kiosks) if (each.trouble() === 'none') each.line.target = hub.port;
  }

  return {
    async run(command: Command): Promise<string> {
      const before = clockLies ? hub.people() : [];
      const said = `${command.name}: ${await perform(command)}`;
      if (clockLies && command.name === 'call next') inOrder(before);
      if (clockLies) adopt();
      compare();
      return said;
    },
    async settle(): Promise<void> {
      for (const kiosk of kiosks) {
        await kiosk.mend();
        hearAll(kiosk);
        const { hub: line, untold: left, refused } = await kiosk.view();
        assert.deepEqual([line, left, refused], ['connected', 0, []]);
      }
      const { db, journal, hall } = hub.setting.now();
      await journal.commit([]);
      const people = hub.people();
      assert.equal(people.length, papers.size);
      for (const { id, day, number } of people) assert.equal(papers.get(`${day} ${number}`), id);
      const states = checkWays(journal.read(0, 1_000_000) as KnownFact[]);
      for (const [id, is] of states) assert.equal(hall.ticket(id).state, is);
      assert.equal(states.size, people.length);
      journal.verifyChain();
      const built = tablesOf(db);
      await journal.rebuild();
      assert.deepEqual(tablesOf(db), built);
    },
    async close(): Promise<void> {
      for (const kiosk of kiosks) await kiosk.close();
      await hub.close();
    },
  };
}
