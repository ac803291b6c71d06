import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../protocol/app-error.ts';
import { verifyContainer, verifyPackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import { isOwnLayout } from '../../protocol/package/container-layout.ts';
import { evidenceIn, hasArchiveManifest } from '../../protocol/package/with-evidence.ts';
import { openZip, type ZipFile } from '../../protocol/package/zip-reader.ts';
import { isPdf, verifyPdf } from '../../protocol/pdf-signature/verify.ts';
import { verifyCms } from '../../protocol/signature/cms-verify.ts';
import { contentOf } from '../../protocol/signature/content.ts';
import { isMime, readMime } from '../../protocol/signature/mime.ts';
import { type Trust, type TrustInput, trustOf } from '../../protocol/signature/trust.ts';
import { verifyXml } from '../../protocol/xml-signature/verify.ts';
import { contentOfFile, openSource } from './file-content.ts';
import { allTrust, findSidecars, proofOf } from './sidecars.ts';
import {
  noTrust,
  readRevocationFolder,
  readTrustFolder,
  revocationSuffixes,
  type TrustFolder,
  trustIn,
} from './trust-folder.ts';
import { readNamedFile, UnreadableFile } from './unreadable-file.ts';
import {
  cmsReport,
  containerReport,
  type FileReport,
  packageReport,
  pdfReport,
  reportOf,
  xmlReport,
} from './verify-report.ts';

export interface VerifyRequest {
  file: string;
  /** Folder of anchors; without it nobody is trusted and no signature can pass. */
  trustFolder: string | null;
  contentFile: string | null;
  /** Folders of revocation lists and OCSP answers besides. */
  revocationFolders: string[];
  /** Folder or ZIP archive of evidence that does not lie beside the file. */
  evidence: string | null;
  at: Date;
}

const signatureSuffix = /\.(?:sig|p7s|sgn|p7m|p7|cms|tst)$/i;
const besideSuffixes = ['.sig', '.p7s', '.sgn'];

/** Judges whatever the file is: a container, a signature with its document, or a document with its signature. */
export async function verifyFile(request: VerifyRequest): Promise<FileReport> {
  const { file, at } = request;
  const { revocation, ...proofs } = await findSidecars(file, request.evidence);
  const folders = [
    request.trustFolder === null ? noTrust() : await readTrustFolder(request.trustFolder),
    ...(await Promise.all(request.revocationFolders.map(readRevocationFolder))),
    revocation,
  ];
  const { since, notes } = await proofOf(file, proofs, allTrust(folders, at, null));
  const report = await judgeFile(request, allTrust(folders, at, since));
  const provenSince = since?.toISOString() ?? null;
  return { ...report, provenSince, notes: [...report.notes, ...notes] };
}

async function judgeFile({ file, contentFile }: VerifyRequest, input: TrustInput): Promise<FileReport> {
  const trust = trustOf(input);
  const source = openSource(file);
  try {
    const beside = contentFile === null && !signatureSuffix.test(file) ? await findBeside(file) : null;
    if (beside !== null) return await messageReport(beside, file, trust);
    const start = source.read(0, Math.min(source.sizeBytes, 256));
    if (start.toString('latin1', 0, 2) === 'PK') return await zipReport(file, source, input);
    if (isMime(start.toString('latin1'))) return await letterReport(file, contentFile, trust);
    if (isXml(start)) return await xmlFileReport(file, contentFile, trust);
    // A message with a PDF inside holds the mark of one near its beginning, too.
    if (!isMessage(start) && isPdf(source.read(0, Math.min(source.sizeBytes, 1024))))
      return pdfReport(file, await verifyPdf(source, trust));
    if (isMessage(start) || contentFile !== null || signatureSuffix.test(file))
      return await messageReport(file, contentFile ?? (await findContent(file)), trust);
    return unsupported(file);
  } finally {
    source.close();
  }
}

async function zipReport(file: string, source: ByteSource, input: TrustInput): Promise<FileReport> {
  const files = filesOf(source);
  // With evidence inside it follows the rules of the standard, which know what a stamp proves.
  if (!isOwnLayout(files) || hasArchiveManifest(files)) {
    const trust = trustOf(withNews(input, newsIn(source, files)));
    return containerReport(file, await verifyContainer(source, trust));
  }
  const { anchors, ...rest } = input;
  const options = { ...rest, documentAnchors: anchors, containerAnchors: anchors };
  return packageReport(file, await verifyPackage(source, options));
}

/** None of a container that cannot be read, of which its judge says why. */
function filesOf(source: ByteSource): ZipFile[] {
  try {
    return openZip(source, () => {}).files;
  } catch (error) {
    if (error instanceof AppError && error.code === 'package.malformed') return [];
    throw error;
  }
}

/** Lists and answers that lie in a container; what cannot be read is news of nothing. */
function newsIn(source: ByteSource, files: readonly ZipFile[]): TrustFolder {
  try {
    return trustIn(evidenceIn(source, files), revocationSuffixes);
  } catch (error) {
    const isDamage = error instanceof AppError && error.code === 'package.malformed';
    if (isDamage || error instanceof UnreadableFile) return noTrust();
    throw error;
  }
}

function withNews(input: TrustInput, { revocationLists, ocspAnswers }: TrustFolder): TrustInput {
  return {
    ...input,
    revocationLists: [...(input.revocationLists ?? []), ...revocationLists],
    ocspAnswers: [...(input.ocspAnswers ?? []), ...ocspAnswers],
  };
}

async function messageReport(signature: string, content: string | null, trust: Trust): Promise<FileReport> {
  const bytes = await readNamedFile(signature);
  const judged = await verifyCms(bytes, content === null ? null : contentOfFile(content), trust);
  const name = basename(content ?? signature.replace(signatureSuffix, ''));
  return cmsReport(signature, judged, { document: name, signature: basename(signature), covers: [name] });
}

/** A letter with a signature, whose content stands in it or beside it. */
async function letterReport(file: string, contentFile: string | null, trust: Trust): Promise<FileReport> {
  const letter = readMime(await readNamedFile(file));
  if (!letter) return unsupported(file);
  const beside = contentFile === null ? null : contentOfFile(contentFile);
  const content = letter.content ? contentOf(letter.content) : beside;
  const name = basename(file);
  const judged = await verifyCms(letter.signature, content, trust);
  return cmsReport(file, judged, { document: name, signature: name, covers: [name] });
}

async function xmlFileReport(file: string, content: string | null, trust: Trust): Promise<FileReport> {
  const find = () => (content === null ? undefined : contentOfFile(content));
  return xmlReport(file, await verifyXml(await readNamedFile(file), trust, find));
}

/** A file of a kind in which no signature can be looked for here. */
function unsupported(file: string): FileReport {
  return reportOf(file, {
    kind: 'unknown',
    verdict: 'indeterminate',
    reasons: ['FORMAT_NOT_SUPPORTED'],
    signatures: [],
  });
}

function isXml(start: Buffer): boolean {
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(start.toString('latin1'));
}

/** DER, BER, PEM or base64 of a CMS message. */
function isMessage(start: Buffer): boolean {
  return (
    start[0] === 0x30 ||
    /^(?:\u00ef\u00bb\u00bf)?\s*(?:-----BEGIN |MI[A-Za-z0-9+/])/.test(start.toString('latin1'))
  );
}

async function findContent(signature: string): Promise<string | null> {
  const content = signature.replace(signatureSuffix, '');
  return content !== signature && (await exists(content)) ? content : null;
}

async function findBeside(file: string): Promise<string | null> {
  for (const suffix of besideSuffixes) if (await exists(file + suffix)) return file + suffix;
  return null;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
