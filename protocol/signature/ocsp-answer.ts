import { type AlgorithmIdentifier, readAlgorithm } from './algorithm-identifier.ts';
import { readCertificate, type X509 } from './certificate.ts';
import { childrenOf, type DerValue, FormatError, readDer, tags } from './der.ts';
import { bitBytesOf, expectTag, Fields, oidOf, onlyChild, smallIntegerOf, timeOf } from './der-fields.ts';
import { readName } from './distinguished-name.ts';
import type { Revocation } from './revocation-list.ts';

/** What a responder says about some certificates (RFC 6960 section 4.2); nothing is judged yet. */
export interface OcspAnswer {
  tbs: Uint8Array;
  /** Who says it: by name, or by the SHA-1 of the key. */
  responder: { nameKey: string } | { keyHash: Uint8Array };
  producedAt: Date;
  signatureAlgorithm: AlgorithmIdentifier;
  signatureValue: Uint8Array;
  certificates: X509[];
  statements: OcspStatement[];
}

/** One certificate, named by digests of its issuer and by its number. */
export interface OcspStatement {
  hashOid: string;
  issuerNameHash: Uint8Array;
  issuerKeyHash: Uint8Array;
  serialDer: Uint8Array;
  status: 'good' | 'revoked' | 'unknown';
  revocation: Revocation | null;
  thisUpdate: Date;
  nextUpdate: Date | null;
}

const basicAnswer = '1.3.6.1.5.5.7.48.1.1';
const enumerated = 0x0a;
const successful = 0;
const certificateHold = 6;
const mostCertificates = 16;

/** Reads an OCSPResponse or the BasicOCSPResponse inside one. @throws FormatError also when there is no answer */
export function readOcspAnswer(der: Uint8Array): OcspAnswer {
  const whole = readDer(der);
  const [first] = childrenOf(expectTag(whole, tags.sequence));
  return readBasic(first?.tag === enumerated ? basicIn(whole) : whole);
}

function basicIn(response: DerValue): DerValue {
  const fields = new Fields(response);
  const status = fields.take(enumerated);
  const wrapped = fields.takeIf(0xa0);
  fields.end();
  if (status.content.length !== 1 || status.content[0] !== successful || !wrapped)
    throw new FormatError('the responder did not answer');
  const bytes = new Fields(onlyChild(wrapped));
  if (oidOf(bytes.take()) !== basicAnswer) throw new FormatError('an answer of another kind');
  const basic = readDer(bytes.take(tags.octetString).content);
  bytes.end();
  return basic;
}

function readBasic(value: DerValue): OcspAnswer {
  const basic = new Fields(value);
  const tbs = basic.take(tags.sequence);
  const signatureAlgorithm = readAlgorithm(basic.take());
  const signatureValue = bitBytesOf(basic.take());
  const enclosed = basic.takeIf(0xa0);
  basic.end();
  const certificates = enclosed ? childrenOf(onlyChild(enclosed)) : [];
  if (certificates.length > mostCertificates) throw new FormatError('too many certificates');
  const data = new Fields(tbs);
  const version = data.takeIf(0xa0);
  if (version && smallIntegerOf(onlyChild(version)) !== 0) throw new FormatError('unknown version');
  const id = data.take();
  const producedAt = timeOf(data.take(tags.generalizedTime));
  const statements = childrenOf(data.take(tags.sequence)).map(readStatement);
  data.takeIf(0xa1); // Extensions such as a nonce, of which none is critical here.
  data.end();
  return {
    tbs: tbs.encoded,
    responder: readResponder(id),
    producedAt,
    signatureAlgorithm,
    signatureValue,
    certificates: certificates.map(({ encoded }) => readCertificate(encoded)),
    statements,
  };
}

function readResponder(id: DerValue): OcspAnswer['responder'] {
  if (id.tag === 0xa1) return { nameKey: readName(onlyChild(id)).key };
  if (id.tag === 0xa2) return { keyHash: expectTag(onlyChild(id), tags.octetString).content };
  throw new FormatError('a responder without a name');
}

function readStatement(value: DerValue): OcspStatement {
  const fields = new Fields(value);
  const id = new Fields(fields.take());
  const hashOid = readAlgorithm(id.take()).oid;
  const issuerNameHash = id.take(tags.octetString).content;
  const issuerKeyHash = id.take(tags.octetString).content;
  const serialDer = id.take(tags.integer).encoded;
  id.end();
  const status = readStatus(fields.take());
  const thisUpdate = timeOf(fields.take(tags.generalizedTime));
  const next = fields.takeIf(0xa0);
  fields.takeIf(0xa1);
  fields.end();
  const nextUpdate = next ? timeOf(expectTag(onlyChild(next), tags.generalizedTime)) : null;
  return { hashOid, issuerNameHash, issuerKeyHash, serialDer, ...status, thisUpdate, nextUpdate };
}

function readStatus(value: DerValue): Pick<OcspStatement, 'status' | 'revocation'> {
  if (value.tag === 0x80) return { status: 'good', revocation: null };
  if (value.tag === 0x82) return { status: 'unknown', revocation: null };
  const fields = new Fields(value, 0xa1);
  const at = timeOf(fields.take(tags.generalizedTime));
  const reason = fields.takeIf(0xa0);
  fields.end();
  const onHold = reason !== undefined && onlyChild(reason).content[0] === certificateHold;
  return { status: 'revoked', revocation: { at, onHold } };
}
