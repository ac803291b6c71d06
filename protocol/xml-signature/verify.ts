import { earliestTerm } from '../signature/algorithm-terms.ts';
import { readCertificate, type X509 } from '../signature/certificate.ts';
import { conclude, verdictOf } from '../signature/conclude.ts';
import type { Content } from '../signature/content.ts';
import { FormatError } from '../signature/der.ts';
import { termOfDigest } from '../signature/digests.ts';
import type { Note } from '../signature/notes.ts';
import { readOcspAnswer } from '../signature/ocsp-answer.ts';
import type { Reason } from '../signature/reasons.ts';
import { readRevocationList } from '../signature/revocation-list.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import type { CheckedSigner } from '../signature/signer-check.ts';
import { judgeStampChain } from '../signature/stamp-chain.ts';
import { readable, type Trust } from '../signature/trust.ts';
import { type Verdict, worstOf } from '../signature/verdict.ts';
import { canonicalForm } from '../xml/canonical.ts';
import {
  allBelow,
  attributeOf,
  childrenNamed,
  textOf,
  type XmlDocument,
  type XmlElement,
  XmlError,
} from '../xml/nodes.ts';
import { parseXml } from '../xml/parse.ts';
import { Effort } from '../xml/xpath/model.ts';
import { findCanonicalForm } from './canonical-methods.ts';
import { certificatesOf } from './key-info.ts';
import { namespaces } from './names.ts';
import { isCertificateOf, type QualifyingProperties, readProperties } from './qualifying-properties.ts';
import {
  base64Of,
  coverOf,
  digestOfReference,
  elementMeant,
  type Reference,
  type ReferenceContext,
  readReference,
  UnsupportedReference,
} from './references.ts';
import { findXmlVerifier } from './signature-methods.ts';
import { stampsOf } from './stamps.ts';

export interface XmlReport {
  verdict: Verdict;
  /** In the order of the document; empty when it holds no signature. */
  signatures: JudgedXmlSignature[];
}

export interface JudgedXmlSignature extends SignatureVerdict {
  format: 'XAdES' | 'XMLDSig';
  /** What is signed: '' for the whole document, `#id` for a part, a name for a file beside it. */
  covers: string[];
}

/** References of one signature. SMEV messages have one to three, containers one for each file. */
const mostReferences = 5000;
const mostSignatures = 64;

/**
 * Judges every XML signature in a document (XMLDSig 1.1, XAdES, as ETSI EN 319 102-1 asks). `find` gives files
 * beside the XML, as in an ASiC. Never throws on bad bytes.
 */
export async function verifyXml(
  bytes: Uint8Array,
  trust: Trust,
  find: (uri: string) => Content | undefined = () => undefined,
): Promise<XmlReport> {
  let document: XmlDocument;
  try {
    document = parseXml(bytes);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const broken = { ...verdictOf('FORMAT_FAILURE'), format: 'XMLDSig' as const, covers: [] };
    return { verdict: 'failed', signatures: [broken] };
  }
  const found = [...allBelow(document.root)].filter(
    ({ namespace, name }) => namespace === namespaces.signature && name === 'Signature',
  );
  const signatures: JudgedXmlSignature[] = [];
  const effort = new Effort();
  for (const signature of found.slice(0, mostSignatures))
    signatures.push(await judgeOne({ document, signature, find, effort }, trust));
  if (found.length > mostSignatures)
    signatures.push({ ...verdictOf('FORMAT_FAILURE'), format: 'XMLDSig', covers: [] });
  return { verdict: worstOf(signatures.map(({ verdict }) => verdict)), signatures };
}

async function judgeOne(context: ReferenceContext, trust: Trust): Promise<JudgedXmlSignature> {
  let format: JudgedXmlSignature['format'] = 'XMLDSig';
  const broken = (reason: Reason) => ({ ...verdictOf(reason), format, covers: [] });
  try {
    const properties = readProperties(context.signature);
    if (properties) format = 'XAdES';
    return { ...(await judge(context, properties, trust)), format };
  } catch (error) {
    if (error instanceof UnsupportedReference) return broken('FORMAT_NOT_SUPPORTED');
    if (error instanceof XmlError || error instanceof FormatError) return broken('FORMAT_FAILURE');
    throw error;
  }
}

async function judge(
  context: ReferenceContext,
  properties: QualifyingProperties | null,
  trust: Trust,
): Promise<SignatureVerdict & { covers: string[] }> {
  const { signature } = context;
  const signedInfo = onlyNamed(signature, 'SignedInfo');
  const references = childrenNamed(signedInfo, namespaces.signature, 'Reference').map(readReference);
  if (references.length === 0 || references.length > mostReferences) throw new XmlError('no references');
  const isOwn = (reference: Reference) => isSignedProperties(reference, properties, context);
  const { certificates, lists, answers } = certificatesOf(context);
  const enclosed = readable(certificates, readCertificate);
  const checked = await check(context, signedInfo, { references, properties, enclosed, trust });
  const covers = (
    await Promise.all(references.filter(each => !isOwn(each)).map(each => coverOf(each, context)))
  ).flat();
  // A filter that takes everything away leaves a signature over nothing.
  const isEmpty = covers.length === 0 && references.some(each => !isOwn(each));
  const stated = statedIn(properties, references.some(isOwn));
  const notes = [...checked.notes, ...stated.notes];
  const beside = {
    certificates: [...enclosed, ...trust.anchors],
    revocation: { lists: readable(lists, readRevocationList), answers: readable(answers, readOcspAnswer) },
  };
  const stamps = await judgeStampChain(stampsOf(context, properties, references), trust, beside);
  const verdict = conclude(
    {
      ...checked,
      notes,
      reason: checked.reason ?? (isEmpty ? 'SIGNED_DATA_NOT_FOUND' : null),
      constraint: stated.constraint,
    },
    { trust, ...beside, stamps },
  );
  return { ...verdict, covers };
}

/** XMLDSig 1.1 section 3.2: each reference, then the value over SignedInfo. */
async function check(
  context: ReferenceContext,
  signedInfo: XmlElement,
  known: { references: Reference[]; properties: QualifyingProperties | null; enclosed: X509[]; trust: Trust },
): Promise<CheckedSigner> {
  const { references, properties, enclosed, trust } = known;
  const method = onlyNamed(signedInfo, 'SignatureMethod');
  const form = findCanonicalForm(onlyNamed(signedInfo, 'CanonicalizationMethod'));
  if (!form) throw new UnsupportedReference('canonical form');
  const value = base64Of(textOf(onlyNamed(context.signature, 'SignatureValue')));
  const signed = canonicalForm(signedInfo, form);
  const named = [...enclosed, ...trust.anchors].filter(
    each => !properties || isCertificateOf(properties, each),
  );
  // Without a property that names it the certificate is the one inside whose key fits; else the first of them.
  const candidates = properties && properties.certificateDigests.length > 0 ? named : enclosed;
  const fitting = candidates.find(each => findXmlVerifier(method, each.spki)?.verify(signed, value));
  const certificate = fitting ?? candidates[0] ?? null;
  const verifier = certificate ? findXmlVerifier(method, certificate.spki) : undefined;
  const notes: Note[] = [];
  const result = {
    certificate,
    algorithm: verifier?.name ?? attributeOf(method, 'Algorithm'),
    signedAt: properties?.signedAt ?? null,
    notes,
    constraint: null,
    goodUntil: earliestTerm(
      verifier?.goodUntil,
      ...references.map(({ digestOid }) => termOfDigest(digestOid)),
    ),
  };
  if (!certificate) return { ...result, reason: 'NO_SIGNING_CERTIFICATE_FOUND' };
  if (!verifier) return { ...result, reason: 'CRYPTO_CONSTRAINTS_FAILURE' };
  const reason = (await whyNotReferenced(references, context)) ?? (fitting ? null : 'SIG_CRYPTO_FAILURE');
  return { ...result, reason };
}

async function whyNotReferenced(references: Reference[], context: ReferenceContext): Promise<Reason | null> {
  let first: Reason | null = null;
  for (const reference of references) {
    const digest = await digestOfReference(reference, context);
    if (digest && Buffer.compare(digest, reference.digest) !== 0) return 'HASH_FAILURE';
    if (digest === null) first ??= 'SIGNED_DATA_NOT_FOUND';
    if (digest === undefined) first ??= 'CRYPTO_CONSTRAINTS_FAILURE';
  }
  return first;
}

/** XAdES must name its certificate and time under the signature; XMLDSig, as СМЭВ has it, knows no such thing. */
function statedIn(
  properties: QualifyingProperties | null,
  areSigned: boolean,
): { notes: Note[]; constraint: Reason | null } {
  if (!properties) return { notes: ['no-signing-certificate'], constraint: null };
  const notes: Note[] = [];
  if (properties.certificateDigests.length === 0) notes.push('no-signing-certificate');
  if (!properties.signedAt) notes.push('no-signing-time');
  if (!areSigned) notes.push('properties-not-signed');
  return { notes, constraint: notes.length > 0 ? 'SIG_CONSTRAINTS_FAILURE' : null };
}

function isSignedProperties(
  reference: Reference,
  properties: QualifyingProperties | null,
  { document }: ReferenceContext,
): boolean {
  if (!properties?.signedProperties || !reference.uri?.startsWith('#')) return false;
  return elementMeant(reference.uri, document) === properties.signedProperties;
}

function onlyNamed(parent: XmlElement, name: string): XmlElement {
  const [only, ...others] = childrenNamed(parent, namespaces.signature, name);
  if (!only || others.length > 0) throw new XmlError(`${name} is missing or repeated`);
  return only;
}
