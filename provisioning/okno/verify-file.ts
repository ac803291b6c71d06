import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { verifyPackage } from '../../protocol/package/asice.ts';
import { layout } from '../../protocol/package/layout.ts';
import {
  type SignatureVerdict,
  type Signer,
  type Verdict,
  verifyCades,
} from '../../protocol/signature/cades.ts';
import { readTrustFolder } from './trust-folder.ts';
import { readNamedFile, UnreadableFile } from './unreadable-file.ts';

/** What `okno verify --json` prints (DESIGN section 10). `reasons` are names of ETSI EN 319 102-1. */
export interface FileReport {
  file: string;
  verdict: Verdict;
  reasons: string[];
  signatures: SignatureLine[];
  uncovered: string[];
  /** Why the container could not be read, as a short code, or null. */
  detail: string | null;
}

export interface SignatureLine {
  /** File name of the document; the manifest's path for the signature over the whole container. */
  document: string;
  verdict: Verdict;
  reasons: string[];
  signer: Signer | null;
  algorithm: string | null;
  signedAt: string | null;
  /** CAdES level whose proofs were checked; null when the signature could not be read. */
  level: 'BES' | null;
}

export interface VerifyRequest {
  file: string;
  /** Folder of anchors; without it nobody is trusted and no signature can pass. */
  trustFolder: string | null;
  contentFile: string | null;
  at: Date;
}

const signatureName = /\.(sig|p7s|sgn)$/i;

/** @throws UnreadableFile */
export async function verifyFile(request: VerifyRequest): Promise<FileReport> {
  const anchors = request.trustFolder === null ? [] : await readTrustFolder(request.trustFolder);
  const pair = await findPair(request.file, request.contentFile);
  if (!pair) return packageReport(request.file, anchors, request.at);
  const signature = await readNamedFile(pair.signature);
  const content = await readNamedFile(pair.content);
  const verdict = await verifyCades({ signature, content, anchors, at: request.at });
  const line = lineOf(basename(pair.content), verdict);
  const { reasons } = line;
  return {
    file: request.file,
    verdict: verdict.verdict,
    reasons,
    signatures: [line],
    uncovered: [],
    detail: null,
  };
}

async function packageReport(file: string, anchors: Uint8Array[], at: Date): Promise<FileReport> {
  const bytes = await readNamedFile(file);
  const options = { documentAnchors: anchors, containerAnchors: anchors, at };
  const { verdict, reasons, documents, container, uncovered, detail } = await verifyPackage(bytes, options);
  const signatures = [
    ...documents.map(document => lineOf(document.name, document)),
    lineOf(layout.manifest, container),
  ];
  return { file, verdict, reasons, signatures, uncovered, detail };
}

/** Signature and document, or undefined when the file must be a package. */
async function findPair(
  file: string,
  contentFile: string | null,
): Promise<{ signature: string; content: string } | undefined> {
  if (contentFile !== null) return { signature: file, content: contentFile };
  if (signatureName.test(file)) {
    const content = file.replace(signatureName, '');
    if (!(await exists(content))) throw new UnreadableFile(file, 'no-content');
    return { signature: file, content };
  }
  const beside = `${file}.sig`;
  return (await exists(beside)) ? { signature: beside, content: file } : undefined;
}

function lineOf(document: string, verdict: SignatureVerdict): SignatureLine {
  const { signer, algorithm, signedAt, reason } = verdict;
  return {
    document,
    verdict: verdict.verdict,
    reasons: reason ? [reason] : [],
    signer,
    algorithm,
    signedAt,
    level: signer ? 'BES' : null,
  };
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
