import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { atTheEnd } from './ending.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** A program that has not said what it should by then has hung. */
const answerWithinMs = 180_000;
const stopWithinMs = 15_000;
const clockTicksPerSecond = 100; // USER_HZ of Linux, the unit of /proc/PID/stat

export interface Program<T> {
  pid: number;
  /** The first thing it said. Rejects when it ends before. */
  heard: Promise<T>;
  /** Asks it to do something and waits for the answer; one question at a time. */
  ask<A>(act: string, wish?: object): Promise<A>;
  /** Processor time it has used, all threads. */
  cpuSeconds(): number;
  memoryBytes(): number;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface ProgramWish {
  env?: Record<string, string>;
  /** Words before the program, for example `ip netns exec NAME`. */
  prefix?: readonly string[];
  /** Flags of Node. */
  nodeFlags?: readonly string[];
}

/**
 * Starts one of `test/bench/programs` by its name, or any script by its path from the project's root. A
 * script outside speaks by its first line on standard output. Its standard error is
 * ours. It ends when its channel to us closes.
 */
export async function startProgram<T>(
  name: string,
  args: readonly string[],
  wish: ProgramWish = {},
): Promise<Program<T>> {
  const script = name.endsWith('.ts') ? join(root, name) : join(root, 'test/bench/programs', `${name}.ts`);
  const [command = '', ...rest] = [
    ...(wish.prefix ?? []),
    process.execPath,
    ...profiling(),
    ...(wish.nodeFlags ?? []),
    script,
    ...args,
  ];
  const child = spawn(command, rest, {
    cwd: root,
    env: { ...process.env, ...wish.env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const messages = inbox(child, name);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} was not started`);

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await ended;
      clearTimeout(timer);
    }
  }
  atTheEnd(() => end('SIGKILL'));
  // Nobody may wait for it: the failure is told by whoever asks.
  const heard = messages.next() as Promise<T>;
  heard.catch(() => {});

  return {
    pid,
    heard,
    async ask<A>(act: string, question: object = {}) {
      const reply = messages.next();
      child.send({ ...question, act });
      return (await reply) as A;
    },
    cpuSeconds() {
      // Field 2 may hold spaces; the ones behind it are counted from its closing bracket.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
    },
    memoryBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

/** Messages of the channel, and the first line of standard output, one after the other. */
function inbox(child: ChildProcess, name: string) {
  const waiting: { resolve: (message: unknown) => void; reject: (error: Error) => void }[] = [];
  const unread: unknown[] = [];
  let over: Error | undefined;
  const take = (message: unknown) => {
    const first = waiting.shift();
    if (first) first.resolve(message);
    else unread.push(message);
  };
  child.on('message', take);
  if (child.stdout) createInterface({ input: child.stdout }).once('line', line => take(JSON.parse(line)));
  child.once('close', () => {
    over = new Error(`${name} ended with ${child.exitCode ?? child.signalCode}`);
    for (const { reject } of waiting.splice(0)) reject(over);
  });
  return {
    next: () =>
      new Promise<unknown>((resolve, reject) => {
        if (unread.length > 0) return resolve(unread.shift());
        if (over) return reject(over);
        const timer = setTimeout(() => reject(new Error(`no answer from ${name} in time`)), answerWithinMs);
        waiting.push({
          resolve: message => {
            clearTimeout(timer);
            resolve(message);
          },
          reject: error => {
            clearTimeout(timer);
            reject(error);
          },
        });
      }),
  };
}

/** `OKNO_BENCH_PROFILE=DIR` makes every program write a profile of its processor time there. */
function profiling(): string[] {
  const dir = process.env.OKNO_BENCH_PROFILE;
  return dir ? ['--cpu-prof', `--cpu-prof-dir=${dir}`] : [];
}
