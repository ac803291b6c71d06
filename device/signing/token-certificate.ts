import { X509Certificate } from 'node:crypto';
import type { SignatureAlgorithm } from '../../protocol/signature/cades.ts';

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
}

function algorithmOf(certificate: X509Certificate): SignatureAlgorithm | undefined {
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  if (asymmetricKeyType === 'rsa') return 'rsa-pkcs1-sha256';
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1')
    return 'ecdsa-p256-sha256';
  return undefined;
}

function read(der: Uint8Array): TokenCertificate | undefined {
  try {
    const x509 = new X509Certificate(der);
    const algorithm = algorithmOf(x509);
    if (x509.ca || !algorithm) return undefined;
    const name = x509.toLegacyObject().subject as { CN?: string | string[] };
    return {
      der,
      owner: [name.CN ?? ''].flat()[0] ?? '',
      serial: x509.serialNumber.toLowerCase(),
      notBefore: new Date(x509.validFrom).toISOString(),
      notAfter: new Date(x509.validTo).toISOString(),
      algorithm,
    };
  } catch {
    // A token may carry certificates of kinds that OpenSSL cannot read; they are not ours to sign with.
    return undefined;
  }
}

export const isValidAt = (certificate: TokenCertificate, at: Date): boolean =>
  certificate.notBefore <= at.toISOString() && at.toISOString() <= certificate.notAfter;

/** The certificate to sign with: one valid now before others, then the newest. Authorities' own are skipped. */
export function findSigningCertificate(
  onToken: { keyId: Uint8Array; der: Uint8Array }[],
  at: Date,
): CertificateOnToken | undefined {
  return onToken
    .flatMap(({ keyId, der }) => {
      const certificate = read(der);
      return certificate ? [{ keyId, certificate }] : [];
    })
    .sort(
      (a, b) =>
        Number(isValidAt(b.certificate, at)) - Number(isValidAt(a.certificate, at)) ||
        b.certificate.notBefore.localeCompare(a.certificate.notBefore),
    )[0];
}
