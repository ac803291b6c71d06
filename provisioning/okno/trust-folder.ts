import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { pemBlocks } from '../../protocol/signature/encoded.ts';
import { readRevocationList } from '../../protocol/signature/revocation-list.ts';
import { readNamedFile, UnreadableFile } from './unreadable-file.ts';

export interface TrustFolder {
  /** Certificates, DER. */
  anchors: Uint8Array[];
  /** Lists of revoked certificates, DER. */
  revocationLists: Uint8Array[];
}

const kinds = new Set(['.pem', '.crt', '.cer', '.der', '.crl']);

/**
 * The certificates and revocation lists in a folder, PEM or DER; a PEM file may hold several. A file that
 * cannot be read stops the command: to trust less than the person thinks is as wrong as to trust more.
 * @throws UnreadableFile
 */
export async function readTrustFolder(folder: string): Promise<TrustFolder> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new UnreadableFile(folder, 'missing', { cause });
  });
  const found: TrustFolder = { anchors: [], revocationLists: [] };
  for (const name of names.filter(each => kinds.has(extname(each).toLowerCase())).sort()) {
    const file = join(folder, name);
    const { anchors, revocationLists } = trusted(file, await readNamedFile(file));
    found.anchors.push(...anchors);
    found.revocationLists.push(...revocationLists);
  }
  return found;
}

function trusted(file: string, bytes: Uint8Array): TrustFolder {
  try {
    if (bytes[0] === 0x30) return derTrusted(file, bytes);
    const anchors = pemBlocks(bytes, ['CERTIFICATE', 'X509 CERTIFICATE']);
    const revocationLists = pemBlocks(bytes, ['X509 CRL']);
    anchors.forEach(readCertificate);
    revocationLists.forEach(readRevocationList);
    if (anchors.length + revocationLists.length === 0) throw new FormatError('nothing to trust');
    return { anchors, revocationLists };
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new UnreadableFile(file, 'not-a-certificate', { cause });
  }
}

function derTrusted(file: string, bytes: Uint8Array): TrustFolder {
  if (extname(file).toLowerCase() === '.crl') {
    readRevocationList(bytes);
    return { anchors: [], revocationLists: [bytes] };
  }
  readCertificate(bytes);
  return { anchors: [bytes], revocationLists: [] };
}
