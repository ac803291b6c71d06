import { findVerifier } from './algorithms.ts';
import type { X509 } from './certificate.ts';
import { FormatError } from './der.ts';
import type { Reason } from './reasons.ts';
import type { RevocationList } from './revocation-list.ts';

/** What the lists say about one certificate; `known` is false when none of them speaks about it. */
export interface RevocationNews {
  known: boolean;
  reason: Reason | null;
}

export interface RevocationQuestion {
  lists: readonly RevocationList[];
  /** When the signature is known to have existed. */
  signedAt: Date;
  now: Date;
  isSigner: boolean;
}

/**
 * Looks a certificate up in the lists of its issuer (ETSI EN 319 102-1 clauses 5.2.5 and 5.2.6). The newest
 * list counts. One older than the signature tells nothing about that moment once its term has passed.
 */
export function whyRevoked(certificate: X509, issuer: X509, question: RevocationQuestion): RevocationNews {
  const { signedAt, now, isSigner } = question;
  const scopes = certificate.isAuthority ? ['all', 'authorities'] : ['all', 'users'];
  const [newest] = question.lists
    .filter(list => scopes.includes(list.scope) && isOf(list, issuer))
    .toSorted((one, other) => other.thisUpdate.getTime() - one.thisUpdate.getTime());
  if (!newest) return { known: false, reason: null };
  const entry = newest.revoked.get(Buffer.from(certificate.serialDer).toString('hex'));
  if (entry?.onHold) return { known: true, reason: 'TRY_LATER' };
  if (entry && entry.at <= signedAt)
    return { known: true, reason: isSigner ? 'REVOKED_NO_POE' : 'REVOKED_CA_NO_POE' };
  const isStale = newest.nextUpdate !== null && newest.nextUpdate < now && newest.thisUpdate < signedAt;
  return { known: true, reason: isStale ? 'TRY_LATER' : null };
}

function isOf(list: RevocationList, issuer: X509): boolean {
  if (list.issuer.key !== issuer.subject.key) return false;
  if (issuer.keyUsage !== null && !issuer.keyUsage.has('cRLSign')) return false;
  try {
    const verifier = findVerifier(list.signatureAlgorithm, null, issuer.spki);
    return verifier !== undefined && !verifier.weak && verifier.verify(list.tbs, list.signatureValue);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
