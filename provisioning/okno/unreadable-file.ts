import { readFile } from 'node:fs/promises';

/** A file that the person named and that cannot be used. `problem` tells which of the ways. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
  readonly file: string;
  readonly problem: 'missing' | 'not-a-certificate' | 'not-an-archive';

  constructor(file: string, problem: UnreadableFile['problem'], options?: { cause?: unknown }) {
    super(`${problem}: ${file}`, options);
    this.file = file;
    this.problem = problem;
  }
}

/** @throws UnreadableFile */
export async function readNamedFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UnreadableFile(file, 'missing', { cause });
  }
}
