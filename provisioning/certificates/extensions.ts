import { createHash } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';
import { type AsnType, BitString, OctetString } from 'asn1js';
import {
  AccessDescription,
  AltName,
  AuthorityKeyIdentifier,
  BasicConstraints,
  CRLDistributionPoints,
  DistributionPoint,
  Extension,
  ExtKeyUsage,
  GeneralName,
  InfoAccess,
  PublicKeyInfo,
} from 'pkijs';

export type CertificateUsage = 'tls-server' | 'tls-client' | 'signing' | 'time-stamp';

/** Where it can be learnt whether a certificate was revoked, by HTTP. */
export interface RevocationAddresses {
  list: string;
  responder: string;
}

/** First byte of the KeyUsage bit string (RFC 5280 section 4.2.1.3), and how many low bits of it are unused. */
const keyUsages = {
  authority: { bits: 0b0000_0110, unusedBits: 1 }, // keyCertSign, cRLSign
  'tls-server': { bits: 0b1000_0000, unusedBits: 7 }, // digitalSignature
  'tls-client': { bits: 0b1000_0000, unusedBits: 7 },
  signing: { bits: 0b1100_0000, unusedBits: 6 }, // digitalSignature, nonRepudiation
  'time-stamp': { bits: 0b1000_0000, unusedBits: 7 },
} as const;

/** A signing certificate names no extended usage: OpenSSL and GnuTLS then take it for any signature. */
const extendedUsages = {
  authority: undefined,
  'tls-server': '1.3.6.1.5.5.7.3.1',
  'tls-client': '1.3.6.1.5.5.7.3.2',
  signing: undefined,
  'time-stamp': '1.3.6.1.5.5.7.3.8',
} as const;

/** The extensions of a certificate. Keys are SPKI DER. */
export function certificateExtensions(input: {
  usage: CertificateUsage | 'authority';
  names: string[];
  spki: Uint8Array;
  issuerSpki: Uint8Array;
  revocation?: RevocationAddresses | undefined;
}): Extension[] {
  const isAuthority = input.usage === 'authority';
  const usage = keyUsages[input.usage];
  const extendedUsage = extendedUsages[input.usage];
  const keyIdentifier = new OctetString({ valueHex: keyIdentifierOf(input.issuerSpki) });
  const extensions = [
    extension(
      '2.5.29.19',
      true,
      new BasicConstraints(isAuthority ? { cA: true, pathLenConstraint: 0 } : {}).toSchema(),
    ),
    extension(
      '2.5.29.15',
      true,
      new BitString({ valueHex: Uint8Array.of(usage.bits), unusedBits: usage.unusedBits }),
    ),
    extension('2.5.29.14', false, new OctetString({ valueHex: keyIdentifierOf(input.spki) })),
    extension('2.5.29.35', false, new AuthorityKeyIdentifier({ keyIdentifier }).toSchema()),
  ];
  if (extendedUsage) {
    extensions.push(
      // RFC 3161 section 2.3: critical in a certificate for time stamps.
      extension(
        '2.5.29.37',
        input.usage === 'time-stamp',
        new ExtKeyUsage({ keyPurposes: [extendedUsage] }).toSchema(),
      ),
    );
  }
  if (input.names.length > 0) {
    extensions.push(
      extension('2.5.29.17', false, new AltName({ altNames: input.names.map(generalName) }).toSchema()),
    );
  }
  if (input.revocation) extensions.push(...addressExtensions(input.revocation));
  return extensions;
}

/** RFC 5280 sections 4.2.1.13 and 4.2.2.1. */
function addressExtensions({ list, responder }: RevocationAddresses): Extension[] {
  const uri = (value: string) => new GeneralName({ type: 6, value });
  const points = new CRLDistributionPoints({
    distributionPoints: [new DistributionPoint({ distributionPoint: [uri(list)] })],
  });
  const access = new InfoAccess({
    accessDescriptions: [
      new AccessDescription({ accessMethod: '1.3.6.1.5.5.7.48.1', accessLocation: uri(responder) }),
    ],
  });
  return [
    extension('2.5.29.31', false, points.toSchema()),
    extension('1.3.6.1.5.5.7.1.1', false, access.toSchema()),
  ];
}

function extension(extnID: string, critical: boolean, value: AsnType): Extension {
  return new Extension({ extnID, critical, extnValue: value.toBER() });
}

/** RFC 5280 section 4.2.1.2, method 1: SHA-1 of the key's bits. It only finds certificates, it proves nothing. */
function keyIdentifierOf(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = PublicKeyInfo.fromBER(new Uint8Array(spki)).subjectPublicKey.valueBlock.valueHexView;
  return new Uint8Array(createHash('sha1').update(key).digest());
}

function generalName(name: string): GeneralName {
  const dnsName = 2;
  const ipAddress = 7;
  if (!isIP(name)) return new GeneralName({ type: dnsName, value: name });
  return new GeneralName({ type: ipAddress, value: new OctetString({ valueHex: addressBytes(name) }) });
}

function addressBytes(address: string): Uint8Array<ArrayBuffer> {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number);
  const [head = '', tail] = address.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = Array<string>(tail === undefined ? 0 : 8 - left.length - right.length).fill('0');
  const words = [...left, ...zeros, ...right].map(group => Number.parseInt(group, 16));
  return Uint8Array.from(words.flatMap(word => [word >> 8, word & 0xff]));
}
