import { AppError } from '../app-error.ts';
import { readCertificate, type X509 } from './certificate.ts';
import { contextTag, objectIdentifier, octetString, sequence, setOf, time, unsigned } from './der-writer.ts';
import { oids } from './oids.ts';
import {
  type SignatureAlgorithm,
  type SignatureProfile,
  type SoftwareKey,
  signatureProfiles,
} from './profiles.ts';

/** Signs bytes and gives the value as a PKCS#11 token does: r‖s of ECDSA, s‖r of GOST, one number of RSA. */
export type Sign = (toBeSigned: Uint8Array) => Promise<Uint8Array>;

export interface CadesInput {
  /** Digest of the content by the hash of the algorithm's profile. */
  contentDigest: Uint8Array;
  /** The signer's certificate, DER. */
  certificate: Uint8Array;
  /** Authorities between the signer and the anchor, DER; put into the signature and covered by it. */
  chain?: Uint8Array[];
  signingTime: Date;
  algorithm: SignatureAlgorithm;
  sign: Sign;
}

/**
 * Makes a detached CAdES-BES signature (ETSI EN 319 122-1, level B-B): CMS SignedData version 1 in DER
 * with one signer. The signed attributes are written in the very order that was signed: OpenSSL accepts
 * any, GnuTLS and BouncyCastle do not (PKI.js issue 402).
 * @throws AppError `token.fault` when the returned value is no signature by the certificate's key.
 */
export async function buildCades(input: CadesInput): Promise<Uint8Array> {
  const profile: SignatureProfile = signatureProfiles[input.algorithm];
  const certificate = readCertificate(input.certificate);
  const chain = input.chain ?? [];
  const attributes = [
    attribute(oids.contentType, objectIdentifier(oids.data)),
    attribute(oids.messageDigest, octetString(input.contentDigest)),
    attribute(oids.signingTime, time(input.signingTime)),
    attribute(
      oids.signingCertificateV2,
      signingCertificate([certificate, ...chain.map(readCertificate)], profile),
    ),
  ];
  const signed = setOf(...attributes);
  const value = profile.fromToken(await input.sign(signed));
  // A token may hold a certificate whose key is another one: better found here than at the agency.
  if (!value || !profile.verify(certificate.spki, signed, value)) {
    throw new AppError('token.fault', {
      reason: 'the value is not a signature by the key of this certificate',
    });
  }
  const digestAlgorithm = sequence(objectIdentifier(profile.digestOid));
  const signerInfo = sequence(
    unsigned(Uint8Array.of(1)),
    sequence(certificate.issuerDer, certificate.serialDer),
    digestAlgorithm,
    // The attributes are signed as SET OF and written under the implicit tag 0 (RFC 5652 section 5.4).
    Buffer.concat([Uint8Array.of(0xa0), signed.subarray(1)]),
    signatureAlgorithm(profile),
    octetString(value),
  );
  const signedData = sequence(
    unsigned(Uint8Array.of(1)),
    setOf(digestAlgorithm),
    sequence(objectIdentifier(oids.data)),
    contextTag(0, ...[input.certificate, ...chain].toSorted(Buffer.compare)),
    setOf(signerInfo),
  );
  return sequence(objectIdentifier(oids.signedData), contextTag(0, signedData));
}

/** A `sign` callback for a key in software: the box's own key, an agency's simulator. */
export function signWithKey(key: SoftwareKey, algorithm: SignatureAlgorithm): Sign {
  return async toBeSigned => signatureProfiles[algorithm].sign(key, toBeSigned);
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(type), setOf(value));
}

/** SigningCertificateV2 of RFC 5035: the signer first, then the authorities that go with the signature. */
function signingCertificate(certificates: X509[], profile: SignatureProfile): Uint8Array {
  return sequence(
    sequence(
      ...certificates.map(certificate => {
        const directoryName = contextTag(4, certificate.issuerDer);
        const issuerSerial = sequence(sequence(directoryName), certificate.serialDer);
        // SHA-256 is the default and must then be left out (X.690 section 11.5).
        const hash = profile.digestOid === oids.sha256 ? [] : [sequence(objectIdentifier(profile.digestOid))];
        return sequence(...hash, octetString(profile.digest(certificate.der)), issuerSerial);
      }),
    ),
  );
}

function signatureAlgorithm({ signatureOids: [oid], parameters }: SignatureProfile): Uint8Array {
  return sequence(objectIdentifier(oid), ...(parameters ? [parameters] : []));
}
