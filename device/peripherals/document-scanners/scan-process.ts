import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type Ended, isOver } from './sane-status.ts';

/** A running `scanimage`. */
export interface Scan {
  /** The next finished page's file, or how the program ended. */
  next(): Promise<{ kind: 'page'; file: string } | Ended>;
  /** Asks it to stop, once, and makes it when it does not: a lamp left on or a head off its place is worse than a wait. */
  kill(): void;
  /** Settles when the process is gone. */
  gone: Promise<Ended>;
}

const keptErrorChars = 4_000;

/** Once everything is told, or it was asked to stop, the program has `endMs` milliseconds to let go of the device. */
export function startScan(
  program: string,
  args: string[],
  configDir: string | undefined,
  endMs: number,
): Scan {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // The words on the error stream are looked at, so they must be English.
    env: { ...process.env, LC_ALL: 'C', ...(configDir === undefined ? {} : { SANE_CONFIG_DIR: configDir }) },
  });
  let errors = '';
  let missingProgram = false;
  let ending: NodeJS.Timeout | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-keptErrorChars);
    // SANE cancels its reading thread wherever that is: inside malloc it and `scanimage` wait for ever.
    if (isOver(errors)) ending ??= setTimeout(() => child.kill('SIGKILL'), endMs);
  });
  child.once('close', () => clearTimeout(ending));
  child.once('error', (error: NodeJS.ErrnoException) => {
    missingProgram = error.code === 'ENOENT';
  });
  const gone = new Promise<Ended>(resolve => {
    // `close` comes after the last output; also when the program could not be started.
    child.once('close', exitCode => resolve({ kind: 'ended', exitCode, errors, missingProgram }));
  });
  // `--batch-print` names a file when it is complete.
  const files = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  let isAsked = false;
  return {
    gone,
    async next() {
      const { value, done } = await files.next();
      return done === true ? await gone : { kind: 'page', file: value };
    },
    kill() {
      // At a second asking scanimage goes without telling the device, which would stay busy with the job.
      if (isAsked || child.exitCode !== null || child.signalCode !== null) return;
      isAsked = true;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), endMs);
      child.once('close', () => clearTimeout(timer));
    },
  };
}
