import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program of the failure tests that may be killed at any time, also by itself. */
export interface Killable {
  /** What it said, line by line; it grows. */
  said: string[];
  /** The line that begins with a word; rejects when the program is gone before it comes. */
  line(word: string): Promise<string>;
  /** When it is gone and all that it said is here. Rejects when it ended by a fault of its own. */
  gone: Promise<void>;
  /** Asks it to go on without work of its own. */
  quiet(): void;
  kill(): Promise<void>;
}

/** Starts a script with a wish; whatever it says is kept. */
export function startKillable(script: string, wishFile: string, env: Record<string, string>): Killable {
  const child = spawn(process.execPath, [script, wishFile], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  const said: string[] = [];
  const waiting = new Map<string, PromiseWithResolvers<string>>();
  let faults = '';
  child.stderr?.setEncoding('utf8').on('data', chunk => {
    faults += chunk;
  });
  if (child.stdout)
    createInterface({ input: child.stdout }).on('line', line => {
      said.push(line);
      waiting.get(line.split(' ')[0] ?? '')?.resolve(line);
    });
  const gone = once(child, 'close').then(([code, signal]) => {
    const fault = new Error(`${script} ended with ${code ?? signal}\n${faults}`);
    for (const { reject } of waiting.values()) reject(fault);
    if (signal !== 'SIGKILL') throw fault;
  });
  gone.catch(() => {});
  return {
    said,
    async line(word) {
      const earlier = said.find(line => line.startsWith(word));
      if (earlier) return earlier;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${script} is gone`);
      const waits = waiting.get(word) ?? Promise.withResolvers<string>();
      waiting.set(word, waits);
      return await waits.promise;
    },
    gone,
    quiet: () => void (child.connected && child.send('quiet')),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
