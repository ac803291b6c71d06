import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { Integer } from 'asn1js';
import { Certificate, PublicKeyInfo, type RelativeDistinguishedNames, Time } from 'pkijs';
import { type CertificateUsage, certificateExtensions, type RevocationAddresses } from './extensions.ts';
import { distinguishedName } from './subject.ts';

/** What a certificate is wanted for. */
export interface CertificateWish {
  commonName: string;
  organisation?: string;
  /** Post of the person, attribute `title`. */
  title?: string;
  /** SPKI DER; without it a P-256 key is made. */
  publicKey?: Uint8Array | undefined;
  usage: CertificateUsage;
  /** DNS names and IP addresses under which a server is reached. */
  names?: string[];
  days: number;
  revocation?: RevocationAddresses | undefined;
  /** By default an hour ago: a certificate issued now must be valid on a machine whose clock is behind. */
  notBefore?: Date;
}

export interface IssuedCertificate {
  /** PEM. */
  certificate: string;
  certificateDer: Uint8Array;
  /** PKCS#8 PEM; absent when the wish brought its own public key. */
  privateKey?: string;
}

/** An authority as it is kept in files, both PEM. The private key is PKCS#8 and not encrypted. */
export interface AuthorityKeys {
  certificate: string;
  privateKey: string;
}

export interface Authority extends Pick<IssuedCertificate, 'certificate' | 'certificateDer'> {
  issue(wish: CertificateWish): Promise<IssuedCertificate>;
  export(): AuthorityKeys;
}

const p256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const clockSkewMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Makes a root authority with a P-256 key, for demonstrations and tests. A production region trusts its
 * accredited authorities instead; nothing but provisioning knows the difference.
 */
export async function createAuthority(
  name: string,
  validity: { days: number; notBefore?: Date } = { days: 3650 },
): Promise<Authority> {
  const pair = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  const spki = await spkiOf(pair.publicKey);
  const subject = distinguishedName({ commonName: name });
  const certificate = unsignedCertificate({ spki, subject, issuer: subject, ...validity });
  certificate.extensions = certificateExtensions({ usage: 'authority', names: [], spki, issuerSpki: spki });
  await certificate.sign(pair.privateKey, 'SHA-256');
  return authorityOf(certificate, pair.privateKey, await privateKeyPem(pair.privateKey));
}

/** Opens an authority that `export()` wrote. */
export async function importAuthority(keys: AuthorityKeys): Promise<Authority> {
  const certificate = Certificate.fromBER(new Uint8Array(new X509Certificate(keys.certificate).raw));
  const pkcs8 = createPrivateKey(keys.privateKey).export({ type: 'pkcs8', format: 'der' });
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, p256, true, ['sign']);
  return authorityOf(certificate, key, keys.privateKey);
}

/** The same authority, whose certificates say where their revocation can be looked up. */
export function withAddresses(authority: Authority, revocation: RevocationAddresses): Authority {
  return { ...authority, issue: wish => authority.issue({ revocation, ...wish }) };
}

function authorityOf(root: Certificate, key: CryptoKey, privateKey: string): Authority {
  const own = encoded(root);
  const issuerSpki = new Uint8Array(root.subjectPublicKeyInfo.toSchema().toBER());
  return {
    ...own,
    export: () => ({ certificate: own.certificate, privateKey }),
    issue: async wish => {
      const { spki, made } = await keyFor(wish);
      const subject = distinguishedName(wish);
      const certificate = unsignedCertificate({ ...wish, spki, subject, issuer: root.subject });
      const names = wish.names ?? [];
      certificate.extensions = certificateExtensions({ ...wish, names, spki, issuerSpki });
      await certificate.sign(key, 'SHA-256');
      return { ...encoded(certificate), ...made };
    },
  };
}

async function keyFor(wish: CertificateWish): Promise<{ spki: Uint8Array; made?: { privateKey: string } }> {
  if (wish.publicKey) return { spki: wish.publicKey };
  const pair = await crypto.subtle.generateKey(p256, true, ['sign', 'verify']);
  return { spki: await spkiOf(pair.publicKey), made: { privateKey: await privateKeyPem(pair.privateKey) } };
}

function unsignedCertificate(input: {
  spki: Uint8Array;
  subject: RelativeDistinguishedNames;
  issuer: RelativeDistinguishedNames;
  days: number;
  notBefore?: Date;
}): Certificate {
  const notBefore = input.notBefore ?? new Date(Date.now() - clockSkewMs);
  const certificate = new Certificate();
  certificate.version = 2;
  certificate.serialNumber = randomSerial();
  certificate.subject = input.subject;
  certificate.issuer = input.issuer;
  certificate.notBefore = timeOf(notBefore);
  certificate.notAfter = timeOf(new Date(notBefore.getTime() + input.days * dayMs));
  certificate.subjectPublicKeyInfo = PublicKeyInfo.fromBER(new Uint8Array(input.spki));
  return certificate;
}

/** 126 random bits with a fixed top, so that the integer is positive and always 16 bytes long. */
function randomSerial(): Integer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return new Integer({ valueHex: bytes });
}

/** RFC 5280 section 4.1.2.5: two-digit years until 2049, four digits from 2050. */
function timeOf(date: Date): Time {
  return new Time({ type: date.getUTCFullYear() < 2050 ? 0 : 1, value: date });
}

async function spkiOf(key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.exportKey('spki', key));
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return pem('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)));
}

function encoded(certificate: Certificate): Pick<IssuedCertificate, 'certificate' | 'certificateDer'> {
  const certificateDer = new Uint8Array(certificate.toSchema(true).toBER());
  return { certificate: pem('CERTIFICATE', certificateDer), certificateDer };
}

function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
