import { earliestTerm, type Term } from './algorithm-terms.ts';
import { findVerifier, type Verifier } from './algorithms.ts';
import type { X509 } from './certificate.ts';
import type { CmsSigner } from './cms.ts';
import type { Content } from './content.ts';
import { type DerValue, FormatError, tags } from './der.ts';
import { expectTag, oidOf, timeOf } from './der-fields.ts';
import { termOfDigest } from './digests.ts';
import { namesItsCertificates, readCertificateIds } from './ess.ts';
import { keyDigest } from './key-identifier.ts';
import type { Note } from './notes.ts';
import { oids } from './oids.ts';
import type { Reason } from './reasons.ts';

/** One signer, checked as far as mathematics goes; trust is another question. */
export interface CheckedSigner {
  certificate: X509 | null;
  algorithm: string | null;
  /** What the signer claims. */
  signedAt: Date | null;
  /** Why the certificate could not be identified or the value is wrong. */
  reason: Reason | null;
  /** What is missing although the value is right (EN 319 102-1 clause 5.2.8); judged last. */
  constraint: Reason | null;
  /** Until when everything that the value rests on was good enough. */
  goodUntil: Term;
  notes: Note[];
}

export interface SignerContext {
  /** Certificates inside the message. */
  enclosed: readonly X509[];
  /** How many there are with those that cannot be read. */
  enclosedCount: number;
  /** Others that are known here. */
  known: readonly X509[];
  /** What is signed, or null when it is not at hand. */
  content: Content | null;
  /** The type that a content-type attribute must repeat; null for counter-signatures, which have none. */
  contentType: string | null;
  /** Whether the signer must state a time: document signers must, stamps state it in their content. */
  needsTime: boolean;
}

/**
 * Finds the signer's certificate and checks digest and value, in the order of ETSI EN 319 102-1 clauses
 * 5.2.3 (identification), 5.2.7 (cryptographic verification) and 5.2.8 (acceptance).
 * @throws FormatError
 */
export async function checkSigner(signer: CmsSigner, context: SignerContext): Promise<CheckedSigner> {
  const attributes = readAttributes(signer, context.contentType);
  const notes: Note[] = [];
  const certificate = findCertificate(signer, [...context.enclosed, ...context.known]) ?? null;
  const algorithm = signer.signatureAlgorithm;
  const result = {
    certificate,
    algorithm: algorithm.oid,
    signedAt: attributes.signedAt,
    constraint: null,
    goodUntil: null,
    notes,
  };
  if (!certificate) return { ...result, reason: 'NO_SIGNING_CERTIFICATE_FOUND' };
  for (const ids of attributes.certificateIds)
    if (!namesItsCertificates(ids, certificate, context.enclosed, context.enclosedCount))
      return { ...result, reason: 'NO_SIGNING_CERTIFICATE_FOUND' };
  const verifier = findVerifier(algorithm, signer.digestOid, certificate.spki);
  if (!verifier) return { ...result, reason: 'CRYPTO_CONSTRAINTS_FAILURE' };
  const goodUntil = earliestTerm(verifier.goodUntil, termOfDigest(signer.digestOid));
  const named = { ...result, algorithm: verifier.name, goodUntil };
  if (!context.content) return { ...named, reason: 'SIGNED_DATA_NOT_FOUND' };
  const reason = await whyWrong(signer, verifier, context.content, attributes.messageDigest);
  if (reason) return { ...named, reason };
  if (attributes.ownVersion === 1) notes.push('signing-certificate-sha1');
  const constraint = whyNotAccepted(signer, attributes, context, notes);
  return { ...named, reason: null, constraint };
}

async function whyWrong(
  signer: CmsSigner,
  verifier: Verifier,
  content: Content,
  messageDigest: Uint8Array | null,
): Promise<Reason | null> {
  const { signedAttributes, value } = signer;
  if (!signedAttributes || !messageDigest)
    return verifier.verify(await content.bytes(), value) ? null : 'SIG_CRYPTO_FAILURE';
  const digest = await content.digest(signer.digestOid);
  if (!digest) return 'CRYPTO_CONSTRAINTS_FAILURE';
  if (Buffer.compare(digest, messageDigest) !== 0) return 'HASH_FAILURE';
  return verifier.verify(signedAttributes.bytes, value) ? null : 'SIG_CRYPTO_FAILURE';
}

function whyNotAccepted(
  signer: CmsSigner,
  attributes: Attributes,
  { needsTime }: { needsTime: boolean },
  notes: Note[],
): Reason | null {
  if (!signer.signedAttributes) notes.push('no-signed-attributes');
  if (attributes.certificateIds.length === 0) notes.push('no-signing-certificate');
  const lacksTime = needsTime && attributes.signedAt === null;
  if (lacksTime) notes.push('no-signing-time');
  // A signature that does not name its certificate is not CAdES: EN 319 122-1 clause 5.2.2.
  return lacksTime || attributes.certificateIds.length === 0 ? 'SIG_CONSTRAINTS_FAILURE' : null;
}

interface Attributes {
  messageDigest: Uint8Array | null;
  signedAt: Date | null;
  certificateIds: ReturnType<typeof readCertificateIds>[];
  /** 1 when the certificate is named by SHA-1 alone. */
  ownVersion: 1 | 2 | null;
}

/** RFC 5652 section 5.3: signed attributes hold at least the type and the digest of the content, each once. */
function readAttributes({ signedAttributes }: CmsSigner, contentType: string | null): Attributes {
  const absent = { messageDigest: null, signedAt: null, certificateIds: [], ownVersion: null };
  if (!signedAttributes) return absent;
  const find = (oid: string): DerValue | null => {
    const values = signedAttributes.values.get(oid);
    if (!values) return null;
    const [only, ...others] = values;
    if (!only || others.length > 0) throw new FormatError(`signed attribute ${oid} has not one value`);
    return only;
  };
  const type = find(oids.contentType);
  if (contentType !== null && (!type || oidOf(type) !== contentType))
    throw new FormatError('content-type is missing or wrong');
  const digest = find(oids.messageDigest);
  if (!digest) throw new FormatError('no message-digest');
  const time = find(oids.signingTime);
  const first = find(oids.signingCertificate);
  const second = find(oids.signingCertificateV2);
  return {
    messageDigest: expectTag(digest, tags.octetString).content,
    signedAt: time ? timeOf(time) : null,
    certificateIds: [
      ...(first ? [readCertificateIds(first, 1)] : []),
      ...(second ? [readCertificateIds(second, 2)] : []),
    ],
    ownVersion: second ? 2 : first ? 1 : null,
  };
}

function findCertificate({ id }: CmsSigner, certificates: X509[]): X509 | undefined {
  if (!('keyId' in id))
    return certificates.find(
      each => same(each.issuerDer, id.issuerDer) && same(each.serialDer, id.serialDer),
    );
  return certificates.find(each =>
    [each.subjectKeyId, keyDigest(each)].some(own => own && same(own, id.keyId)),
  );
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
