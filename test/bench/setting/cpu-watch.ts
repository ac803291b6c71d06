import { machineCpuSeconds } from './machine.ts';
import type { Program } from './programs.ts';

type Watched = Pick<Program<unknown>, 'cpuSeconds'>;

/**
 * Notes how busy programs are: the answer is in processors (1 = one of them the whole time), and
 * `othersCpu` is what the rest of the machine used meanwhile, our own process included. With much of
 * that the figures say little.
 */
export function watchCpu<N extends string>(programs: Record<N, Watched | readonly Watched[]>) {
  const names = Object.keys(programs) as N[];
  const used = (name: N) =>
    [programs[name]].flat().reduce((sum, program) => sum + (program as Watched).cpuSeconds(), 0);
  const before = new Map(names.map(name => [name, used(name)]));
  const begun = { machine: machineCpuSeconds(), ms: performance.now() };
  return (): Record<N | 'othersCpu', number> => {
    const seconds = (performance.now() - begun.ms) / 1000;
    const shares = names.map(name => [name, (used(name) - (before.get(name) ?? 0)) / seconds] as const);
    const ours = shares.reduce((sum, [, share]) => sum + share, 0);
    const machine = (machineCpuSeconds() - begun.machine) / seconds;
    return { ...Object.fromEntries(shares), othersCpu: Math.max(0, machine - ours) } as Record<
      N | 'othersCpu',
      number
    >;
  };
}
