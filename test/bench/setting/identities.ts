import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority } from '../../../provisioning/certificates/authority.ts';

/** PEM files. */
export interface IdentityFiles {
  ca: string;
  cert: string;
  key: string;
}

export interface Identities {
  ca: string;
  server: IdentityFiles;
  /** The centre as a client of a broker. */
  client: IdentityFiles;
  /** The identity of a box; made when it is first asked for. */
  box(name: string): Promise<IdentityFiles>;
}

/** A network's authority, its centre and its boxes. `addresses` are those by which the centre is reached. */
export async function makeIdentities(folder: string, addresses: readonly string[] = []): Promise<Identities> {
  await mkdir(folder, { recursive: true });
  const authority = await createAuthority('Замеры');
  const ca = join(folder, 'ca.pem');
  await writeFile(ca, authority.certificate);
  // One key for all boxes: making two thousand takes longer than what is measured. A handshake costs the same.
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const key = join(folder, 'key.pem');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));

  async function identity(
    commonName: string,
    wish: { usage: 'tls-server' | 'tls-client'; names?: string[] },
    file = commonName,
  ) {
    const { certificate } = await authority.issue({ commonName, publicKey: spki, days: 90, ...wish });
    const cert = join(folder, `${file}.pem`);
    await writeFile(cert, certificate);
    return { ca, cert, key };
  }
  const names = ['localhost', '127.0.0.1', ...addresses];
  return {
    ca,
    server: await identity('centre', { usage: 'tls-server', names }),
    client: await identity('centre', { usage: 'tls-client' }, 'centre-client'),
    box: name => identity(name, { usage: 'tls-client' }),
  };
}
