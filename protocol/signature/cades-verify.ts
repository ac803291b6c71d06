import { limits } from '../limits.ts';
import { readCertificate, type X509 } from './certificate.ts';
import { whyNotTrusted } from './certificate-path.ts';
import { FormatError } from './der.ts';
import { findProfile, type SignatureProfile } from './profiles.ts';
import { type Reason, reasons } from './reasons.ts';
import { type CertificateId, readSignedData, type SignedData } from './signed-data.ts';
import type { SignatureVerdict, Signer } from './verdict.ts';

export interface VerifyInput {
  signature: Uint8Array;
  content: Uint8Array;
  /** Certificates that are trusted as they are, DER. */
  anchors: Uint8Array[];
  /**
   * The moment for which certificates are judged: now, or when the signature is known to have existed
   * (the time at which the centre stored it). The time claimed by the signer decides nothing.
   */
  at: Date;
}

/**
 * Judges a detached CAdES signature over `content`, after ETSI EN 319 102-1 section 5.3 and stricter than
 * OpenSSL: see `readSignedData`. Revocation is not asked. Never throws on bad bytes.
 */
export async function verifyCades(input: VerifyInput): Promise<SignatureVerdict> {
  if (input.signature.length > limits.signatureBytes) return verdictOf('FORMAT_FAILURE');
  try {
    return judge(readSignedData(input.signature), input);
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
}

/** A verdict with nothing known but its reason. */
export function verdictOf(reason: Reason, known: Partial<SignatureVerdict> = {}): SignatureVerdict {
  return {
    signer: null,
    algorithm: null,
    signedAt: null,
    ...known,
    verdict: reasons[reason].verdict,
    reason,
  };
}

function judge(signed: SignedData, input: VerifyInput): SignatureVerdict {
  const signedAt = signed.signingTime.toISOString();
  const certificates = signed.certificates.map(readCertificate);
  const certificate = certificates.find(each =>
    isNamed(each, signed.signerIssuerDer, signed.signerSerialDer),
  );
  if (!certificate) return verdictOf('NO_SIGNING_CERTIFICATE_FOUND', { signedAt });

  const found = findProfile(signed.digestOid, signed.signatureOid);
  const known = {
    signer: signerOf(certificate),
    algorithm: found?.algorithm ?? signed.signatureOid,
    signedAt,
  };
  if (!found) return verdictOf('CRYPTO_CONSTRAINTS_FAILURE', known);
  const { profile } = found;
  if (!namesItsCertificates(signed.certificateIds, certificate, certificates, profile)) {
    return verdictOf('FORMAT_FAILURE', known);
  }
  if (!sameBytes(profile.digest(input.content), signed.messageDigest))
    return verdictOf('HASH_FAILURE', known);
  if (!profile.verify(certificate.spki, signed.signedBytes, signed.value)) {
    return verdictOf('SIG_CRYPTO_FAILURE', known);
  }
  const others = certificates.filter(each => each !== certificate);
  const reason = whyNotTrusted(certificate, others, input.anchors.map(readAnchor), input.at);
  return reason ? verdictOf(reason, known) : { ...known, verdict: 'passed', reason: null };
}

/**
 * RFC 5035 section 5.4.1: the first identifier must be the signer's certificate, which stops an attacker
 * from exchanging it for another one with the same key; each further one must be there unchanged.
 */
function namesItsCertificates(
  [first, ...others]: CertificateId[],
  signer: X509,
  certificates: X509[],
  profile: SignatureProfile,
): boolean {
  if (!first || !isIdOf(first, signer, profile)) return false;
  return others.every(id => certificates.some(certificate => isIdOf(id, certificate, profile)));
}

function isIdOf(id: CertificateId, certificate: X509, profile: SignatureProfile): boolean {
  if (id.hashOid !== profile.digestOid || !sameBytes(id.hash, profile.digest(certificate.der))) return false;
  const { issuerSerial } = id;
  return !issuerSerial || isNamed(certificate, issuerSerial.issuerDer, issuerSerial.serialDer);
}

function isNamed(certificate: X509, issuerDer: Uint8Array, serialDer: Uint8Array): boolean {
  return sameBytes(certificate.issuerDer, issuerDer) && sameBytes(certificate.serialDer, serialDer);
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

/** An anchor comes from our own configuration: one that cannot be read is our defect, not the signature's. */
function readAnchor(der: Uint8Array): X509 {
  try {
    return readCertificate(der);
  } catch (cause) {
    throw new TypeError('a trust anchor is not a certificate', { cause });
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
