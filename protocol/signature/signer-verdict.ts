import type { X509 } from './certificate.ts';
import { judgePath, type PathQuestion } from './certificate-path.ts';
import type { CmsSigner } from './cms.ts';
import { contentOf } from './content.ts';
import { FormatError } from './der.ts';
import type { Note } from './notes.ts';
import { oids } from './oids.ts';
import { type Reason, reasons } from './reasons.ts';
import type { RevocationList } from './revocation-list.ts';
import { checkSigner, type SignerContext } from './signer-check.ts';
import { isDamaged, judgeStamp, type StampVerdict } from './time-stamp.ts';
import type { Trust } from './trust.ts';
import type { SignatureVerdict, Signer } from './verdict.ts';

export interface SignerQuestion extends SignerContext {
  trust: Trust;
  /** Lists that travel with the signature. */
  revocationLists: readonly RevocationList[];
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
 * Judges one signer as ETSI EN 319 102-1 clause 5.5 does (signatures with time): first the mathematics, then
 * the certificate at the best time that is proved, last what the signature must state. Never throws on bad
 * bytes.
 */
export async function judgeSigner(signer: CmsSigner, question: SignerQuestion): Promise<SignatureVerdict> {
  try {
    return await judge(signer, question);
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
}

async function judge(signer: CmsSigner, question: SignerQuestion): Promise<SignatureVerdict> {
  const checked = await checkSigner(signer, question);
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
  const stamps = await stampsOf(signer, question, notes);
  const proof = stamps.best;
  if (proof) Object.assign(known, { level: 'T', provenAt: proof.toISOString() });
  if (proof && signedAt && signedAt.getTime() > proof.getTime() + clockToleranceMs)
    notes.push('signed-after-time-stamp');
  const path: PathQuestion = {
    signer: certificate,
    others: [...question.enclosed, ...question.known],
    anchors: question.trust.anchors,
    at: proof && proof < question.trust.at ? proof : question.trust.at,
    now: question.trust.at,
    revocationLists: [...question.revocationLists, ...question.trust.revocationLists],
  };
  const reason = whyNotTrusted(path, stamps, notes) ?? stamps.constraint ?? checked.constraint;
  return reason
    ? verdictOf(reason, known)
    : { ...verdictOf('FORMAT_FAILURE', known), verdict: 'passed', reason: null };
}

/** A signer's clock may run ahead of the authority's by so much without a word about it. */
const clockToleranceMs = 5 * 60_000;

interface Stamps {
  /** The earliest time that a trusted stamp over the signature proves. */
  best: Date | null;
  /** The earliest time at which the content existed, by a stamp that the signer signed along. */
  contentSince: Date | null;
  constraint: Reason | null;
}

async function stampsOf(signer: CmsSigner, question: SignerQuestion, notes: Note[]): Promise<Stamps> {
  const { trust, content } = question;
  const over = await Promise.all(
    signer.unsignedAttributes
      .filter(({ oid }) => oid === oids.signatureTimeStamp)
      .flatMap(({ values }) => values)
      .map(token => judgeStamp(token.encoded, contentOf(signer.value), trust)),
  );
  const before = await Promise.all(
    (signer.signedAttributes?.values.get(oids.contentTimeStamp) ?? []).map(token =>
      judgeStamp(token.encoded, content ?? contentOf(new Uint8Array()), trust),
    ),
  );
  const all = [...over, ...before];
  const damaged = all.some(isDamaged);
  if (damaged) notes.push('time-stamp-damaged');
  if (all.some(stamp => stamp.reason !== null && !isDamaged(stamp))) notes.push('time-stamp-not-trusted');
  const best = earliest(over);
  const contentSince = earliest(before);
  const outOfOrder = best !== null && contentSince !== null && best < contentSince;
  const constraint = outOfOrder ? 'TIMESTAMP_ORDER_FAILURE' : damaged ? 'SIG_CONSTRAINTS_FAILURE' : null;
  return { best, contentSince, constraint };
}

function earliest(stamps: StampVerdict[]): Date | null {
  const times = stamps.flatMap(({ at, reason }) => (at && reason === null ? [at.getTime()] : []));
  return times.length > 0 ? new Date(Math.min(...times)) : null;
}

/** Clause 5.5.4, and clause 5.3.4 for stamps over the content: these prove that the signature came after. */
function whyNotTrusted(path: PathQuestion, stamps: Stamps, notes: Note[]): Reason | null {
  const { reason, revocationChecked } = judgePath(path);
  if (!revocationChecked && reason === null) notes.push('revocation-not-checked');
  if (stamps.best && stamps.best < path.signer.notBefore) return 'NOT_YET_VALID';
  if (stamps.contentSince && reason === 'OUT_OF_BOUNDS_NO_POE' && stamps.contentSince > path.signer.notAfter)
    return 'EXPIRED';
  if (stamps.contentSince && reason === 'REVOKED_NO_POE')
    return judgePath({ ...path, at: stamps.contentSince }).reason === 'REVOKED_NO_POE' ? 'REVOKED' : reason;
  return reason;
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
