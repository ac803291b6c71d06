import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { MediaView } from '../../protocol/api/screens.ts';

const kinds: Record<string, MediaView['kind']> = {
  '.png': 'picture',
  '.jpg': 'picture',
  '.jpeg': 'picture',
  '.webp': 'picture',
  '.svg': 'picture',
  '.mp4': 'film',
  '.webm': 'film',
};

/** Address under which the folder is served. */
export const mediaPrefix = '/media/';

/** Pictures and films in the boards' folder, by name; without a folder there are none. */
export async function listMedia(dir: string | undefined): Promise<MediaView[]> {
  if (dir === undefined) return [];
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    // The folder may come with the first film.
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort().flatMap(name => {
    const kind = name.startsWith('.') ? undefined : kinds[extname(name).toLowerCase()];
    return kind ? [{ url: `${mediaPrefix}${encodeURIComponent(name)}`, kind }] : [];
  });
}
