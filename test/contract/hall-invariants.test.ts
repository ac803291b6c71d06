import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { AppError } from '../../protocol/app-error.ts';
import type { KnownFact } from '../../protocol/facts.ts';
import { seededRandom } from '../fixtures/books.ts';
import { checkHall, checkWays, tablesOf } from '../fixtures/hall-truths.ts';
import { hallAdministrator, openQuickHall } from '../fixtures/quick-hall.ts';
import { hourMs, minuteMs } from '../fixtures/test-clock.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const services = ['inn-certificate', 'passport-issue', 'housing-subsidy', 'tax-relief-that-is-not-there'];
const zones = ['Europe/Kaliningrad', 'Europe/Moscow', 'Asia/Kamchatka', 'Asia/Kathmandu'];

type Setting = ReturnType<typeof openQuickHall>;

/** People, clerks, an administrator, a station and a clock, each doing whatever comes to mind. */
function crowd(setting: Setting, random: () => number, options: { clockLies: boolean }) {
  const draw = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
  const { clock, clerks } = setting;
  const tickets: string[] = [];
  const leases: { leaseId: string; from: number; to: number }[] = [];
  const hall = () => setting.now().hall;
  const admin = () => hall().administrator;
  const clerk = () => draw(clerks);
  const ticket = () => draw(tickets) ?? randomUUID();
  /** The person at a clerk's window, most times. */
  const mine = (me: (typeof clerks)[number]) =>
    (random() < 0.9 ? hall().queue(me).mine?.ticketId : undefined) ?? ticket();
  const keep = async (given: Promise<{ id: string }>) => void tickets.push((await given).id);
  const wish = () => ({
    requestId: randomUUID(),
    serviceId: draw(services),
    ...(random() < 0.3 && { purpose: draw(['submit', 'consult', 'appointment'] as const) }),
    ...(random() < 0.2 && { privilege: draw(['veteran', 'with-child', 'unwell']) }),
    ...(random() < 0.2 && { more: [draw(services)] }),
    ...(random() < 0.2 && { holder: draw(['phone-one', 'phone-two']) }),
  });
  const about = (act: (me: (typeof clerks)[number], id: string) => Promise<void>) => () => {
    const me = clerk();
    return act(me, mine(me));
  };
  const acts: [number, () => Promise<unknown>][] = [
    [30, () => keep(hall().issue(wish()))],
    [18, () => hall().callNext(clerk())],
    [3, () => hall().choose(clerk(), { ticketId: ticket(), reason: draw(['child', 'nonsense']) })],
    [4, about((me, id) => hall().recall(me, id))],
    [16, about((me, id) => hall().came(me, id))],
    [3, about((me, id) => hall().noShow(me, id))],
    [16, about((me, id) => hall().finish(me, id))],
    [4, about((me, id) => hall().hold(me, id, { why: draw(['pause', 'papers']), minutes: draw([3, null]) }))],
    [2, about((me, id) => hall().back(me, id))],
    [
      4,
      about((me, id) =>
        hall().transfer(me, id, {
          ...(random() < 0.5 && { serviceId: draw(services) }),
          ...(random() < 0.5 && { window: draw(['1', '2', '3', '9']) }),
          comesBack: random() < 0.5,
        }),
      ),
    ],
    [2, about((me, id) => hall().addService(me, id, { requestId: randomUUID(), serviceId: draw(services) }))],
    [1, about((me, id) => hall().comment(me, id, { requestId: randomUUID(), words: 'проба' }))],
    [2, () => hall().visitors.cancel(ticket())],
    [3, () => hall().visitors.comeBack(ticket())],
    [2, () => hall().window.pause(clerk(), { reason: 'lunch', minutes: 5 })],
    [2, () => hall().window.open(clerk())],
    [1, () => hall().window.lastClient(clerk())],
    [1, () => hall().window.close(clerk())],
    [
      2,
      () =>
        admin().change(hallAdministrator, ticket(), {
          reason: 'other',
          ...(random() < 0.5 ? { serviceId: draw(services) } : { privilege: draw(['unwell', null]) }),
        }),
    ],
    [1, () => admin().cancel(hallAdministrator, ticket(), 'person-left')],
    [1, () => admin().giveBack(hallAdministrator, ticket())],
    [1, () => admin().reprint(hallAdministrator, ticket())],
    [
      1,
      () =>
        admin().setSkills(hallAdministrator, clerk().login, {
          skills: random() < 0.5 ? null : [{ serviceId: draw(services), weight: Math.floor(random() * 11) }],
        }),
    ],
    [
      1,
      () =>
        admin().offer(hallAdministrator, draw(services), {
          ...{ open: random() < 0.8, perDay: draw([null, 40]), reason: 'other' },
        }),
    ],
    [
      1,
      async () => {
        const leaseId = randomUUID();
        const day = hall().live().day;
        leases.push(await hall().stations.lease('kiosk-2', { leaseId, letter: 'В', day, count: 3 }));
      },
    ],
    [
      3,
      async () => {
        const lease = draw(leases);
        if (!lease) return;
        const running = lease.from + Math.floor(random() * 4);
        const takenAt = new Date(clock.now().getTime() - Math.floor(random() * 10) * minuteMs).toISOString();
        const late = {
          ...wish(),
          ticketId: randomUUID(),
          leaseId: lease.leaseId,
          running,
          takenAt,
          heldBy: 'printed' as const,
        };
        tickets.push((await hall().stations.accept('kiosk-2', late)).ticketId);
      },
    ],
    [
      2,
      async () => {
        setting.trouble.code = random() < 0.5 ? 'printer.paper-out' : undefined;
      },
    ],
    [
      1,
      async () => {
        const id = tickets.at(-1);
        if (id) await hall().confirmOnScreen(id);
      },
    ],
    [15, async () => clock.advance(Math.floor(random() * 4 * minuteMs))],
    [6, () => hall().tick()],
    [0.5, () => setting.restart()],
    [
      0.3,
      () =>
        admin()
          .closeDay(hallAdministrator)
          .then(() => admin().openDay(hallAdministrator)),
    ],
    [0.2, async () => clock.advance(14 * hourMs)],
    ...(options.clockLies
      ? ([
          [1, async () => clock.set(new Date(clock.now().getTime() - random() * 5 * hourMs).toISOString())],
          [1, async () => clock.set(new Date(clock.now().getTime() + random() * 2 * hourMs).toISOString())],
        ] as [number, () => Promise<unknown>][])
      : []),
  ];
  const total = acts.reduce((sum, [share]) => sum + share, 0);
  return async () => {
    let left = random() * total;
    const chosen = acts.find(([share]) => {
      left -= share;
      return left < 0;
    });
    try {
      await chosen?.[1]();
    } catch (error) {
      // A refusal is an answer; anything else is a fault.
      if (!(error instanceof AppError)) throw error;
      assert.match(error.code, /^(queue|printer)\./);
    }
  };
}

for (const clockLies of [false, true])
  test(`whatever happens in a hall, nobody gets lost or doubled, and its journal is its state (${clockLies ? 'a clock that lies' : 'a true clock'})`, async t => {
    t.diagnostic(`OKNO_SEED=${seed}`);
    const random = seededRandom(seed + (clockLies ? 1 : 0));
    const timeZone = zones[seed % zones.length] ?? 'Europe/Moscow';
    const setting = openQuickHall({ timeZone, rules: { noShow: { how: 'automatic', afterSeconds: 60 } } });
    t.after(() => setting.close());
    const step = crowd(setting, random, { clockLies });
    let [calls, explained] = [0, 0];
    for (let round = 0; round < 600; round++) {
      const before = setting
        .now()
        .hall.line.waiting()
        .map(({ row }) => row.id);
      const head = setting.now().journal.head();
      await step();
      checkHall(setting.now());
      // By a clock that lies the order of the hall's own time holds, and not what the wall clock says.
      if (clockLies) continue;
      const { journal, hall } = setting.now();
      for (const fact of journal.read(head, 10) as KnownFact[]) {
        if (fact.type !== 'ticket.called' || fact.body.rule !== 'due') continue;
        calls++;
        for (const other of before.filter(id => id !== fact.subject)) {
          explained++;
          const { reason } = hall.explain(fact.subject, other);
          assert.notEqual(reason, 'not-before', `${fact.subject} before ${other}`);
        }
      }
    }
    await setting.now().journal.commit([]);
    const states = checkWays(setting.now().journal.read(0, 100_000) as KnownFact[]);
    // What the centre makes of the same facts.
    for (const [id, state] of states) assert.equal(setting.now().hall.ticket(id).state, state);
    const state = tablesOf(setting.now().db);
    await setting.now().journal.rebuild();
    assert.deepEqual(tablesOf(setting.now().db), state);
    checkHall(setting.now());
    if (!clockLies) assert.ok(calls > 5 && explained > 5, `${calls} calls, ${explained} explained`);
  });
