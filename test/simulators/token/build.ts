import { execFile } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AppError } from '../../../protocol/app-error.ts';

const run = promisify(execFile);
const asModule = ['-shared', '-fPIC'];
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Compiles the shim that counts PINs into the folder and gives the path of the module. Takes about 0.1 s. */
export function buildTokenShim(dir: string): Promise<string> {
  return build(dir, 'token-shim', 'token-shim.so', ...asModule, '-ldl');
}

/** Compiles the token of GOST R 34.10-2012; its signer wants the headers of OpenSSL. */
export async function buildGostToken(dir: string): Promise<{ module: string; signer: string }> {
  return {
    module: await build(dir, 'gost-token', 'gost-token.so', ...asModule),
    signer: await build(dir, 'gost-signer', 'gost-signer', '-Wno-deprecated-declarations', '-lcrypto'),
  };
}

async function build(dir: string, source: string, name: string, ...more: string[]): Promise<string> {
  await mkdir(dir, { recursive: true });
  const output = join(dir, name);
  // Renamed into place: a process that has the old one mapped keeps it whole.
  const fresh = `${output}.${process.pid}`;
  const headers = here('../../../node_modules/pkcs11js/includes/pkcs11');
  const flags = ['-std=c11', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-O1', `-I${headers}`];
  try {
    await run('cc', [...flags, '-o', fresh, here(`./${source}.c`), ...more]);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new AppError(
      'setup.package-missing',
      { package: 'build-essential', command: 'apt-get install build-essential' },
      { cause },
    );
  }
  await rename(fresh, output);
  return output;
}
