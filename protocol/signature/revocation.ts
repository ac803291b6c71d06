import { isGoodAt } from './algorithm-terms.ts';
import { findVerifier } from './algorithms.ts';
import type { X509 } from './certificate.ts';
import { FormatError } from './der.ts';
import { digestOf } from './digests.ts';
import { keyBits, keyDigest } from './key-identifier.ts';
import type { OcspAnswer, OcspStatement } from './ocsp-answer.ts';
import { oids } from './oids.ts';
import type { Reason } from './reasons.ts';
import type { Revocation, RevocationList } from './revocation-list.ts';

/** What is known about one certificate; `known` is false when nobody speaks about it. */
export interface RevocationNews {
  known: boolean;
  reason: Reason | null;
}

/** Lists and answers of responders, from wherever. */
export interface RevocationData {
  lists: readonly RevocationList[];
  answers: readonly OcspAnswer[];
}

export interface RevocationQuestion extends RevocationData {
  /** When the signature is known to have existed. */
  signedAt: Date;
  now: Date;
  /** Since when an archive stamp proves that the answers exist: a key lost later could not have forged them. */
  answersHeldSince?: Date | null;
  isSigner: boolean;
  /** Whether it is about an authority of time stamps. */
  isStamp?: boolean;
}

/** A list or an answer, as far as it is about one certificate. */
interface Statement {
  thisUpdate: Date;
  /** From then on somebody knows better. */
  nextUpdate: Date | null;
  revocation: Revocation | null;
  /** Whether the responder's own certificate is still good: an old answer could be forged with a lost key. */
  inBounds: boolean;
}

/** Clocks of authorities may run ahead of ours by so much. */
const clockToleranceMs = 5 * 60_000;
/** RFC 6960 section 4.2.2.1: without a next update newer answers are always there; such a one ages in a day. */
const answerAgesMs = 24 * 3_600_000;

/**
 * Looks a certificate up in the lists of its issuer and the answers of responders (ETSI EN 319 102-1 clauses
 * 5.2.5 and 5.2.6). The newest statement counts. One whose term was over when the signature existed tells
 * nothing about that moment.
 */
export function whyRevoked(certificate: X509, issuer: X509, question: RevocationQuestion): RevocationNews {
  const { signedAt, now, isSigner } = question;
  const [newest] = [...listed(certificate, issuer, question), ...answered(certificate, issuer, question)]
    .filter(({ thisUpdate }) => thisUpdate.getTime() <= now.getTime() + clockToleranceMs)
    .toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime());
  if (!newest) return { known: false, reason: null };
  const { revocation, nextUpdate, inBounds } = newest;
  const told = (reason: Reason | null) => ({ known: true, reason });
  if (revocation?.onHold) return told('TRY_LATER');
  if (revocation && revocation.at <= signedAt) return told(isSigner ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE');
  // Long-term signatures carry lists about their stamp authorities that are old when anybody looks: as if none.
  if (nextUpdate !== null && nextUpdate < signedAt)
    return question.isStamp ? { known: false, reason: null } : told('TRY_LATER');
  return told(inBounds ? null : 'REVOCATION_OUT_OF_BOUNDS_NO_POE');
}

function listed(certificate: X509, issuer: X509, { lists }: RevocationData): Statement[] {
  const scopes = certificate.isAuthority ? ['all', 'authorities'] : ['all', 'users'];
  return lists
    .filter(list => scopes.includes(list.scope) && isListOf(list, issuer))
    .map(({ thisUpdate, nextUpdate, revoked }) => ({
      ...{ thisUpdate, nextUpdate, inBounds: true },
      revocation: revoked.get(Buffer.from(certificate.serialDer).toString('hex')) ?? null,
    }));
}

function isListOf(list: RevocationList, issuer: X509): boolean {
  if (list.issuer.key !== issuer.subject.key) return false;
  if (issuer.keyUsage !== null && !issuer.keyUsage.has('cRLSign')) return false;
  return isSignedBy(list, issuer, list.thisUpdate);
}

function answered(certificate: X509, issuer: X509, question: RevocationQuestion): Statement[] {
  return question.answers.flatMap(answer => {
    const about = answer.statements.find(each => isAbout(each, certificate, issuer));
    const responder = about && about.status !== 'unknown' && responderOf(answer, issuer);
    if (!responder) return [];
    const { thisUpdate, revocation } = about;
    const nextUpdate = about.nextUpdate ?? new Date(thisUpdate.getTime() + answerAgesMs);
    const inBounds =
      responder === issuer || (question.answersHeldSince ?? question.now) <= responder.notAfter;
    return [{ thisUpdate, nextUpdate, revocation, inBounds }];
  });
}

function isAbout(statement: OcspStatement, certificate: X509, issuer: X509): boolean {
  const { hashOid, issuerNameHash, issuerKeyHash, serialDer } = statement;
  if (!same(serialDer, certificate.serialDer)) return false;
  const [name, key] = [digestOf(hashOid, issuer.subjectDer), digestOf(hashOid, keyBits(issuer))];
  return name !== undefined && key !== undefined && same(name, issuerNameHash) && same(key, issuerKeyHash);
}

/** RFC 6960 section 4.2.2.2: the issuer itself, or somebody whom it certified for answering, and nobody else. */
function responderOf(answer: OcspAnswer, issuer: X509): X509 | undefined {
  const { responder, producedAt } = answer;
  const isNamed = (certificate: X509) =>
    'nameKey' in responder
      ? certificate.subject.key === responder.nameKey
      : same(keyDigest(certificate), responder.keyHash);
  if (isNamed(issuer) && isSignedBy(answer, issuer, producedAt)) return issuer;
  return answer.certificates.find(
    each =>
      isNamed(each) &&
      each.issuer.key === issuer.subject.key &&
      each.extendedKeyUsage?.purposes.has(oids.ocspSigning) === true &&
      each.notBefore <= producedAt &&
      producedAt <= each.notAfter &&
      isSignedBy(each, issuer, each.notBefore) &&
      isSignedBy(answer, each, producedAt),
  );
}

/** `at` is when it says that it was made: what was weak by then counts as none. */
function isSignedBy(
  signed: Pick<OcspAnswer, 'tbs' | 'signatureAlgorithm' | 'signatureValue'>,
  by: X509,
  at: Date,
): boolean {
  try {
    const verifier = findVerifier(signed.signatureAlgorithm, null, by.spki);
    return (
      verifier !== undefined &&
      isGoodAt(verifier.goodUntil, at) &&
      verifier.verify(signed.tbs, signed.signatureValue)
    );
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
