import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../protocol/app-error.ts';
import { limits } from '../../protocol/limits.ts';
import { openZip, readSmall } from '../../protocol/package/zip-reader.ts';
import { openSource } from './file-content.ts';
import { readNamedFile, UnreadableFile } from './unreadable-file.ts';

/** A file of a folder or of a ZIP archive. */
export interface NamedBytes {
  /** As the person would look for it. */
  name: string;
  bytes: Uint8Array;
}

/** The files of a folder, or of a ZIP archive such as the centre gives out, by name. @throws UnreadableFile */
export async function readAll(place: string, wanted: (name: string) => boolean = () => true) {
  const about = await stat(place).catch((cause: unknown) => {
    throw new UnreadableFile(place, 'missing', { cause });
  });
  return about.isDirectory() ? await readFolder(place, wanted) : readArchive(place, wanted);
}

async function readFolder(folder: string, wanted: (name: string) => boolean): Promise<NamedBytes[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter(entry => !entry.isDirectory()).map(({ name }) => name);
  const files: NamedBytes[] = [];
  for (const name of names.filter(wanted).sort())
    files.push({ name: join(folder, name), bytes: await readNamedFile(join(folder, name)) });
  return files;
}

function readArchive(path: string, wanted: (name: string) => boolean): NamedBytes[] {
  const source = openSource(path);
  try {
    const { files } = openZip(source, () => {});
    return files
      .filter(({ name }) => wanted(name))
      .map(file => ({
        name: join(path, file.name),
        bytes: readSmall(source, file, limits.foreignSignatureBytes, 'entry-too-large'),
      }));
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== 'package.malformed') throw cause;
    throw new UnreadableFile(path, 'not-an-archive', { cause });
  } finally {
    source.close();
  }
}
