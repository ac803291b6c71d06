import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Skipped } from '../setting/skip.ts';

/** A page with what is written on it. */
export interface TruePage {
  name: string;
  path: string;
  bytes: Uint8Array;
  text: string;
  /** Values by field name, when a `.json` lies beside; a name that is not there is not judged. */
  fields: Record<string, string[]>;
}

const pictures = new Set(['.jpg', '.jpeg', '.png', '.tif', '.tiff']);

/** The pictures of a folder that have a `.txt` beside them, by name. */
export async function readPages(folder: string): Promise<TruePage[]> {
  const names = await readdir(folder);
  const found: TruePage[] = [];
  for (const file of names.toSorted()) {
    const ending = extname(file);
    const name = file.slice(0, -ending.length);
    if (!pictures.has(ending.toLowerCase()) || !names.includes(`${name}.txt`)) continue;
    const path = join(folder, file);
    const fields = names.includes(`${name}.json`)
      ? (JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Record<string, string[]>)
      : {};
    const text = await readFile(join(folder, `${name}.txt`), 'utf8');
    found.push({ name, path, bytes: await readFile(path), text, fields });
  }
  if (found.length === 0) throw new Skipped(`no pictures with a .txt beside them in ${folder}`);
  return found;
}
