import { type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import { readCertificate, type X509 } from './signature/certificate.ts';
import { whyNotTrusted } from './signature/certificate-path.ts';
import { FormatError } from './signature/der.ts';
import { findKey } from './signature/profiles.ts';

export interface Seal {
  key: KeyObject;
  /** DER. */
  certificate: Uint8Array;
}

export interface StatementSeal {
  /** Of the seal, DER in base64. */
  certificate: string;
  /** ECDSA P-256 with SHA-256 over the canonical statement, DER in base64. */
  signature: string;
}

/** Why a seal does not hold for a statement. */
export type SealFault = 'unreadable' | 'foreign-seal' | 'untrusted-seal' | 'wrong-signature';

/** What is signed, and what a time stamp is asked for. */
export const statementBytes = (what: string, statement: object) =>
  Buffer.from(canonicalJson({ what, ...statement }));

/** `what` is part of what is signed: a seal under one kind of statement is none under another. */
export function sealStatement(what: string, statement: object, seal: Seal): StatementSeal {
  return {
    certificate: Buffer.from(seal.certificate).toString('base64'),
    signature: sign('sha256', statementBytes(what, statement), seal.key).toString('base64'),
  };
}

/** Judges the seal of `owner` under a statement by the anchors at a moment. Null when it holds. */
export function whySealFails(
  what: string,
  statement: object,
  sealed: StatementSeal,
  trust: { owner: string; anchors: readonly Uint8Array[]; at: Date },
): SealFault | null {
  let seal: X509;
  try {
    seal = readCertificate(Buffer.from(sealed.certificate, 'base64'));
  } catch (error) {
    if (error instanceof FormatError) return 'unreadable';
    throw error;
  }
  if (seal.subject.find('CN') !== trust.owner) return 'foreign-seal';
  if (whyNotTrusted(seal, [], trust.anchors.map(readCertificate), trust.at) !== null) return 'untrusted-seal';
  const key = findKey(seal.spki);
  if (key?.asymmetricKeyType !== 'ec') return 'unreadable';
  const signature = Buffer.from(sealed.signature, 'base64');
  return verify('sha256', statementBytes(what, statement), key, signature) ? null : 'wrong-signature';
}
