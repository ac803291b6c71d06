import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const keptMs = 14 * 86_400_000;

/** Where parts of images are kept between runs; hundreds of megabytes, and nothing that cannot be made again. */
export const imageCache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'okno', 'image');

/**
 * A folder that is made once for the same inputs. It appears under its name only when it is whole, so a run
 * that was broken off, or two at once, leave nothing half made. Others that nobody used for two weeks go.
 */
export async function madeOnce(
  name: string,
  inputs: unknown,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
  const folder = join(imageCache, `${name}-${digest}`);
  if (!existsSync(folder)) {
    await mkdir(imageCache, { recursive: true });
    const part = join(imageCache, `part-${randomUUID()}`);
    try {
      await mkdir(part);
      await make(part);
      // Another run may have been faster; its folder holds the same.
      await rename(part, folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  }
  await utimes(folder, new Date(), new Date());
  await forgetOld();
  return folder;
}

async function forgetOld(): Promise<void> {
  for (const name of await readdir(imageCache)) {
    const path = join(imageCache, name);
    const found = await stat(path).catch(() => undefined); // another run may have taken it away
    if (found && Date.now() - found.mtimeMs > keptMs) await rm(path, { recursive: true, force: true });
  }
}
