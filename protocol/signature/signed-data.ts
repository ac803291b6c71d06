import { limits } from '../limits.ts';
import { childrenOf, type DerValue, FormatError, readDer, tags } from './der.ts';
import { expectTag, Fields, oidOf, onlyChild, smallIntegerOf, timeOf, unsignedOf } from './der-fields.ts';
import { oids } from './oids.ts';

/** A detached CMS SignedData with one signer, taken apart; nothing is judged yet. */
export interface SignedData {
  certificates: Uint8Array[];
  signerIssuerDer: Uint8Array;
  signerSerialDer: Uint8Array;
  digestOid: string;
  signatureOid: string;
  /** The signed attributes as the SET OF that was signed. */
  signedBytes: Uint8Array;
  messageDigest: Uint8Array;
  signingTime: Date;
  /** The signer's certificate first (RFC 5035 section 5.4.1.1). */
  certificateIds: CertificateId[];
  value: Uint8Array;
}

export interface CertificateId {
  hashOid: string;
  hash: Uint8Array;
  issuerSerial: { issuerDer: Uint8Array; serialDer: Uint8Array } | null;
}

/** Reads a signature of level B-B, or throws `FormatError`: RFC 5652, ETSI EN 319 122-1 section 6.3. */
export function readSignedData(bytes: Uint8Array): SignedData {
  const contentInfo = new Fields(readDer(bytes));
  expectOid(contentInfo.take(), oids.signedData);
  const signedData = new Fields(onlyChild(contentInfo.take(0xa0)));
  contentInfo.end();
  expectVersion(signedData.take());
  const digestOids = childrenOf(signedData.take(tags.set)).map(algorithmOf);
  const encapsulated = new Fields(signedData.take());
  expectOid(encapsulated.take(), oids.data);
  encapsulated.end(); // Content inside would make two contents: this one and the file.
  const certificates = signedData.takeIf(0xa0);
  signedData.takeIf(0xa1); // Revocation lists, which some producers add; nobody here relies on them.
  const signer = new Fields(onlyChild(signedData.take(tags.set)));
  signedData.end();

  expectVersion(signer.take());
  const id = new Fields(signer.take());
  const signerIssuerDer = id.take(tags.sequence).encoded;
  const signerSerialDer = id.take(tags.integer).encoded;
  id.end();
  const digestOid = algorithmOf(signer.take());
  if (digestOids.length !== 1 || digestOids[0] !== digestOid)
    throw new FormatError('digest algorithms differ');
  // Without signed attributes the value would sign the file itself; `openssl cms -cades` lets that pass.
  const signedAttributes = signer.take(0xa0);
  const signatureOid = algorithmOf(signer.take());
  const value = signer.take(tags.octetString).content;
  signer.takeIf(0xa1); // Unsigned attributes, such as a time stamp, prove nothing here.
  signer.end();
  return {
    certificates: certificates
      ? few(childrenOf(certificates)).map(each => expectTag(each, tags.sequence).encoded)
      : [],
    signerIssuerDer,
    signerSerialDer,
    digestOid,
    signatureOid,
    signedBytes: Buffer.concat([Uint8Array.of(tags.set), signedAttributes.encoded.subarray(1)]),
    ...readSignedAttributes(signedAttributes),
    value,
  };
}

/** Each certificate costs key operations, so their number is bounded before any is looked at. */
function few(values: DerValue[]): DerValue[] {
  if (values.length > limits.signatureCertificates) throw new FormatError('too many certificates');
  return values;
}

function readSignedAttributes(value: DerValue) {
  const encodings = childrenOf(value);
  const values = new Map<string, DerValue>();
  for (const [index, attribute] of encodings.entries()) {
    const previous = encodings[index - 1];
    if (previous && Buffer.compare(previous.encoded, attribute.encoded) >= 0) {
      throw new FormatError('signed attributes are not in the order of DER');
    }
    const fields = new Fields(attribute);
    const type = oidOf(fields.take());
    if (values.has(type)) throw new FormatError(`signed attribute ${type} twice`);
    values.set(type, fields.take(tags.set));
    fields.end();
  }
  const find = (type: string): DerValue => {
    const found = values.get(type);
    if (!found) throw new FormatError(`no signed attribute ${type}`);
    return onlyChild(found);
  };
  expectOid(find(oids.contentType), oids.data);
  return {
    messageDigest: expectTag(find(oids.messageDigest), tags.octetString).content,
    signingTime: timeOf(find(oids.signingTime)),
    certificateIds: readCertificateIds(find(oids.signingCertificateV2)),
  };
}

function readCertificateIds(value: DerValue): CertificateId[] {
  const fields = new Fields(value);
  const ids = few(childrenOf(fields.take(tags.sequence))).map(id => {
    const members = new Fields(id);
    const algorithm = members.takeIf(tags.sequence);
    const hash = members.take(tags.octetString).content;
    const issuerSerial = members.takeIf(tags.sequence);
    members.end();
    return {
      hashOid: algorithm ? algorithmOf(algorithm) : oids.sha256,
      hash,
      issuerSerial: issuerSerial ? readIssuerSerial(issuerSerial) : null,
    };
  });
  fields.takeIf(tags.sequence); // Policies.
  fields.end();
  if (ids.length === 0) throw new FormatError('signing-certificate-v2 is empty');
  return ids;
}

function readIssuerSerial(value: DerValue): { issuerDer: Uint8Array; serialDer: Uint8Array } {
  const fields = new Fields(value);
  const directoryName = expectTag(onlyChild(fields.take(tags.sequence)), 0xa4);
  const serial = fields.take(tags.integer);
  fields.end();
  unsignedOf(serial);
  return { issuerDer: onlyChild(directoryName).encoded, serialDer: serial.encoded };
}

/**
 * AlgorithmIdentifier. Parameters other than NULL are those of RSA-PSS, which its value does not fit when they
 * are not ours, or of a GOST key, which stand in the certificate.
 */
function algorithmOf(value: DerValue): string {
  const fields = new Fields(value);
  const oid = oidOf(fields.take());
  const parameters = fields.takeIf(tags.null);
  fields.takeIf(tags.sequence);
  fields.end();
  if (parameters && parameters.content.length > 0) throw new FormatError('NULL with content');
  return oid;
}

function expectOid(value: DerValue, oid: string): void {
  if (oidOf(value) !== oid) throw new FormatError(`object identifier is not ${oid}`);
}

function expectVersion(value: DerValue): void {
  if (smallIntegerOf(value) !== 1) throw new FormatError('version is not 1');
}
