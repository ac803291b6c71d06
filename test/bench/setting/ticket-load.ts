import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { watchCpu } from './cpu-watch.ts';
import { percentile } from './figures.ts';
import type { Medium } from './medium.ts';
import { type Program, startProgram } from './programs.ts';

/** More than the busiest branch gives out on one day. */
const ticketsOfDay = 2000;
/** Kiosks of the warm-up, however many are measured, and how long they may take. */
const warmUp = { clients: 20, seconds: 60 };

export interface LoadWish {
  services: readonly string[];
  fsyncMs: number;
  clients: number;
  seconds: number;
  /**
   * Tickets that are given out before. A box works for months; Node compiles what each ticket calls once for the
   * last time after some 11,000 of them, and until then a ticket costs nearly half as much again.
   */
  warmUpTickets: number;
}

/** What kiosks that ask again and again made of a program that gives out tickets. */
export interface TicketLoad<T> {
  figures: {
    value: number;
    p50Ms: number;
    p99Ms: number;
    fsyncsPerTicket: number;
    boxCpu: number;
    clientsCpu: number;
    othersCpu: number;
    boxMemoryBytes: number;
  };
  /** Bytes of an answer with its head, on average. */
  answerBytes: number;
  looked: T;
}

/** Programs so far: each has a folder of its own. */
let programs = 0;

/**
 * Starts a program of `test/bench/programs` in a folder of its own and lets kiosks ask it for tickets over
 * HTTP. `look` sees the program afterwards with the number of tickets that the kiosks have, those of the
 * warm-up too.
 */
export async function loadWithKiosks<T>(
  medium: Medium,
  wish: LoadWish,
  [program, ...args]: readonly [string, ...string[]],
  look: (server: Program<{ port: number }>, tickets: number) => Promise<T>,
): Promise<TicketLoad<T>> {
  const { services, fsyncMs, clients, seconds, warmUpTickets } = wish;
  const name = `${program}-${++programs}`;
  const dir = join(medium.folder, name);
  await mkdir(dir);
  const env = medium.env(name, fsyncMs);
  const server = await startProgram<{ port: number }>(program, [dir, ...args], { env });
  const { port } = await server.heard;
  const kiosks = await startProgram('ticket-clients', [String(port), ...services]);
  await kiosks.heard;
  const run = (round: { clients: number; seconds: number; tickets: number }) =>
    kiosks.ask<{ tookMs: number; latenciesMs: number[]; answerBytes: number }>('run', round);
  const before = await run({ ...warmUp, tickets: warmUpTickets });
  const fsyncs = medium.fsyncs(name);
  const cpu = watchCpu({ boxCpu: server, clientsCpu: kiosks });
  const { tookMs, latenciesMs, answerBytes } = await run({ clients, seconds, tickets: ticketsOfDay });
  const figures = {
    value: (latenciesMs.length * 1000) / tookMs,
    p50Ms: percentile(latenciesMs, 50),
    p99Ms: percentile(latenciesMs, 99),
    fsyncsPerTicket: (medium.fsyncs(name) - fsyncs) / latenciesMs.length,
    ...cpu(),
    boxMemoryBytes: server.memoryBytes(),
  };
  const looked = await look(server, before.latenciesMs.length + latenciesMs.length);
  await kiosks.stop();
  await server.stop();
  return { figures, answerBytes, looked };
}
