import { setTimeout as sleep } from 'node:timers/promises';

/** What the tests do inside the machine. */
export interface Guest {
  /** Runs a shell line as root and gives what it printed, without the last line end. Throws when it fails. */
  sh(line: string): Promise<string>;
  /** The same; undefined when it fails. */
  try(line: string): Promise<string | undefined>;
  /** Replaces a file's text. */
  edit(path: string, change: (text: string) => string): Promise<void>;
}

export function guestAt(agentUrl: string): Guest {
  async function ask(line: string) {
    const response = await fetch(agentUrl, { method: 'POST', body: JSON.stringify(['sh', '-c', line]) });
    return (await response.json()) as { exitCode: number; stdout: string; stderr: string };
  }
  async function sh(line: string): Promise<string> {
    const { exitCode, stdout, stderr } = await ask(line);
    if (exitCode !== 0) throw new Error(`${line}: ${exitCode}: ${stderr.slice(-2000)}`);
    return stdout.trimEnd();
  }
  return {
    sh,
    async edit(path, change) {
      const text = Buffer.from(change(await sh(`cat ${path}`))).toString('base64');
      await sh(`echo ${text} | base64 -d > ${path}`);
    },
    async try(line) {
      const answer = await ask(line).catch(() => undefined);
      return answer?.exitCode === 0 ? answer.stdout.trimEnd() : undefined;
    },
  };
}

const patienceMs = 300_000;

/**
 * Waits until `look` gives something; what it throws counts as nothing. A machine without hardware help is some
 * twenty times slower, on a loaded host far more, so patience costs nothing but in a test that fails.
 * @param isOver ends the wait early when nothing can come any more
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  isOver: () => boolean = () => false,
): Promise<T> {
  const endMs = performance.now() + patienceMs;
  let last: unknown;
  while (performance.now() < endMs && !isOver()) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = found;
    } catch (error) {
      last = error;
    }
    await sleep(250);
  }
  throw new Error(`waited in vain for: ${what}`, { cause: last });
}
