import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const fixtures = fileURLToPath(new URL('../../fixtures/pages', import.meta.url));

/** Names of the invented pages, without ending. */
export async function pageNames(): Promise<string[]> {
  return (await readdir(fixtures)).flatMap(name => (name.endsWith('.jpg') ? [name.slice(0, -4)] : []));
}

export const pagePath = (name: string) => join(fixtures, `${name}.jpg`);

let scans = 0;

/** A multi-function printer scans a page into the branch's folder: written under another name, then renamed. */
export async function scanToFolder(incomingDir: string, page: string): Promise<string> {
  await mkdir(incomingDir, { recursive: true });
  const name = `scan-${String(Date.now()).slice(-6)}-${++scans}-${page}.jpg`;
  const partial = join(incomingDir, `${name}.part`);
  await copyFile(pagePath(page), partial);
  await rename(partial, join(incomingDir, name));
  return name;
}

/** Lays a page onto the glass of the simulated flatbed, which SANE's pnm backend reads. */
export async function layOnGlass(glass: string, page: string): Promise<void> {
  const { data, info } = await sharp(pagePath(page))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const partial = `${glass}.part`;
  await writeFile(partial, Buffer.concat([Buffer.from(`P6\n${info.width} ${info.height}\n255\n`), data]));
  await rename(partial, glass);
}
