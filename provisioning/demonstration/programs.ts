import { type ChildProcess, execFile, fork } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Program {
  /** What the program printed when it was ready. */
  ready: Record<string, unknown>;
  pid: number;
  /** Whether it still runs. */
  alive(): boolean;
  /** Asks it to end and waits; ends it after 15 s. */
  stop(): Promise<void>;
  /** Kills it at once, as a power cut would. */
  kill(): Promise<void>;
}

/** What Node compiled at one start it need not compile at the next, nor hold its compiler in memory. */
const compiledDir = join(root, 'node_modules/.cache/okno-compiled');
const readyWithinMs = 60_000;
const stopWithinMs = 15_000;

/**
 * Starts one of our programs as a process of its own. It is ready when it prints a JSON line; what it
 * logs goes to `logFile`. It ends with this process, whatever happens to us, since its channel closes.
 * Rejects with the last lines of the log when it ends before it is ready.
 */
export async function startProgram(wish: {
  script: string;
  args: string[];
  logFile: string;
  env?: Record<string, string>;
  /** Flags of Node. */
  nodeFlags?: readonly string[];
  onExit?: (code: number | null) => void;
}): Promise<Program> {
  mkdirSync(dirname(wish.logFile), { recursive: true });
  const log = createWriteStream(wish.logFile, { flags: 'a' });
  const tail: string[] = [];
  const child: ChildProcess = fork(join(root, wish.script), wish.args, {
    cwd: root,
    env: { NODE_COMPILE_CACHE: compiledDir, ...process.env, ...wish.env },
    ...(wish.nodeFlags && { execArgv: [...wish.nodeFlags] }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C in the terminal reaches us alone; we stop the programs in order.
    detached: true,
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    log.write(chunk);
    tail.push(chunk.toString());
    if (tail.length > 40) tail.shift();
  });
  const ended = new Promise<number | null>(resolve => {
    child.once('exit', code => {
      log.end();
      resolve(code);
    });
  });

  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${wish.script} was not ready in time\n${tail.join('')}`));
    }, readyWithinMs);
    const lines = createInterface({ input: child.stdout as NonNullable<typeof child.stdout> });
    lines.once('line', line => {
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
    void ended.then(code => {
      clearTimeout(timer);
      reject(new Error(`${wish.script} ended with ${code}\n${tail.join('')}`));
    });
  });
  const alive = () => child.exitCode === null && child.signalCode === null;
  void ended.then(code => wish.onExit?.(code));

  return {
    ready,
    pid: child.pid as number,
    alive,
    async stop() {
      if (!alive()) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await ended;
      clearTimeout(timer);
    },
    async kill() {
      if (alive()) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs one of our programs to its end and reads the JSON line that it prints. */
export async function runProgramOnce(script: string, args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, script), ...args], {
    cwd: root,
  });
  return JSON.parse(stdout);
}
