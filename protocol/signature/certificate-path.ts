import { verify } from 'node:crypto';
import type { X509 } from './certificate.ts';
import { gostOids } from './gost-keys.ts';
import { findKey, findProfile } from './profiles.ts';
import type { Reason } from './reasons.ts';

/** Signature algorithms that an authority may use. SHA-1 and MD5 are missing on purpose. */
const issuerAlgorithms: Readonly<Record<string, { hash: string; keyType: 'ec' | 'rsa' }>> = {
  '1.2.840.10045.4.3.2': { hash: 'sha256', keyType: 'ec' },
  '1.2.840.10045.4.3.3': { hash: 'sha384', keyType: 'ec' },
  '1.2.840.10045.4.3.4': { hash: 'sha512', keyType: 'ec' },
  '1.2.840.113549.1.1.11': { hash: 'sha256', keyType: 'rsa' },
  '1.2.840.113549.1.1.12': { hash: 'sha384', keyType: 'rsa' },
  '1.2.840.113549.1.1.13': { hash: 'sha512', keyType: 'rsa' },
};

/** Certificates in one path, the signer and the anchor included. Real ones have two to four. */
const longestPath = 8;
/** Key operations for one signature: a crafted set of certificates must not keep a processor busy. */
const mostChecks = 64;

/**
 * Judges the signer's certificate at a moment (RFC 5280 section 6): is there a path to one of the anchors
 * whose every link may do what it does here? Returns null, or why not. Names are compared byte by byte.
 */
export function whyNotTrusted(signer: X509, others: X509[], anchors: X509[], at: Date): Reason | null {
  let first: Reason | null = null;
  for (const path of paths([signer], others, anchors, { left: mostChecks })) {
    const reason = whyNotPath(path, at);
    if (reason === null) return null;
    first ??= reason;
  }
  return first ?? 'NO_CERTIFICATE_CHAIN_FOUND';
}

function* paths(path: X509[], others: X509[], anchors: X509[], checks: { left: number }): Generator<X509[]> {
  const last = path.at(-1);
  if (!last || path.length > longestPath) return;
  if (anchors.some(anchor => same(anchor.der, last.der))) yield path;
  for (const anchor of anchors) if (isIssuer(anchor, last, checks)) yield [...path, anchor];
  for (const other of others) {
    if (path.some(member => same(member.der, other.der))) continue;
    if (isIssuer(other, last, checks)) yield* paths([...path, other], others, anchors, checks);
  }
}

function isIssuer(issuer: X509, certificate: X509, checks: { left: number }): boolean {
  if (checks.left <= 0 || !same(issuer.subjectDer, certificate.issuerDer)) return false;
  const gost = Object.values(gostOids).some(({ signature }) => signature === certificate.signatureOid);
  if (gost) {
    checks.left -= 1;
    const found = findProfile(null, certificate.signatureOid);
    return found?.profile.verify(issuer.spki, certificate.tbs, certificate.signatureValue) === true;
  }
  const algorithm = issuerAlgorithms[certificate.signatureOid];
  const key = findKey(issuer.spki);
  if (!algorithm || key?.asymmetricKeyType !== algorithm.keyType) return false;
  if (algorithm.keyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) return false;
  checks.left -= 1;
  return verify(algorithm.hash, certificate.tbs, key, certificate.signatureValue);
}

function whyNotPath(path: X509[], at: Date): Reason | null {
  for (const [place, certificate] of path.entries()) {
    const isSigner = place === 0;
    if (!(isSigner ? maySign(certificate) : mayIssue(certificate, place - 1)))
      return 'CHAIN_CONSTRAINTS_FAILURE';
    if (certificate.unknownCritical.length > 0) return 'CHAIN_CONSTRAINTS_FAILURE';
  }
  const valid = path.every(({ notBefore, notAfter }) => notBefore <= at && at <= notAfter);
  return valid ? null : 'OUT_OF_BOUNDS_NO_POE';
}

/** Whether the certificate's key is for signatures of documents (RFC 5280 section 4.2.1.3). */
export function maySign({ keyUsage }: X509): boolean {
  return keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
}

function mayIssue({ isAuthority, keyUsage, pathLength }: X509, authoritiesBelow: number): boolean {
  if (!isAuthority || (pathLength !== null && authoritiesBelow > pathLength)) return false;
  return keyUsage === null || keyUsage.has('keyCertSign');
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
