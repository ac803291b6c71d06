import { isGoodAt } from './algorithm-terms.ts';
import { findVerifier } from './algorithms.ts';
import type { X509 } from './certificate.ts';
import { FormatError } from './der.ts';
import { keepsTo } from './name-constraints.ts';
import { oids } from './oids.ts';
import type { Reason } from './reasons.ts';
import { type RevocationData, type RevocationNews, whyRevoked } from './revocation.ts';

/** Certificates in one path, the signer and the anchor included. Real ones have two to four. */
const longestPath = 8;
/** Key operations for one signature: a crafted set of certificates must not keep a processor busy. */
const mostChecks = 64;

export interface PathQuestion {
  signer: X509;
  /** Certificates that may stand between the signer and an anchor. */
  others: readonly X509[];
  anchors: readonly X509[];
  /** When the signature is known to have existed: validity and revocation count for this moment. */
  at: Date;
  /** The moment of judging, from which a revocation list may be too old; `at` when it is not given. */
  now?: Date;
  revocation?: RevocationData;
  /** Since when the answers of responders are known to exist, or null: see `RevocationQuestion`. */
  answersHeldSince?: Date | null;
  purpose?: 'document' | 'time-stamp';
}

export interface PathAnswer {
  /** Null when there is a good path. */
  reason: Reason | null;
  /** Whether lists were found for every certificate of the path below the anchor. */
  revocationChecked: boolean;
}

/** Judges the signer's certificate at a moment without revocation: null, or why it is not trusted. */
export function whyNotTrusted(
  signer: X509,
  others: readonly X509[],
  anchors: readonly X509[],
  at: Date,
): Reason | null {
  return judgePath({ signer, others, anchors, at }).reason;
}

/**
 * Judges the signer's certificate (RFC 5280 section 6, ETSI EN 319 102-1 clause 5.2.6): is there a path to
 * one of the anchors whose every link may do what it does here, at that moment, and is not revoked?
 */
export function judgePath(question: PathQuestion): PathAnswer {
  let first: PathAnswer | undefined;
  const checks = { left: mostChecks };
  for (const path of paths([question.signer], question, checks)) {
    const answer = judgeOne(path, question);
    if (answer.reason === null) return answer;
    first ??= answer;
  }
  return first ?? { reason: 'NO_CERTIFICATE_CHAIN_FOUND', revocationChecked: false };
}

function* paths(path: X509[], question: PathQuestion, checks: { left: number }): Generator<X509[]> {
  const last = path.at(-1);
  if (!last || path.length > longestPath) return;
  const { anchors, others } = question;
  if (anchors.some(anchor => same(anchor.der, last.der))) yield path;
  for (const anchor of anchors) if (isIssuer(anchor, last, checks)) yield [...path, anchor];
  for (const other of others) {
    if (path.some(member => same(member.der, other.der))) continue;
    if (isIssuer(other, last, checks)) yield* paths([...path, other], question, checks);
  }
}

function isIssuer(issuer: X509, certificate: X509, checks: { left: number }): boolean {
  if (checks.left <= 0 || issuer.subject.key !== certificate.issuer.key || same(issuer.der, certificate.der))
    return false;
  checks.left -= 1;
  return verifierOf(issuer, certificate)?.verify(certificate.tbs, certificate.signatureValue) === true;
}

function verifierOf(issuer: X509, certificate: X509) {
  try {
    return findVerifier(certificate.signatureAlgorithm, null, issuer.spki);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function judgeOne(path: X509[], question: PathQuestion): PathAnswer {
  const reason = whyNotPath(path, question);
  const news = revocationOf(path, question);
  const revocationChecked = news.every(({ known }) => known);
  if (reason !== null) return { reason, revocationChecked };
  return { reason: news.find(each => each.reason !== null)?.reason ?? null, revocationChecked };
}

function whyNotPath(path: X509[], { at, purpose = 'document' }: PathQuestion): Reason | null {
  for (const [place, certificate] of path.entries()) {
    const isSigner = place === 0;
    if (!(isSigner ? maySign(certificate, purpose) : mayIssue(certificate, place - 1)))
      return 'CHAIN_CONSTRAINTS_FAILURE';
    if (certificate.unknownCritical.length > 0) return 'CHAIN_CONSTRAINTS_FAILURE';
    const { nameConstraints } = certificate;
    const below = path.slice(0, place).filter((each, index) => index === 0 || !isSelfIssued(each));
    if (nameConstraints && !below.every(each => keepsTo(nameConstraints, each)))
      return 'CHAIN_CONSTRAINTS_FAILURE';
  }
  const weak = path
    .map((certificate, place) => whyWeakLink(certificate, path[place + 1], at))
    .filter(why => why);
  if (weak.length > 0) return weak.includes(late) ? late : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE';
  // An anchor is trusted as it is: RFC 5280 section 6.1 takes its name and its key, not its term.
  const dated = path.length > 1 ? path.slice(0, -1) : path;
  const valid = dated.every(({ notBefore, notAfter }) => notBefore <= at && at <= notAfter);
  return valid ? null : 'OUT_OF_BOUNDS_NO_POE';
}

/** Each certificate of the path below the anchor is looked up in the lists of its own issuer. */
function revocationOf(path: X509[], question: PathQuestion): RevocationNews[] {
  return path.slice(0, -1).map((certificate, place) => {
    const issuer = path[place + 1];
    if (!issuer) throw new TypeError('a path without its issuer');
    return whyRevoked(certificate, issuer, {
      ...(question.revocation ?? { lists: [], answers: [] }),
      signedAt: question.at,
      now: question.now ?? question.at,
      answersHeldSince: question.answersHeldSince ?? null,
      isSigner: place === 0,
      isStamp: question.purpose === 'time-stamp',
    });
  });
}

const late = 'CRYPTO_CONSTRAINTS_FAILURE';

/** Why an authority's signature under a certificate proves nothing at that time, or null. */
function whyWeakLink(certificate: X509, issuer: X509 | undefined, at: Date): Reason | null {
  const goodUntil = (issuer && verifierOf(issuer, certificate)?.goodUntil) ?? null;
  if (isGoodAt(goodUntil, at)) return null;
  return isGoodAt(goodUntil, certificate.notBefore) ? 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE' : late;
}

function isSelfIssued({ subject, issuer }: X509): boolean {
  return subject.key === issuer.key;
}

/** Whether the certificate's key is for signatures of documents, or of time stamps (RFC 5280 section 4.2.1.3). */
export function maySign(
  { keyUsage, extendedKeyUsage }: X509,
  purpose: 'document' | 'time-stamp' = 'document',
): boolean {
  if (keyUsage !== null && !keyUsage.has('digitalSignature') && !keyUsage.has('nonRepudiation')) return false;
  if (purpose === 'document') return true;
  // RFC 3161 section 2.3: for time stamping alone, and critical.
  return (
    extendedKeyUsage?.critical === true &&
    extendedKeyUsage.purposes.size === 1 &&
    extendedKeyUsage.purposes.has(oids.timeStamping)
  );
}

/** RFC 5280 section 6.1.4; a root of version 1 has no extensions that could say that it is an authority. */
function mayIssue(
  { isAuthority, keyUsage, pathLength, version, subject, issuer }: X509,
  below: number,
): boolean {
  if (version < 3) return subject.key === issuer.key;
  if (!isAuthority || (pathLength !== null && below > pathLength)) return false;
  return keyUsage === null || keyUsage.has('keyCertSign');
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
