import { extname } from 'node:path';
import { readCertificate } from '../../protocol/signature/certificate.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { pemBlocks } from '../../protocol/signature/encoded.ts';
import { readOcspAnswer } from '../../protocol/signature/ocsp-answer.ts';
import { readRevocationList } from '../../protocol/signature/revocation-list.ts';
import { type NamedBytes, readAll } from './named-bytes.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface TrustFolder {
  /** Certificates, DER. */
  anchors: Uint8Array[];
  /** Lists of revoked certificates, DER. */
  revocationLists: Uint8Array[];
  /** Answers of OCSP responders, DER. */
  ocspAnswers: Uint8Array[];
}

export const noTrust = (): TrustFolder => ({ anchors: [], revocationLists: [], ocspAnswers: [] });

const certificates = ['.pem', '.crt', '.cer', '.der'];
const lists = ['.crl'];
const answers = ['.ocsp', '.ors'];
export const revocationSuffixes: readonly string[] = [...lists, ...answers];

/**
 * The certificates, revocation lists and OCSP answers in a folder, PEM or DER; a PEM file may hold several. A
 * file that cannot be read stops the command: to trust less than the person thinks is as wrong as to trust more.
 * @throws UnreadableFile
 */
export function readTrustFolder(folder: string): Promise<TrustFolder> {
  return readFolder(folder, [...certificates, ...revocationSuffixes]);
}

/** The same without certificates: what lies there is only news about those that are trusted. */
export function readRevocationFolder(folder: string): Promise<TrustFolder> {
  return readFolder(folder, revocationSuffixes);
}

async function readFolder(folder: string, kinds: readonly string[]): Promise<TrustFolder> {
  const isWanted = (name: string) => kinds.includes(extname(name).toLowerCase());
  return trustIn(await readAll(folder, isWanted), kinds);
}

/** The same in files that were read already; `kinds` are suffixes. @throws UnreadableFile */
export function trustIn(files: readonly NamedBytes[], kinds: readonly string[]): TrustFolder {
  const found = noTrust();
  for (const { name, bytes } of files.filter(each => kinds.includes(extname(each.name).toLowerCase()))) {
    const more = trusted(name, bytes);
    found.anchors.push(...(more.anchors ?? []));
    found.revocationLists.push(...(more.revocationLists ?? []));
    found.ocspAnswers.push(...(more.ocspAnswers ?? []));
  }
  return found;
}

function trusted(file: string, bytes: Uint8Array): Partial<TrustFolder> {
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

function derTrusted(file: string, bytes: Uint8Array): Partial<TrustFolder> {
  const kind = extname(file).toLowerCase();
  if (lists.includes(kind)) {
    readRevocationList(bytes);
    return { revocationLists: [bytes] };
  }
  if (answers.includes(kind)) {
    readOcspAnswer(bytes);
    return { ocspAnswers: [bytes] };
  }
  readCertificate(bytes);
  return { anchors: [bytes] };
}
