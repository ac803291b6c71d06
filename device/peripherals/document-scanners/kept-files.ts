import { copyFile, lstat, mkdir, open, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import type { ErrorDetails } from '../../../protocol/app-error.ts';
import { type ErrorCode, isErrorCode } from '../../../protocol/errors.ts';

/** A file that was set aside, as its `.reason.json` says. */
export interface Rejection {
  name: string;
  code: ErrorCode;
  /** What the text of the code quotes. */
  details: ErrorDetails;
  sizeBytes: number;
  /** ISO 8601, UTC. */
  at: string;
}

/**
 * Days for which files stay. The pages of a taken one lie among the blobs, where a case is destroyed with its term
 * (LED-4.1); of a rejected one it is the only copy, and somebody may want to know what was sent.
 */
const keptDays = { taken: 7, rejected: 30 } as const;
const dayMs = 86_400_000;
/** Older than its term by so many days, or of tomorrow, is only what a wrong clock dated or looks at (F07). */
const mostDaysOver = 400;

const reasonEnding = '.reason.json';

/** Moves a file into `taken`; an older one of the same name stays. */
export async function keepTaken(path: Buffer, name: string, keepDir: string): Promise<void> {
  const folder = join(keepDir, 'taken');
  await mkdir(folder, { recursive: true });
  await move(path, join(folder, await freeName(folder, name)));
}

/** Removes what was kept for long enough, counted from when it came here; where that cannot be right, from now on. */
export async function forgetKept(keepDir: string, nowMs: number): Promise<void> {
  for (const [name, days] of Object.entries(keptDays)) {
    const folder = join(keepDir, name);
    for (const file of await readdir(folder).catch(none)) {
      const found = await lstat(join(folder, file)).catch(() => undefined); // gone meanwhile
      if (!found?.isFile()) continue;
      const daysOver = (nowMs - found.ctimeMs) / dayMs - days;
      if (daysOver > mostDaysOver || daysOver < -days - 1)
        await utimes(join(folder, file), found.atime, found.mtime);
      else if (daysOver > 0) await rm(join(folder, file), { force: true });
    }
  }
}

/** Moves a file into `rejected` with the reason beside it. The reason goes first: no file lies there without one. */
export async function keepRejected(path: Buffer, keepDir: string, rejection: Rejection): Promise<void> {
  const folder = join(keepDir, 'rejected');
  await mkdir(folder, { recursive: true });
  const target = join(folder, await freeName(folder, rejection.name));
  await writeFileAtomically(`${target}${reasonEnding}`, `${JSON.stringify(rejection, null, 2)}\n`);
  await move(path, target);
}

/** What lies in `rejected`, oldest first; empty when nothing was ever rejected. */
export async function listRejected(keepDir: string): Promise<Rejection[]> {
  const folder = join(keepDir, 'rejected');
  const names = await readdir(folder).catch(none);
  const reasons = await Promise.all(
    names
      .filter(name => name.endsWith(reasonEnding))
      .map(async name => reasonFrom(await readFile(join(folder, name), 'utf8'))),
  );
  return reasons.filter(reason => reason !== undefined).sort((one, other) => one.at.localeCompare(other.at));
}

/** A folder that is not there yet is empty. */
function none(error: NodeJS.ErrnoException): string[] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}

/** Undefined for something else that happens to end alike, such as a file that a printer sent. */
function reasonFrom(text: string): Rejection | undefined {
  try {
    const { name, code, details, sizeBytes, at } = JSON.parse(text) as Record<string, unknown>;
    if (typeof name !== 'string' || !isErrorCode(code) || typeof at !== 'string') return undefined;
    return { name, code, details: { ...(details as ErrorDetails) }, sizeBytes: Number(sizeBytes), at };
  } catch {
    return undefined;
  }
}

async function freeName(folder: string, wanted: string): Promise<string> {
  const { name, ext } = parse(wanted);
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? wanted : `${name} (${count})${ext}`;
    const taken = await Promise.all([
      exists(join(folder, candidate)),
      exists(join(folder, candidate + reasonEnding)),
    ]);
    if (!taken.includes(true)) return candidate;
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function move(from: Buffer, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    // Another file system: the copy is on disk before the original goes.
    await copyFile(from, to);
    const handle = await open(to, 'r');
    await handle.sync().finally(() => handle.close());
    await rm(from);
  }
}
