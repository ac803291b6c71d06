import { execFile } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '../../../protocol/app-error.ts';

const run = promisify(execFile);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Compiles the shim into the folder and gives the path of the module. Takes about 0.1 s. */
export async function buildTokenShim(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  const module = join(dir, 'token-shim.so');
  // Renamed into place: a process that has the old one mapped keeps it whole.
  const fresh = `${module}.${process.pid}`;
  const headers = here('../../../node_modules/pkcs11js/includes/pkcs11');
  const flags = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-O1', '-shared', '-fPIC', `-I${headers}`];
  try {
    await run('cc', [...flags, '-o', fresh, here('./token-shim.c'), '-ldl']);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new AppError(
      'setup.package-missing',
      { package: 'build-essential', command: 'apt-get install build-essential' },
      { cause },
    );
  }
  await rename(fresh, module);
  return module;
}
