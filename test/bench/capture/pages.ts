import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { pagesOfFile } from '../../../device/capture/pages-of-file.ts';
import { Skipped } from '../setting/skip.ts';
import { readTruth } from './truth.ts';

/** A file with what is written on it. */
export interface TruePage {
  /** Its path in the folder, without the ending. */
  name: string;
  path: string;
  bytes: Uint8Array;
  /** Several only of a TIFF with more than one page. */
  pages: Uint8Array[];
  text: string;
  /** Values by field name, when a `.json` lies beside; a name that is not there is not judged. */
  fields: Record<string, string[]>;
  /** What a clerk would call the paper, `other` for kinds without rules; left out where it is not judged. */
  kind?: string;
}

const pictures = new Set(['.jpg', '.jpeg', '.png', '.tif', '.tiff']);
type Say = (text: string) => void;

/**
 * The pictures of a folder and those below that have a `.txt` beside them, by name; endings in letters of any
 * size. What is left out is told, with the reason.
 */
export async function readPages(folder: string, say: Say = () => undefined): Promise<TruePage[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw new Skipped(`the folder ${folder} cannot be read: ${String(error)}`);
  });
  const files = entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => relative(folder, join(entry.parentPath, entry.name)));
  const beside = (stem: string, ending: string) =>
    files.find(file => file.toLowerCase().endsWith(ending) && file.slice(0, -ending.length) === stem);
  const found: TruePage[] = [];
  for (const file of files.toSorted()) {
    const ending = extname(file);
    const name = file.slice(0, -ending.length);
    if (ending.toLowerCase() === '.pdf') say(`  ${file} is left out: only pictures are read`);
    if (!pictures.has(ending.toLowerCase())) continue;
    const text = beside(name, '.txt');
    if (text === undefined) {
      say(`  ${file} is left out: there is no ${name}.txt`);
      continue;
    }
    const path = join(folder, file);
    const bytes = await readFile(path);
    const pages: Uint8Array[] = [];
    const split = await pagesOfFile(bytes, async page => void pages.push(page.bytes));
    if (split.kind === 'refused') {
      say(`  ${file} is left out: ${split.code}`);
      continue;
    }
    const fields = beside(name, '.json');
    const truth = await readTruth(join(folder, text), fields && join(folder, fields), say);
    found.push({ name, path, bytes, pages, ...truth });
  }
  if (found.length === 0)
    throw new Skipped(`no pictures (${[...pictures].join(', ')}) with a .txt beside them in ${folder}`);
  return found;
}
