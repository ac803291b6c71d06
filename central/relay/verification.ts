import { readPackage, verifyPackage } from '../../protocol/package/asice.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';

/** Certificates that the centre believes, DER. Clerks, boxes and agencies have authorities of their own. */
export interface TrustAnchors {
  clerks: Uint8Array[];
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

/** LED-3.6: every document signed by the clerk, the whole sealed by the box, and it is the package of this case. */
export async function judgePackage(
  source: ByteSource,
  claims: PackageClaims,
  anchors: TrustAnchors,
  at: Date,
): Promise<Judgement> {
  const judgement = await judge(source, anchors.clerks, anchors.boxes, at);
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

/** LED-3.12: a result counts only with the officer's valid signature. */
export function judgeResult(source: ByteSource, anchors: TrustAnchors, at: Date): Promise<Judgement> {
  return judge(source, anchors.officers, anchors.agencySystems, at);
}

async function judge(
  source: ByteSource,
  documentAnchors: Uint8Array[],
  containerAnchors: Uint8Array[],
  at: Date,
): Promise<Judgement> {
  const { verdict, reasons } = await verifyPackage(source, { documentAnchors, containerAnchors, at });
  if (verdict === 'passed') return { kind: 'passed' };
  return { kind: 'refused', verdict, reason: reasons.join(', ') };
}
