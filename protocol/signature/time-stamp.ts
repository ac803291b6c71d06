import { earliestTerm, isGoodAt } from './algorithm-terms.ts';
import { besideOf, type KnownBeside } from './beside.ts';
import { judgePath } from './certificate-path.ts';
import { contentOf } from './content.ts';
import { FormatError } from './der.ts';
import { termOfDigest } from './digests.ts';
import { oids } from './oids.ts';
import { type Reason, reasons } from './reasons.ts';
import { together } from './revocation-values.ts';
import { checkSigner } from './signer-check.ts';
import { readStamp } from './stamp-info.ts';
import type { Trust } from './trust.ts';

/** A judged time stamp: `at` is the time it states, null when it could not be read. */
export interface StampVerdict {
  at: Date | null;
  /** Null when it proves that what it stamps existed at that time. */
  reason: Reason | null;
}

/**
 * What a stamp is about: its digest by the function's object identifier, undefined for unknown functions, null
 * when it is not there any more.
 */
export interface Stamped {
  digest(oid: string): Promise<Uint8Array | undefined | null>;
}

/** True for stamps that are broken or stamp something else, and not only distrusted. */
export function isDamaged({ reason }: StampVerdict): boolean {
  return reason !== null && reasons[reason].verdict === 'failed';
}

/**
 * Judges a time-stamp token (RFC 3161, ETSI EN 319 102-1 clause 5.4): it is about these bytes, by an
 * authority that is trusted and meant for it. `beside` is what the message around knows: certificates, lists
 * and answers, and when the token is known to have existed, which is now unless an archive stamp proves more. Never
 * throws on bad bytes.
 */
export async function judgeStamp(
  token: Uint8Array,
  stamped: Stamped,
  trust: Trust,
  beside: Partial<KnownBeside> & { at?: Date } = {},
): Promise<StampVerdict> {
  try {
    return await judge(token, stamped, trust, beside);
  } catch (error) {
    if (error instanceof FormatError) return { at: null, reason: 'FORMAT_FAILURE' };
    throw error;
  }
}

async function judge(
  token: Uint8Array,
  stamped: Stamped,
  trust: Trust,
  beside: Partial<KnownBeside> & { at?: Date },
): Promise<StampVerdict> {
  const { cms, signer, content, info } = readStamp(token);
  const { at } = info;
  const digest = await stamped.digest(info.hashOid);
  if (digest === null) return { at, reason: 'HASH_FAILURE' };
  if (!digest) return { at, reason: 'CRYPTO_CONSTRAINTS_FAILURE' };
  if (Buffer.compare(digest, info.imprint) !== 0) return { at, reason: 'HASH_FAILURE' };
  const own = besideOf(cms, signer.unsignedAttributes);
  const others = [...own.certificates, ...(beside.certificates ?? [])];
  const checked = await checkSigner(signer, {
    enclosed: own.enclosed,
    enclosedCount: cms.certificates.length,
    known: [...others, ...trust.timeStampAnchors],
    content: contentOf(content),
    contentType: oids.timeStampInfo,
    needsTime: false,
  });
  if (checked.reason || !checked.certificate) return { at, reason: checked.reason };
  const revocation = [own.revocation, beside.revocation ?? [], trust.revocation].flat();
  const path = judgePath({
    signer: checked.certificate,
    others,
    anchors: trust.timeStampAnchors,
    at: beside.at ?? trust.at,
    now: trust.at,
    revocation: revocation.reduce(together),
    purpose: 'time-stamp',
  });
  const judgedAt = beside.at ?? trust.at;
  const goodUntil = earliestTerm(checked.goodUntil, termOfDigest(info.hashOid));
  const weakness = isGoodAt(goodUntil, judgedAt) ? null : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE';
  return { at, reason: path.reason ?? weakness ?? checked.constraint };
}
