import { readAlgorithm } from './algorithm-identifier.ts';
import type { X509 } from './certificate.ts';
import { childrenOf, type DerValue, FormatError, tags } from './der.ts';
import { expectTag, Fields, onlyChild } from './der-fields.ts';
import { digestOf } from './digests.ts';
import { readName } from './distinguished-name.ts';
import { oids } from './oids.ts';

/** One certificate that a signature names by its digest (RFC 5035, RFC 2634). */
export interface CertificateId {
  hashOid: string;
  hash: Uint8Array;
  issuerSerial: { issuer: DerValue; serialDer: Uint8Array } | null;
}

/** Reads signing-certificate (`version` 1, always SHA-1) or signing-certificate-v2. @throws FormatError */
export function readCertificateIds(value: DerValue, version: 1 | 2): CertificateId[] {
  const fields = new Fields(value);
  const ids = childrenOf(fields.take(tags.sequence)).map(id => {
    const members = new Fields(id);
    const algorithm = version === 2 ? members.takeIf(tags.sequence) : undefined;
    const hash = members.take(tags.octetString).content;
    const issuerSerial = members.takeIf(tags.sequence);
    members.end();
    return {
      hashOid: algorithm ? readAlgorithm(algorithm).oid : version === 2 ? oids.sha256 : oids.sha1,
      hash,
      issuerSerial: issuerSerial ? readIssuerSerial(issuerSerial) : null,
    };
  });
  fields.takeIf(tags.sequence); // Policies.
  fields.end();
  if (ids.length === 0) throw new FormatError('signing-certificate is empty');
  return ids;
}

function readIssuerSerial(value: DerValue): { issuer: DerValue; serialDer: Uint8Array } {
  const fields = new Fields(value);
  const directoryName = expectTag(onlyChild(fields.take(tags.sequence)), 0xa4);
  const serialDer = fields.take(tags.integer).encoded;
  fields.end();
  return { issuer: onlyChild(directoryName), serialDer };
}

/**
 * RFC 5035 section 5.4.1: the first identifier must be the signer's certificate, which stops an attacker
 * from exchanging it for another one with the same key; each further one must be unchanged. Programs may
 * leave authorities out of the message, which has then fewer certificates than names.
 */
export function namesItsCertificates(
  [first, ...others]: CertificateId[],
  signer: X509,
  enclosed: readonly X509[],
  enclosedCount: number,
): boolean {
  if (!first || !isIdOf(first, signer)) return false;
  if (enclosedCount <= others.length) return true;
  return others.every(id => enclosed.some(certificate => isIdOf(id, certificate)));
}

function isIdOf(id: CertificateId, certificate: X509): boolean {
  const digest = digestOf(id.hashOid, certificate.der);
  if (!digest || Buffer.compare(digest, id.hash) !== 0) return false;
  return id.issuerSerial === null || isNamed(certificate, id.issuerSerial.issuer, id.issuerSerial.serialDer);
}

/**
 * Whether a certificate has this issuer and number. The issuer's name may be written in another way there,
 * because the attribute that says it is signed.
 */
function isNamed(certificate: X509, issuer: DerValue, serialDer: Uint8Array): boolean {
  if (Buffer.compare(certificate.serialDer, serialDer) !== 0) return false;
  return certificate.issuer.key === readName(issuer).key;
}
