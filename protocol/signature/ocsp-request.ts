import { createHash } from 'node:crypto';
import type { X509 } from './certificate.ts';
import { nullValue, objectIdentifier, octetString, sequence } from './der-writer.ts';
import { keyDigest } from './key-identifier.ts';
import { oids } from './oids.ts';

/** Media types of RFC 6960 appendix C. */
export const ocspRequestType = 'application/ocsp-request';
export const ocspAnswerType = 'application/ocsp-response';

/**
 * OCSPRequest (RFC 6960 section 4.1) about one certificate, its issuer named by SHA-1 as every responder
 * knows it: the digest only names. Without a nonce, because large responders sign their answers beforehand.
 */
export function ocspRequest(certificate: X509, issuer: X509): Uint8Array {
  const name = createHash('sha1').update(issuer.subjectDer).digest();
  const algorithm = sequence(objectIdentifier(oids.sha1), nullValue);
  const id = sequence(algorithm, octetString(name), octetString(keyDigest(issuer)), certificate.serialDer);
  return sequence(sequence(sequence(sequence(id))));
}
