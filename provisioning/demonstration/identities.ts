import { randomInt } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { type Authority, createAuthority, importAuthority } from '../certificates/authority.ts';
import type { CertificateUsage } from '../certificates/extensions.ts';

const days = 825;

/** Logins of the demonstration, made at its first start and kept in its folder. */
export interface Secrets {
  password: string;
  pin: string;
}

async function readOrMake<T>(path: string, make: () => Promise<T> | T): Promise<T> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const value = await make();
    await writeFileAtomically(path, JSON.stringify(value, null, 2));
    return value;
  }
}

const digits = (count: number) => Array.from({ length: count }, () => randomInt(10)).join('');

export function openSecrets(dir: string): Promise<Secrets> {
  return readOrMake(join(dir, 'secrets.json'), () => ({ password: `okno-${digits(4)}`, pin: digits(6) }));
}

export interface OpenedAuthority {
  authority: Authority;
  /** Folder with `ca.pem` and `ca-key.pem`. */
  dir: string;
  /** The certificate, PEM. */
  path: string;
  /** Folder that holds the certificate alone. */
  anchorsDir: string;
}

/** A certification authority of the demonstration; made once. */
export async function openAuthority(dir: string, name: string): Promise<OpenedAuthority> {
  await mkdir(dir, { recursive: true });
  const authority = await readOrMakeAuthority(dir, name);
  const anchorsDir = join(dir, 'anchors');
  await writeFileAtomically(join(anchorsDir, 'ca.pem'), authority.export().certificate, 0o644);
  return { authority, dir, path: join(dir, 'ca.pem'), anchorsDir };
}

async function readOrMakeAuthority(dir: string, name: string): Promise<Authority> {
  const [certificatePath, keyPath] = [join(dir, 'ca.pem'), join(dir, 'ca-key.pem')];
  try {
    return await importAuthority({
      certificate: await readFile(certificatePath, 'utf8'),
      privateKey: await readFile(keyPath, 'utf8'),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const authority = await createAuthority(name);
    const { certificate, privateKey } = authority.export();
    // The key first: a certificate without its key would look like a finished authority.
    await writeFileAtomically(keyPath, privateKey);
    await writeFileAtomically(certificatePath, certificate, 0o644);
    return authority;
  }
}

/** A certificate with its key as `<name>.pem` and `<name>-key.pem`; made once. */
export async function openIdentity(
  authority: Authority,
  dir: string,
  name: string,
  wish: {
    commonName: string;
    organisation?: string;
    usage: CertificateUsage;
    names?: string[];
  },
): Promise<{ cert: string; key: string }> {
  const paths = { cert: join(dir, `${name}.pem`), key: join(dir, `${name}-key.pem`) };
  const present = await readFile(paths.cert, 'utf8').catch(() => undefined);
  if (present !== undefined) return paths;
  const issued = await authority.issue({ ...wish, days });
  await writeFileAtomically(paths.key, issued.privateKey ?? '');
  await writeFileAtomically(paths.cert, issued.certificate, 0o644);
  return paths;
}
