import { readFile } from 'node:fs/promises';
import type { Register } from '../../../protocol/register.ts';
import { keepAwake } from '../setting/awake.ts';
import { registerPath } from '../setting/box-config.ts';
import { medians, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { type Medium, openMedium } from '../setting/medium.ts';
import { whileRecognising } from '../setting/recognising.ts';
import { type LoadWish, loadWithKiosks, type TicketLoad } from '../setting/ticket-load.ts';

type Figures = TicketLoad<unknown>['figures'] & { limit: number };
type State = 'as it is' | 'recognising' | 'awake';

/** What a program does that gives out nothing but answers, or answers behind facts on the disk. */
const floors = { answers: 'bare HTTP server', appends: 'bare HTTP server, appends and flushes' } as const;

/**
 * POST /api/tickets, from the request to the answer, through the real server, hall and journal. Each
 * round is a new box, whose hall is full from its warm-up. Flags, each measured in turn
 * with what it is compared with: `--floor` for the least that any program on Node costs here, `--recognising`
 * while the box's recogniser reads pages with both its workers, `--awake` while no processor sleeps.
 */
export async function ticket(flags: Flags): Promise<void> {
  const medium = await openMedium();
  const register = JSON.parse(await readFile(registerPath, 'utf8')) as Register;
  const services = register.services.map(({ id }) => id);
  const rounds = flags.number('rounds', 3);
  const seconds = flags.number('seconds', 2);
  const warmUpTickets = flags.number('warm-up', 15_000);
  const states = (['as it is', 'recognising', 'awake'] as const).filter(
    state => state === 'as it is' || flags.has(state),
  );
  for (const fsyncMs of flags.numbers('fsync-ms', [1, 5]))
    for (const clients of flags.numbers('clients', [1, 20])) {
      const wish = { services, fsyncMs, clients, seconds, warmUpTickets };
      const all = new Map(states.map(state => [state, [] as Round[]]));
      for (let round = 1; round <= rounds; round++)
        for (const [state, done] of all) done.push(await inState(state, medium, wish, flags.has('floor')));
      for (const [state, done] of all) tell(wish, state, done);
    }
}

interface Round {
  okno: Figures;
  peers: Partial<Record<keyof typeof floors, Figures>>;
}

async function inState(state: State, medium: Medium, wish: LoadWish, withFloor: boolean): Promise<Round> {
  const letSleep = state === 'awake' ? keepAwake() : () => {};
  const limit = await medium.limit(wish.fsyncMs);
  const one = () => day(medium, wish);
  const { figures, answerBytes, looked } = await (state === 'recognising' ? whileRecognising(one) : one());
  const peers: Round['peers'] = {};
  if (withFloor)
    for (const [kind, factBytes] of [
      ['answers', 0],
      ['appends', looked.factBytes],
    ] as const) {
      const sizes = [answerBytes, factBytes].map(bytes => String(Math.round(bytes)));
      const peer = await loadWithKiosks(medium, wish, ['ticket-floor', ...sizes], async () => undefined);
      peers[kind] = { limit, ...peer.figures };
    }
  letSleep();
  return { okno: { limit, ...figures }, peers };
}

function day(medium: Medium, wish: LoadWish): Promise<TicketLoad<{ factBytes: number }>> {
  return loadWithKiosks(medium, wish, ['hall'], async (hall, told) => {
    const stored = await hall.ask<{ tickets: number; numbers: number; factBytes: number }>('count');
    if (stored.tickets !== told) throw new Error(`${told} tickets were given, ${stored.tickets} are stored`);
    return { factBytes: stored.factBytes / told };
  });
}

function tell({ clients, fsyncMs }: LoadWish, state: State, rounds: readonly Round[]): void {
  const name = [
    `${clients} client${clients === 1 ? '' : 's'}`,
    `fsync ${fsyncMs} ms`,
    ...(state === 'as it is' ? [] : [state]),
  ].join(', ');
  const okno = medians(rounds.map(round => round.okno));
  printFigures(name, okno);
  for (const [kind, peer] of Object.entries(floors)) {
    const done = rounds.flatMap(({ peers }) => peers[kind as keyof typeof floors] ?? []);
    if (done.length === 0) continue;
    const figures = medians(done);
    printFigures(name, figures, { peer, oknoOfPeer: okno.value / figures.value });
  }
  say(`  ${name}, of ${rounds.length}: ${rounds.map(round => round.okno.value.toFixed(0)).join(', ')}`);
}

function printFigures(
  name: string,
  { limit, value, ...more }: Figures,
  beside: Record<string, string | number> = {},
): void {
  printLine({
    bench: 'ticket',
    case: name,
    ...beside,
    value,
    unit: 'tickets/s',
    limit,
    limitUnit: 'fsync/s',
    ratio: value / limit,
    ...more,
    p50FsyncTimes: (more.p50Ms * limit) / 1000,
    p99FsyncTimes: (more.p99Ms * limit) / 1000,
    boxCpuMsPerTicket: (more.boxCpu * 1000) / value,
  });
}
