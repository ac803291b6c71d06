import { AppError } from '../app-error.ts';
import { verifyCades } from '../signature/cades-verify.ts';
import { verdictOf } from '../signature/conclude.ts';
import { oids } from '../signature/oids.ts';
import { type Reason, reasons } from '../signature/reasons.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import { type Verdict, worstOf } from '../signature/verdict.ts';
import type { ByteSource } from './byte-source.ts';
import { isInDocuments, layout } from './layout.ts';
import { type Package, readPackage } from './read.ts';

export interface PackageReport {
  verdict: Verdict;
  /** Names of `reasons`, without repeats; empty when everything passed. */
  reasons: Reason[];
  documents: (SignatureVerdict & {
    name: string;
    /** The applicant's own signature (KEM-19), or null when there is none. */
    applicant: SignatureVerdict | null;
  })[];
  /** The signature over the manifest. */
  container: SignatureVerdict;
  /** Entries that the manifest does not name. */
  uncovered: string[];
  /** Why the container could not be read, as the `reason` of `package.malformed`; else null. */
  detail: string | null;
}

export interface VerifyPackageOptions {
  /** Anchors (DER) for those who sign documents: clerks, or the agency's officers. */
  documentAnchors: Uint8Array[];
  /** Anchors (DER) for those who sign containers: boxes, or the agency's system. */
  containerAnchors: Uint8Array[];
  /** Those for applicants who signed themselves; `documentAnchors` when not given. */
  applicantAnchors?: Uint8Array[];
  /** See `TrustInput`. */
  at: Date;
  revocationLists?: Uint8Array[];
  ocspAnswers?: Uint8Array[];
  /** When all of the package existed at the latest, by a stamp over its bytes. */
  provenAt?: Date | null;
}

/**
 * Judges a package: its structure, the container's signature, the digest of every entry and the signature
 * of every document (LED-3.6, LED-3.12). It passes only when all of them do. Never throws on bad bytes. A
 * source is read piece by piece.
 */
export async function verifyPackage(
  bytes: Uint8Array | ByteSource,
  options: VerifyPackageOptions,
): Promise<PackageReport> {
  try {
    return await judge(readPackage(bytes), options);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'package.malformed') throw error;
    return {
      verdict: 'failed',
      reasons: ['FORMAT_FAILURE'],
      documents: [],
      container: verdictOf('FORMAT_FAILURE'),
      uncovered: [],
      detail: String(error.details.reason),
    };
  }
}

async function judge(read: Package, options: VerifyPackageOptions): Promise<PackageReport> {
  const { documentAnchors, containerAnchors, applicantAnchors = documentAnchors, ...trust } = options;
  const container = await verifyCades({
    ...{ ...trust, signature: read.containerSignature, content: read.manifest, anchors: containerAnchors },
  });
  const documents: PackageReport['documents'] = [];
  for (const { name, content, signature, applicantSignature } of read.documents) {
    const verdict = signature
      ? await verifyCades({ ...trust, signature, content, anchors: documentAnchors })
      : verdictOf('NO_SIGNATURE');
    const applicant = applicantSignature
      ? await verifyCades({ ...trust, signature: applicantSignature, content, anchors: applicantAnchors })
      : null;
    documents.push({ name, ...verdict, applicant });
  }
  const found = new Set(await structureReasons(read));
  const own = documents.flatMap(({ applicant }) => applicant ?? []);
  for (const { reason } of [container, ...documents, ...own]) if (reason) found.add(reason);
  return {
    verdict: worstOf([...found].map(reason => reasons[reason].verdict)),
    reasons: [...found],
    documents,
    container,
    uncovered: read.uncovered,
    detail: null,
  };
}

async function structureReasons(read: Package): Promise<Reason[]> {
  const found: Reason[] = [];
  if (read.documents.length === 0) found.push('NO_SIGNATURE');
  if (read.uncovered.length > 0) found.push('UNCOVERED_ENTRY');
  for (const { name, digestOid, digest } of read.references) {
    const actual = await read.entries.get(name)?.digest(digestOid);
    if (!actual) found.push('SIGNED_DATA_NOT_FOUND');
    else if (Buffer.compare(actual, digest) !== 0) found.push('HASH_FAILURE');
    // A file in any other place would be covered by the box alone, and nobody would have signed it himself.
    if (!isInDocuments(name) && name !== layout.metadata) found.push('FORMAT_FAILURE');
  }
  // What nobody named is a damaged container all the same when its checksum does not fit.
  for (const name of read.uncovered) await read.entries.get(name)?.digest(oids.sha256);
  return found;
}
