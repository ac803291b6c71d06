import assert from 'node:assert/strict';
import type { QueueView } from '../../../protocol/api/queue.ts';
import type { TicketView } from '../../../protocol/api/tickets.ts';
import type { KnownFact } from '../../../protocol/facts.ts';
import { checkHall, checkWays, tablesOf } from '../../fixtures/hall-truths.ts';
import { hourMs, minuteMs } from '../../fixtures/test-clock.ts';
import type { Act } from './act.ts';
import { clerkAct } from './clerk-acts.ts';
import type { Command } from './commands.ts';
import { letters, newWish } from './draws.ts';
import { hallAct } from './hall-acts.ts';
import { codeOf, modelRules, openHub } from './hub.ts';
import { openKiosk } from './kiosks.ts';
import { createHallModel, type Person } from './model.ts';
import { createTakings } from './takings.ts';

export interface Setting {
  timeZone: string;
  at: string;
  /** The model cannot know the order then, and only what always holds is checked. */
  clockLies: boolean;
  /** The box sends people to free windows; whom to which is not foretold either. */
  automaticCalls: boolean;
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

async function openBranch({ timeZone, at, clockLies, automaticCalls }: Setting) {
  const hub = await openHub({ timeZone, at, automaticCalls });
  const { clock, clerks, trouble, printed } = hub.setting;
  const kiosks = [await openKiosk('kiosk-1', hub), await openKiosk('kiosk-2', hub)] as const;
  const windows = clerks.map(({ window }) => window ?? '');
  const model = createHallModel({ clock, timeZone, rules: modelRules, windows });
  const takings = createTakings(hub, model, clockLies);
  const { takeAtHub, takeAtKiosk, hear, hearAll } = takings;
  const { state } = model;

  /** Of people who came to the hub for the same thing, whoever came first was called, whatever the clock says. */
  function inOrder(before: readonly Person[]): void {
    const isPlain = ({ id, transferred, forWindow }: Person) =>
      !transferred && forWindow === null && takings.isAtHub(id);
    const wished = (one: Person) => `${one.serviceId} ${one.purpose} ${one.privilege}`;
    const line = before.filter(each => each.state === 'waiting' && isPlain(each));
    const called = line.find(({ id }) => hub.people().some(now => now.id === id && now.state === 'called'));
    if (!called) return;
    const first = line.find(each => wished(each) === wished(called));
    assert.equal(called.number, first?.number, 'overtaken');
  }

  /** After the box sent people on, no open window is free while somebody waits whom it serves. */
  function nobodyIdle(): void {
    for (const [window, is] of state.windows)
      if (is === 'open' && !model.at(window))
        assert.equal(model.nextFor(window)?.number, undefined, `window ${window} is free`);
  }

  /** Takes over what the hub says became of it. */
  function adopt(): void {
    model.adopt(hub.people(), hub.windows());
    takings.noteTold(state.people);
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

  /** All that a repeated act could have done twice. */
  const seen = () => ({
    people: hub.people(),
    windows: hub.windows(),
    papers: printed.length,
    words: hub.count('hall_words'),
    announcements: hub.count('announcements'),
  });

  /** Sends an act and holds the answer against the model; an answer that got lost leaves it to the hub. */
  async function act({ path, body, me, expected, done }: Act, repeats: boolean): Promise<string> {
    const send = () => hub.ask('POST', path, body ?? {}, me);
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
  async function killHubIn(inner: Act, draw: number): Promise<string> {
    const asked = hub.ask('POST', inner.path, inner.body ?? {}, inner.me);
    for (let turn = 0; turn < Math.floor(draw * 12); turn++) await new Promise(setImmediate);
    await killHub();
    const answer = await asked;
    const { people } = state;
    adopt();
    model.started();
    if (answer.kind === 'done' && inner.path === '/queue/next') {
      const { mine } = answer.value as QueueView;
      assert.ok(people.some(each => each.id === mine?.ticketId && each.state === 'called'));
    }
    if (answer.kind === 'done' && inner.path === '/tickets') {
      const { id, number } = answer.value as TicketView;
      assert.ok(
        people.some(each => each.id === id && each.number === number),
        `${number} was told and is gone`,
      );
    }
    takings.takeOver(people);
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
        return takings.again(b);
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
          b < 0.5
            ? takeAtHub(newWish(draws.slice(1)))
            : clerkAct(model, b < 0.75 ? 'call next' : 'finish', draws);
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
        const wanted = clerkAct(model, name, draws) ?? hallAct(model, name, draws);
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
      if (automaticCalls && command.name === 'tick') nobodyIdle();
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
      takings.check(people);
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
