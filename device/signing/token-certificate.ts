import type { SignatureAlgorithm } from '../../protocol/signature/cades.ts';
import { readCertificate, type X509 } from '../../protocol/signature/certificate.ts';
import { maySign } from '../../protocol/signature/certificate-path.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { findGostKey } from '../../protocol/signature/gost-keys.ts';
import { findKey } from '../../protocol/signature/profiles.ts';
import type { TokenMechanisms } from '../peripherals/tokens/mechanisms.ts';

/** The signing certificate on a token. Times are ISO 8601 in UTC, `serial` is lower-case hexadecimal. */
export interface TokenCertificate {
  der: Uint8Array;
  owner: string;
  serial: string;
  notBefore: string;
  notAfter: string;
  algorithm: SignatureAlgorithm;
}

export interface CertificateOnToken {
  keyId: Uint8Array;
  certificate: TokenCertificate;
  /** Null when it is good to sign with now. */
  fault: CertificateFault | null;
}

export type CertificateFault =
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-not-for-signing';

/** What a key can sign with, by its kind. */
function algorithmsOf(spki: Uint8Array): SignatureAlgorithm[] {
  const gost = findGostKey(spki);
  if (gost) return [gost.curve.sizeBytes === 32 ? 'gost-2012-256' : 'gost-2012-512'];
  const key = findKey(spki);
  if (key?.asymmetricKeyType === 'rsa') return ['rsa-pkcs1-sha256', 'rsa-pss-sha256'];
  switch (key?.asymmetricKeyDetails?.namedCurve) {
    case 'prime256v1':
      return ['ecdsa-p256-sha256'];
    case 'secp384r1':
      return ['ecdsa-p384-sha384'];
    default:
      return [];
  }
}

function faultOf(certificate: X509, at: Date): CertificateFault | null {
  if (!maySign(certificate)) return 'certificate-not-for-signing';
  if (at < certificate.notBefore) return 'certificate-not-yet-valid';
  return at > certificate.notAfter ? 'certificate-expired' : null;
}

function read(
  { keyId, der }: { keyId: Uint8Array; der: Uint8Array },
  mechanisms: TokenMechanisms,
  at: Date,
): CertificateOnToken[] {
  let x509: X509;
  try {
    x509 = readCertificate(der);
  } catch (error) {
    // A token may carry certificates of kinds that nobody here can read; they are not ours to sign with.
    if (error instanceof FormatError) return [];
    throw error;
  }
  const possible = algorithmsOf(x509.spki);
  const algorithm = (Object.keys(mechanisms) as SignatureAlgorithm[]).find(each => possible.includes(each));
  if (x509.isAuthority || !algorithm) return [];
  const certificate = {
    der,
    owner: x509.subject.find('CN') ?? '',
    serial: x509.serial,
    notBefore: x509.notBefore.toISOString(),
    notAfter: x509.notAfter.toISOString(),
    algorithm,
  };
  return [{ keyId, certificate, fault: faultOf(x509, at) }];
}

/**
 * The certificate to sign with: a good one before others, then the newest. Authorities' own, and keys that
 * the token has no mechanism for, are skipped.
 */
export function findSigningCertificate(
  onToken: { keyId: Uint8Array; der: Uint8Array }[],
  mechanisms: TokenMechanisms,
  at: Date,
): CertificateOnToken | undefined {
  return onToken
    .flatMap(each => read(each, mechanisms, at))
    .sort(
      (a, b) =>
        Number(a.fault !== null) - Number(b.fault !== null) ||
        b.certificate.notBefore.localeCompare(a.certificate.notBefore),
    )[0];
}
