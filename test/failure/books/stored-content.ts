import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What stands under a name in a folder of content: the bytes of that name, or others. */
export type StoredContent = ReadonlyMap<string, 'whole' | 'damaged'>;

/** Hashes every file that a blob store shows; temporary files and unfinished parts are not shown. */
export function readStoredContent(folder: string): StoredContent {
  const found = new Map<string, 'whole' | 'damaged'>();
  if (!existsSync(folder)) return found;
  for (const shard of readdirSync(folder).filter(name => /^[0-9a-f]{2}$/.test(name)))
    for (const name of readdirSync(join(folder, shard))) {
      const digest = createHash('sha256')
        .update(readFileSync(join(folder, shard, name)))
        .digest('hex');
      found.set(name, digest === name ? 'whole' : 'damaged');
    }
  return found;
}
