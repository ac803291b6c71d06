import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Skipped } from './skip.ts';

/** Compiles one of our C sources into the folder. Throws `Skipped` where there is no compiler. */
export async function compile(
  source: URL,
  folder: string,
  name: string,
  ...flags: string[]
): Promise<string> {
  const output = join(folder, name);
  try {
    // Libraries stand behind what needs them.
    await promisify(execFile)('cc', ['-O2', '-Wall', '-o', output, fileURLToPath(source), ...flags]);
  } catch (error) {
    throw new Skipped(`cc cannot compile ${name}: ${(error as Error).message.split('\n')[0]}`);
  }
  return output;
}
