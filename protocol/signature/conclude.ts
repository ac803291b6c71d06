import { isGoodAt, type Term } from './algorithm-terms.ts';
import type { X509 } from './certificate.ts';
import { judgePath, type PathAnswer, type PathQuestion } from './certificate-path.ts';
import type { Note } from './notes.ts';
import { type Reason, reasons } from './reasons.ts';
import type { RevocationData } from './revocation.ts';
import { together } from './revocation-values.ts';
import type { SignatureVerdict, Signer } from './signature-verdict.ts';
import type { CheckedSigner } from './signer-check.ts';
import type { JudgedStamps } from './stamp-chain.ts';
import { isDamaged, type StampVerdict } from './time-stamp.ts';
import type { Trust } from './trust.ts';

/** What a verdict is drawn from once the mathematics is done. */
export interface Evidence {
  trust: Trust;
  /** Certificates that travel with the signature, and others that are known here. */
  certificates: readonly X509[];
  /** Lists and answers that travel with the signature. */
  revocation: RevocationData;
  stamps: JudgedStamps;
}

/** A verdict with nothing known but its reason. */
export function verdictOf(reason: Reason, known: Partial<SignatureVerdict> = {}): SignatureVerdict {
  return {
    signer: null,
    algorithm: null,
    signedAt: null,
    level: null,
    provenAt: null,
    notes: [],
    ...known,
    verdict: reasons[reason].verdict,
    reason,
  };
}

/**
 * The verdict on a signer who was checked, as ETSI EN 319 102-1 clause 5.5 has it (signatures with time): the
 * certificate at the best time that is proved, then what the signature must state.
 */
export function conclude(checked: CheckedSigner, evidence: Evidence): SignatureVerdict {
  const { certificate, algorithm, signedAt, notes } = checked;
  const known: Partial<SignatureVerdict> = {
    signer: certificate ? signerOf(certificate) : null,
    algorithm,
    signedAt: signedAt?.toISOString() ?? null,
    level: certificate ? 'BES' : null,
    notes,
  };
  if (checked.reason || !certificate)
    return verdictOf(checked.reason ?? 'NO_SIGNING_CERTIFICATE_FOUND', known);
  const { trust } = evidence;
  const stamps = judgeStamps(evidence.stamps, trust.provenAt, notes);
  const proof = stamps.best;
  if (proof) Object.assign(known, { level: 'T', provenAt: proof.toISOString() });
  if (proof && signedAt && signedAt.getTime() > proof.getTime() + clockToleranceMs)
    notes.push('signed-after-time-stamp');
  const path: PathQuestion = {
    signer: certificate,
    others: evidence.certificates,
    anchors: trust.anchors,
    at: proof && proof < trust.at ? proof : trust.at,
    now: trust.at,
    revocation: together(evidence.revocation, trust.revocation),
    answersHeldSince: evidence.stamps.revocationHeldSince,
  };
  const { reason: distrust, revocationChecked } = whyNotTrusted(path, stamps, notes);
  // Long-term data lie in the signature, or beside it with the stamp that proves it.
  const kept = trust.provenAt ? path : { ...path, revocation: evidence.revocation };
  if (proof && distrust === null && revocationChecked && judgePath(kept).revocationChecked)
    known.level = stamps.isArchived ? 'LTA' : 'LT';
  const weakness = whyWeak(checked.goodUntil, path, stamps, notes);
  const reason = distrust ?? stamps.constraint ?? weakness ?? checked.constraint;
  return reason ? verdictOf(reason, known) : passed(known);
}

export function passed(known: Partial<SignatureVerdict>): SignatureVerdict {
  return { ...verdictOf('FORMAT_FAILURE', known), verdict: 'passed', reason: null };
}

/** A signer's clock may run ahead of the authority's by so much without a word about it. */
const clockToleranceMs = 5 * 60_000;

interface Stamps {
  /** The earliest time that a trusted stamp over the signature proves. */
  best: Date | null;
  /** The earliest time at which the content existed, by a stamp that the signer signed along. */
  contentSince: Date | null;
  constraint: Reason | null;
  /** Whether an archive stamp is good. */
  isArchived: boolean;
}

function judgeStamps(
  { over, before, overReferences, archive }: JudgedStamps,
  provenAt: Date | null,
  notes: Note[],
): Stamps {
  const all = [...over, ...before];
  const damaged = all.some(isDamaged);
  if (damaged) notes.push('time-stamp-damaged');
  const others = overReferences.filter(({ reason }) => reason !== null);
  if (others.length > 0 || all.some(stamp => stamp.reason !== null && !isDamaged(stamp)))
    notes.push('time-stamp-not-trusted');
  // What an archive stamp is about may be written in several ways, so that one that does not fit tells nothing.
  if (archive.some(({ reason }) => reason !== null)) notes.push('archive-time-stamp-not-trusted');
  const best = earliest([...over, ...overReferences, ...archive, { at: provenAt, reason: null }]);
  const contentSince = earliest(before);
  const outOfOrder = best !== null && contentSince !== null && best < contentSince;
  const constraint = outOfOrder ? 'TIMESTAMP_ORDER_FAILURE' : damaged ? 'SIG_CONSTRAINTS_FAILURE' : null;
  return { best, contentSince, constraint, isArchived: archive.some(({ reason }) => reason === null) };
}

function earliest(stamps: StampVerdict[]): Date | null {
  const times = stamps.flatMap(({ at, reason }) => (at && reason === null ? [at.getTime()] : []));
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

/** Clause 5.5.4, and clause 5.3.4 for stamps over the content: these prove that the signature came after. */
function whyNotTrusted(path: PathQuestion, stamps: Stamps, notes: Note[]): PathAnswer {
  const answer = judgePath(path);
  const { reason, revocationChecked } = answer;
  const because = (other: Reason) => ({ ...answer, reason: other });
  if (!revocationChecked && reason === null) notes.push('revocation-not-checked');
  if (stamps.best && stamps.best < path.signer.notBefore) return because('NOT_YET_VALID');
  const { contentSince } = stamps;
  if (contentSince && reason === 'OUT_OF_BOUNDS_NO_POE' && contentSince > path.signer.notAfter)
    return because('EXPIRED');
  if (contentSince && reason === 'REVOKED_NO_POE') {
    const wasRevoked = judgePath({ ...path, at: contentSince }).reason === 'REVOKED_NO_POE';
    return wasRevoked ? because('REVOKED') : answer;
  }
  return answer;
}

/** Clause 5.3.4 steps 9 and 10: weak by now, or weak already when the signature can have been made at the earliest. */
function whyWeak(
  goodUntil: Term,
  { signer, at }: PathQuestion,
  stamps: Stamps,
  notes: Note[],
): Reason | null {
  if (isGoodAt(goodUntil, at)) return null;
  notes.push('weak-algorithm');
  const since = [signer.notBefore, ...(stamps.contentSince ? [stamps.contentSince] : [])];
  return since.every(each => isGoodAt(goodUntil, each))
    ? 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE'
    : 'CRYPTO_CONSTRAINTS_FAILURE';
}

function signerOf(certificate: X509): Signer {
  return {
    subject: certificate.subject.text,
    commonName: certificate.subject.find('CN') ?? '',
    organisation: certificate.subject.find('O'),
    title: certificate.subject.find('T'),
    serial: certificate.serial,
    issuer: certificate.issuer.text,
    notBefore: certificate.notBefore.toISOString(),
    notAfter: certificate.notAfter.toISOString(),
  };
}
