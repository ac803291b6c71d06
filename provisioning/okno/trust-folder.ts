import { X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { readNamedFile, UnreadableFile } from './unreadable-file.ts';

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates (DER) in all `*.pem` files of a folder; a file may hold several. A file that cannot be
 * read stops the command: to trust less than the person thinks is as wrong as to trust more.
 * @throws UnreadableFile
 */
export async function readTrustFolder(folder: string): Promise<Uint8Array[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UnreadableFile(folder, 'missing', { cause });
  });
  const anchors: Uint8Array[] = [];
  for (const name of names.filter(each => each.endsWith('.pem')).sort()) {
    const file = join(folder, name);
    const blocks =
      Buffer.from(await readNamedFile(file))
        .toString('latin1')
        .match(pemBlock) ?? [];
    if (blocks.length === 0) throw new UnreadableFile(file, 'not-a-certificate');
    anchors.push(...blocks.map(block => certificateOf(file, block)));
  }
  return anchors;
}

function certificateOf(file: string, pem: string): Uint8Array {
  try {
    return readCertificate(new X509Certificate(pem).raw).der;
  } catch (cause) {
    throw new UnreadableFile(file, 'not-a-certificate', { cause });
  }
}
