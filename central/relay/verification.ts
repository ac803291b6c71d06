import { readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import type { VerifyPackageOptions } from '../../protocol/package/verify.ts';

/** Certificates that the centre believes, DER. Clerks, boxes and agencies have authorities of their own. */
export interface TrustAnchors {
  clerks: Uint8Array[];
  /** For applicants who sign themselves; the clerks' when not given. */
  applicants?: Uint8Array[];
  boxes: Uint8Array[];
  officers: Uint8Array[];
  agencySystems: Uint8Array[];
}

export type Judgement =
  | { kind: 'passed' }
  | { kind: 'refused'; verdict: 'failed' | 'indeterminate'; reason: string };

/** Claims of the fact that the package must bear out. */
export interface PackageClaims {
  packageId: string;
  caseNumber: string;
  documents: number;
}

/** What a container is judged with besides anchors; see `VerifyPackageOptions`. */
export type JudgedWith = Omit<VerifyPackageOptions, 'documentAnchors' | 'containerAnchors'>;

/** A package of a branch, or a result of an agency. */
export type ContainerOf = 'package' | 'result';

/** Whom the signers of a container must belong to. */
export function anchorsFor(what: ContainerOf, anchors: TrustAnchors): Uint8Array[] {
  return what === 'package'
    ? [...anchors.clerks, ...(anchors.applicants ?? []), ...anchors.boxes]
    : [...anchors.officers, ...anchors.agencySystems];
}

/** LED-3.6: every document signed by the clerk, the whole sealed by the box, and it is the package of this case. */
export async function judgePackage(
  source: ByteSource,
  claims: PackageClaims,
  anchors: TrustAnchors,
  judgedWith: JudgedWith,
): Promise<Judgement> {
  const judgement = await judgeContainer(source, 'package', anchors, judgedWith);
  if (judgement.kind !== 'passed') return judgement;
  const { documents, metadata } = readPackage(source);
  const said = metadata as Partial<PackageClaims> | null;
  if (
    documents.length !== claims.documents ||
    said?.packageId !== claims.packageId ||
    said.caseNumber !== claims.caseNumber
  )
    return { kind: 'refused', verdict: 'failed', reason: 'CASE_MISMATCH' };
  return judgement;
}

/** LED-3.12: signed by the officer; and where `application.json` names a request or a case, it is this one. */
export async function judgeResult(
  source: ByteSource,
  request: { requestId: string; caseNumber: string },
  anchors: TrustAnchors,
  judgedWith: JudgedWith,
): Promise<Judgement> {
  const judgement = await judgeContainer(source, 'result', anchors, judgedWith);
  if (judgement.kind !== 'passed') return judgement;
  const { metadata } = readPackage(source);
  // What else stands there, and whether anything does, is up to the agreement (LED-3.9).
  const { requestId = request.requestId, caseNumber = request.caseNumber } = (metadata ?? {}) as Partial<
    typeof request
  >;
  if (requestId !== request.requestId || caseNumber !== request.caseNumber)
    return { kind: 'refused', verdict: 'failed', reason: 'CASE_MISMATCH' };
  return judgement;
}

/** LED-3.12: a result counts only with the officer's valid signature. */
export async function judgeContainer(
  source: ByteSource,
  what: ContainerOf,
  anchors: TrustAnchors,
  judgedWith: JudgedWith,
): Promise<Judgement> {
  const who =
    what === 'package'
      ? {
          ...{ documentAnchors: anchors.clerks, containerAnchors: anchors.boxes },
          applicantAnchors: anchors.applicants ?? anchors.clerks,
        }
      : { documentAnchors: anchors.officers, containerAnchors: anchors.agencySystems };
  const { verdict, reasons } = await verifyPackage(source, { ...who, ...judgedWith });
  if (verdict === 'passed') return { kind: 'passed' };
  return { kind: 'refused', verdict, reason: reasons.join(', ') };
}
