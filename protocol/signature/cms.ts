import { limits } from '../limits.ts';
import { type AlgorithmIdentifier, readAlgorithm } from './algorithm-identifier.ts';
import { derOf } from './ber.ts';
import { childrenOf, type DerValue, FormatError, readDer, tags } from './der.ts';
import { Fields, oidOf, onlyChild, smallIntegerOf } from './der-fields.ts';
import { findHash, shakeOfLength } from './digests.ts';
import { oids } from './oids.ts';

/** A CMS SignedData (RFC 5652 section 5) taken apart; nothing is judged yet. */
export interface Cms {
  contentType: string;
  /** What is inside, or null when the signature is detached. */
  content: Uint8Array | null;
  /** X.509 certificates, DER; other forms of certificate are left out. */
  certificates: Uint8Array[];
  /** Certificate revocation lists, DER. */
  revocationLists: Uint8Array[];
  /** Answers of OCSP responders, DER. */
  ocspAnswers: Uint8Array[];
  signers: CmsSigner[];
  /** Whether all of it came in DER and with the versions that follow from what is inside. */
  isExact: boolean;
  encodings: CmsEncodings;
}

/** Parts of a message as they are written in DER: archive time stamps are about these. */
export interface CmsEncodings {
  contentType: Uint8Array;
  encapsulated: Uint8Array;
  /** With their tag, or null without any. */
  certificates: DerValue | null;
  revocation: DerValue | null;
}

export interface CmsSigner {
  /** Issuer and number byte by byte as in the certificate: nothing signs them here. */
  id: { issuerDer: Uint8Array; serialDer: Uint8Array } | { keyId: Uint8Array };
  /** RFC 5652 section 5.3: 1 by issuer and number, 3 by the key. */
  fitsVersion: boolean;
  digestOid: string;
  signatureAlgorithm: AlgorithmIdentifier;
  value: Uint8Array;
  /** Every member before the unsigned attributes, as written in DER. */
  encodings: Uint8Array[];
  /** Null when the value signs the content itself. */
  signedAttributes: SignedAttributes | null;
  unsignedAttributes: Attribute[];
}

export interface SignedAttributes {
  /** As the SET OF that was signed. */
  bytes: Uint8Array;
  values: ReadonlyMap<string, DerValue[]>;
}

export interface Attribute {
  oid: string;
  values: DerValue[];
  encoded: Uint8Array;
  /** Type and set of values as encoded. */
  members: Uint8Array[];
}

/** CertificateChoices of RFC 5652 section 10.2.2 besides X.509: attribute certificates and others. */
const otherCertificateForms = new Set([0xa0, 0xa1, 0xa2, 0xa3]);

/** @throws FormatError */
export function readCms(source: Uint8Array): Cms {
  const der = derOf(source);
  const contentInfo = new Fields(readDer(der));
  if (oidOf(contentInfo.take()) !== oids.signedData) throw new FormatError('not a signed message');
  const signedData = new Fields(onlyChild(contentInfo.take(0xa0)));
  contentInfo.end();
  const version = smallIntegerOf(signedData.take());
  const digestOids = childrenOf(signedData.take(tags.set)).map(digestOidOf);
  const encapsulatedValue = signedData.take();
  const encapsulated = new Fields(encapsulatedValue);
  const typeValue = encapsulated.take();
  const contentType = oidOf(typeValue);
  const inside = encapsulated.takeIf(0xa0);
  encapsulated.end();
  const certificateSet = signedData.takeIf(0xa0);
  const certificates = childrenIf(certificateSet);
  const listSet = signedData.takeIf(0xa1);
  const lists = childrenIf(listSet);
  const signerValues = childrenOf(signedData.take(tags.set));
  signedData.end();
  if (Math.max(certificates.length, signerValues.length) > limits.foreignCertificates)
    throw new FormatError('too many certificates or signers');
  if (signerValues.length === 0) throw new FormatError('nobody signed');
  const signers = signerValues.map(value => readSigner(value, source));
  const plain = certificates.filter(({ tag }) => tag === tags.sequence);
  if (certificates.some(({ tag }) => tag !== tags.sequence && !otherCertificateForms.has(tag)))
    throw new FormatError('not a certificate');
  const fits = fitsVersion(version, {
    contentType,
    byKeyId: signers.some(({ id }) => 'keyId' in id),
    otherForms: plain.length < certificates.length || lists.some(({ tag }) => tag !== tags.sequence),
  });
  // RFC 5652 section 5.1: a reader that hashes while it reads must learn the digests from this set.
  if (signers.some(({ digestOid }) => !digestOids.includes(digestOid)))
    throw new FormatError('digest algorithms differ');
  return {
    contentType,
    content: inside ? contentInside(inside) : null,
    certificates: plain.map(({ encoded }) => encoded),
    revocationLists: lists.filter(({ tag }) => tag === tags.sequence).map(({ encoded }) => encoded),
    ocspAnswers: lists.flatMap(ocspAnswerIn),
    signers,
    isExact: fits && signers.every(signer => signer.fitsVersion) && Buffer.compare(der, source) === 0,
    encodings: {
      contentType: typeValue.encoded,
      encapsulated: encapsulatedValue.encoded,
      certificates: certificateSet ?? null,
      revocation: listSet ?? null,
    },
  };
}

/** RFC 5652 section 5.1: the version follows from what is inside. Programs of others get it wrong. */
function fitsVersion(
  version: number,
  inside: { contentType: string; byKeyId: boolean; otherForms: boolean },
): boolean {
  if (![1, 3, 4, 5].includes(version)) throw new FormatError('unknown version');
  const isPlain = inside.contentType === oids.data && !inside.byKeyId && !inside.otherForms;
  return !isPlain || version === 1;
}

/** OtherRevocationInfoFormat of RFC 5652 section 10.2.1, when it is an answer of OCSP. */
function ocspAnswerIn(choice: DerValue): Uint8Array[] {
  if (choice.tag !== 0xa1) return [];
  const fields = new Fields(choice, 0xa1);
  const isAnswer = oidOf(fields.take()) === oids.ocspResponse;
  const { encoded } = fields.take();
  return isAnswer ? [encoded] : [];
}

/** PKCS #7 knew content of other types than OCTET STRING; signed is then what is inside its tag. */
function contentInside(wrapper: DerValue): Uint8Array {
  return onlyChild(wrapper).content;
}

/** Reads one SignerInfo; `source` is the message as it came, where signed attributes must stand in DER. */
export function readSigner(value: DerValue, source: Uint8Array): CmsSigner {
  const members = childrenOf(value);
  const signer = new Fields(value);
  const version = smallIntegerOf(signer.take());
  const keyId = signer.takeIf(0x80);
  if (version !== 1 && version !== 3) throw new FormatError('unknown version');
  const id = keyId ? { keyId: keyId.content } : readIssuerAndSerial(signer.take());
  const digestOid = digestOidOf(signer.take());
  const signed = signer.takeIf(0xa0);
  const signatureAlgorithm = readAlgorithm(signer.take());
  const { content } = signer.take(tags.octetString);
  const unsigned = signer.takeIf(0xa1);
  signer.end();
  return {
    id,
    fitsVersion: version === (keyId ? 3 : 1),
    digestOid,
    signatureAlgorithm,
    value: content,
    encodings: members.filter(member => member !== members.at(-1) || !unsigned).map(({ encoded }) => encoded),
    signedAttributes: signed ? readSignedAttributes(signed, source) : null,
    unsignedAttributes: childrenIf(unsigned).map(readAttribute),
  };
}

function readIssuerAndSerial(value: DerValue): { issuerDer: Uint8Array; serialDer: Uint8Array } {
  const fields = new Fields(value);
  const issuerDer = fields.take(tags.sequence).encoded;
  const serialDer = fields.take(tags.integer).encoded;
  fields.end();
  return { issuerDer, serialDer };
}

/** RFC 5652 section 5.3: DER even where the message around is BER, and nothing said twice. */
function readSignedAttributes(value: DerValue, source: Uint8Array): SignedAttributes {
  if (Buffer.from(source.buffer, source.byteOffset, source.length).indexOf(value.encoded) < 0)
    throw new FormatError('signed attributes are not in DER');
  const values = new Map<string, DerValue[]>();
  const encodings = childrenOf(value);
  for (const [index, encoding] of encodings.entries()) {
    const previous = encodings[index - 1];
    if (previous && Buffer.compare(previous.encoded, encoding.encoded) >= 0)
      throw new FormatError('signed attributes are not in the order of DER');
    const attribute = readAttribute(encoding);
    if (values.has(attribute.oid)) throw new FormatError(`signed attribute ${attribute.oid} twice`);
    values.set(attribute.oid, attribute.values);
  }
  return { bytes: Buffer.concat([Uint8Array.of(tags.set), value.encoded.subarray(1)]), values };
}

function readAttribute(value: DerValue): Attribute {
  const fields = new Fields(value);
  const oid = oidOf(fields.take());
  const values = childrenOf(fields.take(tags.set));
  fields.end();
  const members = childrenOf(value).map(({ encoded }) => encoded);
  return { oid, values, encoded: value.encoded, members };
}

/** Digests have no parameters (RFC 5754 section 2); old GOST functions, which nobody here knows, had. */
function digestOidOf(value: DerValue): string {
  const { oid, parameters } = readAlgorithm(value);
  const isLength = oid === shakeOfLength && parameters !== null && smallIntegerOf(parameters) === 512;
  if (parameters && findHash(oid) && !isLength) throw new FormatError('a digest with parameters');
  return oid;
}

function childrenIf(value: DerValue | undefined): DerValue[] {
  return value ? childrenOf(value) : [];
}
