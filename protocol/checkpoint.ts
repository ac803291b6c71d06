import { type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from './canonical.ts';
import { readCertificate, type X509 } from './signature/certificate.ts';
import { whyNotTrusted } from './signature/certificate-path.ts';
import { FormatError } from './signature/der.ts';
import { findKey } from './signature/profiles.ts';

/** What a box swears to: its journal up to a number, by the digest of that fact, which the chain ties to all before. */
export interface CheckpointStatement {
  box: string;
  epoch: string;
  upTo: number;
  /** Digest of fact `upTo` (`hashFact`). */
  head: string;
}

export interface SignedCheckpoint {
  upTo: number;
  head: string;
  /** The box's seal certificate, DER in base64. */
  certificate: string;
  /** ECDSA P-256 with SHA-256 over the canonical statement, DER in base64. */
  signature: string;
}

/** Why a checkpoint does not hold. */
export type CheckpointFault =
  | 'unreadable'
  | 'foreign-box'
  | 'untrusted-seal'
  | 'wrong-signature'
  | 'wrong-head';

const statementBytes = (statement: CheckpointStatement) =>
  Buffer.from(canonicalJson({ what: 'okno-journal-checkpoint-1', ...statement }));

export function signCheckpoint(
  statement: CheckpointStatement,
  seal: { key: KeyObject; certificate: Uint8Array },
): SignedCheckpoint {
  return {
    upTo: statement.upTo,
    head: statement.head,
    certificate: Buffer.from(seal.certificate).toString('base64'),
    signature: sign('sha256', statementBytes(statement), seal.key).toString('base64'),
  };
}

/**
 * Judges a checkpoint of a box's journal: the seal belongs to this box and to one of the anchors at this
 * moment, and it signed the digest that the ledger has for fact `upTo`. Null when it holds.
 */
export function whyCheckpointFails(
  checkpoint: SignedCheckpoint,
  ledger: CheckpointStatement,
  trust: { anchors: readonly Uint8Array[]; at: Date },
): CheckpointFault | null {
  let seal: X509;
  try {
    seal = readCertificate(Buffer.from(checkpoint.certificate, 'base64'));
  } catch (error) {
    if (error instanceof FormatError) return 'unreadable';
    throw error;
  }
  if (seal.subject.find('CN') !== ledger.box) return 'foreign-box';
  const anchors = trust.anchors.map(readCertificate);
  if (whyNotTrusted(seal, [], anchors, trust.at) !== null) return 'untrusted-seal';
  const key = findKey(seal.spki);
  if (key?.asymmetricKeyType !== 'ec') return 'unreadable';
  const said = { ...ledger, upTo: checkpoint.upTo, head: checkpoint.head };
  if (!verify('sha256', statementBytes(said), key, Buffer.from(checkpoint.signature, 'base64')))
    return 'wrong-signature';
  return checkpoint.head === ledger.head && checkpoint.upTo === ledger.upTo ? null : 'wrong-head';
}
