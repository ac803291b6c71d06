import { limits } from '../limits.ts';
import { type ByteSource, piecesIn } from '../package/byte-source.ts';
import type { KnownBeside } from '../signature/beside.ts';
import { readCms } from '../signature/cms.ts';
import { judgeSigners } from '../signature/cms-verify.ts';
import { passed, verdictOf } from '../signature/conclude.ts';
import type { Content } from '../signature/content.ts';
import { FormatError } from '../signature/der.ts';
import { startDigest } from '../signature/digests.ts';
import { type Reason, reasons } from '../signature/reasons.ts';
import { together } from '../signature/revocation-values.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import { judgeStamp } from '../signature/time-stamp.ts';
import type { Trust } from '../signature/trust.ts';
import { type Verdict, worstOf } from '../signature/verdict.ts';
import { evidenceIn } from './evidence.ts';
import { findSignatures, type PdfSignature } from './find.ts';
import { onlyAddsEvidence } from './update.ts';

export interface PdfReport {
  verdict: Verdict;
  /** In the order in which they were made; empty when the file holds no signature. */
  signatures: JudgedPdfSignature[];
  /** Names of `reasons`, without repeats. */
  reasons: Reason[];
}

export interface JudgedPdfSignature extends SignatureVerdict {
  role: 'signer' | 'counter-signer' | 'time-stamp';
}

const detached = new Set(['adbe.pkcs7.detached', 'ETSI.CAdES.detached']);
const stampFilter = 'ETSI.RFC3161';

/** Whether bytes begin as a PDF file does; a few bytes may stand before it. */
export function isPdf(start: Buffer): boolean {
  return start.includes('%PDF-');
}

/**
 * Judges the signatures inside a PDF file: PAdES and plain CMS, with document time stamps. Never throws on bad
 * bytes. The file is held in memory while it is searched.
 */
export async function verifyPdf(source: ByteSource, trust: Trust): Promise<PdfReport> {
  if (source.sizeBytes > limits.pdfBytes)
    return { verdict: 'indeterminate', signatures: [], reasons: ['FORMAT_NOT_SUPPORTED'] };
  const file = source.read(0, source.sizeBytes);
  const found = findSignatures(file);
  const last = found.at(-1)?.signed?.end ?? 0;
  const isWhole = last === file.length || (last > 0 && onlyAddsEvidence(file, last));
  const beside = found.length > 0 ? evidenceIn(file) : { certificates: [], revocation: trust.revocation };
  const signatures: JudgedPdfSignature[] = [];
  // The newest first: a stamp over all of the file proves how old the signatures before it are.
  let since = trust.provenAt;
  for (const [place, signature] of [...found.entries()].reverse()) {
    const judged = await judge(signature, source, { ...trust, provenAt: since }, beside);
    for (const each of judged) {
      if (signature.subFilter === stampFilter) {
        if (each.verdict === 'passed' && each.provenAt) since = earlier(since, new Date(each.provenAt));
      } else if (place < lastSigner(found)) each.notes.push('changed-after-signing');
    }
    signatures.unshift(...judged);
  }
  const told = new Set<Reason>(signatures.filter(isDeciding).flatMap(({ reason }) => reason ?? []));
  if (found.length === 0) told.add('NO_SIGNATURE');
  else if (!isWhole && last > 0) told.add('UNSIGNED_UPDATE');
  return {
    verdict: worstOf([...told].map(reason => reasons[reason].verdict)),
    signatures,
    reasons: [...told],
  };
}

function lastSigner(found: readonly PdfSignature[]): number {
  return found.findLastIndex(({ subFilter }) => subFilter !== stampFilter);
}

/** A stamp that is not trusted proves nothing, and takes nothing from the signatures beside it. */
function isDeciding({ role, verdict }: JudgedPdfSignature, _: number, all: JudgedPdfSignature[]): boolean {
  return role !== 'time-stamp' || verdict === 'failed' || all.every(each => each.role === 'time-stamp');
}

async function judge(
  { subFilter, signedAt, signed }: PdfSignature,
  source: ByteSource,
  trust: Trust,
  beside: KnownBeside,
): Promise<JudgedPdfSignature[]> {
  const told = (reason: Reason) => [{ ...verdictOf(reason), role: 'signer' as const }];
  if (!signed) return told('FORMAT_FAILURE');
  const content = contentAround(source, signed);
  if (subFilter === stampFilter) {
    const at = trust.provenAt && trust.provenAt < trust.at ? trust.provenAt : trust.at;
    const stamp = await judgeStamp(signed.value, content, trust, { ...beside, at });
    const known = { provenAt: stamp.at?.toISOString() ?? null };
    return [{ ...(stamp.reason ? verdictOf(stamp.reason, known) : passed(known)), role: 'time-stamp' }];
  }
  if (!detached.has(subFilter)) return told('FORMAT_NOT_SUPPORTED');
  try {
    const cms = readCms(signed.value);
    // What is signed is the file around the gap; a message with content of its own is about something else.
    if (cms.content) return told('FORMAT_FAILURE');
    const revocation = together(trust.revocation, beside.revocation);
    const judged = await judgeSigners(
      cms,
      signed.value,
      content,
      { ...trust, revocation },
      {
        // EN 319 142-1 clause 6.3: the time stands in the dictionary, under the signature like all of the file.
        needsTime: signedAt === null,
        known: beside.certificates,
      },
    );
    const claimed = signedAt?.toISOString() ?? null;
    return judged.map(each => ({ ...each, signedAt: each.signedAt ?? claimed }));
  } catch (error) {
    if (error instanceof FormatError) return told('FORMAT_FAILURE');
    throw error;
  }
}

function contentAround(
  source: ByteSource,
  { gapStart, gapEnd, end }: NonNullable<PdfSignature['signed']>,
): Content {
  const stretches = [
    { offset: 0, length: gapStart },
    { offset: gapEnd, length: end - gapEnd },
  ];
  return {
    async digest(oid) {
      const digest = startDigest(oid);
      for (const stretch of stretches) for (const piece of piecesIn(source, stretch)) digest?.update(piece);
      return digest?.digest();
    },
    bytes: async () => Buffer.concat(stretches.map(({ offset, length }) => source.read(offset, length))),
  };
}

function earlier(one: Date | null, other: Date): Date {
  return one && one < other ? one : other;
}
