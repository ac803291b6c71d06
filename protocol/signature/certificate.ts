import { type AlgorithmIdentifier, readAlgorithm } from './algorithm-identifier.ts';
import { childrenOf, type DerValue, FormatError, readDer, tags } from './der.ts';
import {
  bitBytesOf,
  booleanOf,
  expectTag,
  Fields,
  oidOf,
  onlyChild,
  smallIntegerOf,
  timeOf,
} from './der-fields.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';
import { type NameConstraints, readNameConstraints } from './name-constraints.ts';

/** The parts of an X.509 certificate (RFC 5280) that decide about a signature. */
export interface X509 {
  der: Uint8Array;
  /** What the issuer signed. */
  tbs: Uint8Array;
  /** INTEGER as encoded: part of the signer's identity. */
  serialDer: Uint8Array;
  serial: string;
  issuerDer: Uint8Array;
  issuer: DistinguishedName;
  subjectDer: Uint8Array;
  subject: DistinguishedName;
  notBefore: Date;
  notAfter: Date;
  spki: Uint8Array;
  signatureAlgorithm: AlgorithmIdentifier;
  signatureValue: Uint8Array;
  /** 1 for roots of the nineties, which have no extensions; else 3. */
  version: number;
  isAuthority: boolean;
  /** How many authorities may stand below this one, or null for any number. */
  pathLength: number | null;
  /** Names of RFC 5280 section 4.2.1.3, or null when the certificate does not restrict its key. */
  keyUsage: ReadonlySet<string> | null;
  /** What the key is for, by object identifier (section 4.2.1.12), or null when nothing is said. */
  extendedKeyUsage: { critical: boolean; purposes: ReadonlySet<string> } | null;
  /** By which a signature may name its certificate instead of issuer and number (section 4.2.1.2). */
  subjectKeyId: Uint8Array | null;
  /** Content of subjectAltName, for name constraints. */
  alternativeNames: DerValue[];
  nameConstraints: NameConstraints | null;
  /** Content of each extension by its object identifier. */
  extensions: ReadonlyMap<string, Uint8Array>;
  /** Critical extensions that we do not know: such a certificate must not be relied on (section 4.2). */
  unknownCritical: string[];
}

const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;

/** Critical extensions whose meaning does not touch the questions asked here. */
const harmlessExtensions = new Set(['2.5.29.32']); // certificatePolicies

/** Reads a certificate, or throws `FormatError`. */
export function readCertificate(der: Uint8Array): X509 {
  const outer = new Fields(readDer(der));
  const tbs = outer.take(tags.sequence);
  const outerAlgorithm = outer.take(tags.sequence);
  const signatureValue = bitBytesOf(outer.take());
  outer.end();

  const fields = new Fields(tbs);
  const versionValue = fields.takeIf(0xa0);
  const version = versionValue ? smallIntegerOf(onlyChild(versionValue)) + 1 : 1;
  if (version > 3) throw new FormatError('unknown version of certificate');
  const serial = fields.take(tags.integer);
  const innerAlgorithm = fields.take(tags.sequence);
  if (Buffer.compare(innerAlgorithm.encoded, outerAlgorithm.encoded) !== 0) {
    throw new FormatError('certificate names two signature algorithms');
  }
  const issuer = fields.take(tags.sequence);
  const validity = new Fields(fields.take());
  const notBefore = timeOf(validity.take());
  const notAfter = timeOf(validity.take());
  validity.end();
  const subject = fields.take(tags.sequence);
  const spki = fields.take(tags.sequence);
  fields.takeIf(0x81);
  fields.takeIf(0x82);
  const extensions = version === 3 ? fields.takeIf(0xa3) : undefined;
  fields.end();
  return {
    der,
    tbs: tbs.encoded,
    serialDer: serial.encoded,
    serial: Buffer.from(serial.content)
      .toString('hex')
      .replace(/^00(?=.)/, ''),
    issuerDer: issuer.encoded,
    issuer: readName(issuer),
    subjectDer: subject.encoded,
    subject: readName(subject),
    notBefore,
    notAfter,
    spki: spki.encoded,
    signatureAlgorithm: readAlgorithm(outerAlgorithm),
    signatureValue,
    version,
    ...readExtensions(extensions ? childrenOf(onlyChild(extensions)) : []),
  };
}

function readExtensions(values: DerValue[]) {
  const found: Pick<
    X509,
    | 'isAuthority'
    | 'pathLength'
    | 'keyUsage'
    | 'extendedKeyUsage'
    | 'subjectKeyId'
    | 'alternativeNames'
    | 'nameConstraints'
    | 'unknownCritical'
  > & { extensions: Map<string, Uint8Array> } = {
    extensions: new Map(),
    isAuthority: false,
    pathLength: null,
    keyUsage: null,
    extendedKeyUsage: null,
    subjectKeyId: null,
    alternativeNames: [],
    nameConstraints: null,
    unknownCritical: [],
  };
  for (const value of values) {
    const { oid, critical, content } = readExtension(value);
    if (found.extensions.has(oid)) throw new FormatError(`extension ${oid} twice`);
    found.extensions.set(oid, content);
    if (oid === '2.5.29.19') Object.assign(found, readBasicConstraints(readDer(content)));
    else if (oid === '2.5.29.15') found.keyUsage = readKeyUsage(readDer(content));
    else if (oid === '2.5.29.37') {
      const purposes = childrenOf(expectTag(readDer(content), tags.sequence)).map(oidOf);
      found.extendedKeyUsage = { critical, purposes: new Set(purposes) };
    } else if (oid === '2.5.29.14')
      found.subjectKeyId = expectTag(readDer(content), tags.octetString).content;
    else if (oid === '2.5.29.17')
      found.alternativeNames = childrenOf(expectTag(readDer(content), tags.sequence));
    else if (oid === '2.5.29.30') found.nameConstraints = readNameConstraints(readDer(content));
    else if (critical && !harmlessExtensions.has(oid)) found.unknownCritical.push(oid);
  }
  return found;
}

/** Extension of RFC 5280 section 4.1, of certificates and of revocation lists. */
export function readExtension(value: DerValue): { oid: string; critical: boolean; content: Uint8Array } {
  const fields = new Fields(value);
  const oid = oidOf(fields.take());
  const critical = fields.takeIf(tags.boolean);
  const { content } = fields.take(tags.octetString);
  fields.end();
  return { oid, critical: critical ? booleanOf(critical) : false, content };
}

function readBasicConstraints(value: DerValue): { isAuthority: boolean; pathLength: number | null } {
  const fields = new Fields(value);
  const isAuthority = fields.takeIf(tags.boolean);
  const pathLength = fields.takeIf(tags.integer);
  fields.end();
  return {
    isAuthority: isAuthority ? booleanOf(isAuthority) : false,
    pathLength: pathLength ? smallIntegerOf(pathLength) : null,
  };
}

function readKeyUsage(value: DerValue): ReadonlySet<string> {
  const [, bits = 0] = expectTag(value, tags.bitString).content;
  return new Set(keyUsageBits.filter((_, index) => (bits & (0x80 >> index)) !== 0));
}
