import { besideOf } from './beside.ts';
import type { X509 } from './certificate.ts';
import { type Attribute, type Cms, readCms, readSigner } from './cms.ts';
import { passed, verdictOf } from './conclude.ts';
import { type Content, contentOf } from './content.ts';
import { FormatError, readDer } from './der.ts';
import { messageBytes } from './encoded.ts';
import { oids } from './oids.ts';
import type { SignatureVerdict } from './signature-verdict.ts';
import { judgeSigner, type SignerQuestion } from './signer-verdict.ts';
import { judgeStamp } from './time-stamp.ts';
import type { Trust } from './trust.ts';
import { type Verdict, worstOf } from './verdict.ts';

export interface CmsReport {
  verdict: Verdict;
  /** One for each signer, and behind each those who signed the signer's signature. Never empty. */
  signatures: JudgedSigner[];
  /** What the message carries inside, or null when the signature is detached or unreadable. */
  content: Uint8Array | null;
}

export interface JudgedSigner extends SignatureVerdict {
  role: 'signer' | 'counter-signer';
}

/**
 * Judges a CMS or PKCS #7 message made by any program: DER or BER, plain or as
 * PEM or base64, detached or with its content inside, with
 * one signer or several. `content` is the file beside a detached signature. Never throws on bad bytes.
 */
export async function verifyCms(
  signature: Uint8Array,
  content: Content | null,
  trust: Trust,
): Promise<CmsReport> {
  let cms: Cms;
  let source: Uint8Array;
  try {
    source = messageBytes(signature);
    cms = readCms(source);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return reportOf([{ ...verdictOf('FORMAT_FAILURE'), role: 'signer' }], null);
  }
  return reportOf(await judgeSigners(cms, source, content, trust), cms.content);
}

export interface JudgeOptions {
  /** Whether signers must state a time in the message; true when not given. */
  needsTime?: boolean;
  /** Certificates that travel beside the message. */
  known?: readonly X509[];
}

/** Judges the signers of a message that was read already; `source` is the message as it came. */
export async function judgeSigners(
  cms: Cms,
  source: Uint8Array,
  content: Content | null,
  trust: Trust,
  options: JudgeOptions = {},
): Promise<JudgedSigner[]> {
  if (cms.contentType === oids.timeStampInfo) return [await judgeToken(source, content, trust)];
  const inside = cms.content ? contentOf(cms.content) : null;
  const differs = inside && content && !(await isSame(inside, content));
  const judged: JudgedSigner[] = [];
  for (const signer of cms.signers) {
    const question = questionOf(cms, signer.unsignedAttributes, inside ?? content, trust, options);
    const verdict = await judgeSigner(signer, question);
    // Two contents, one inside and one beside: a person would look at the other one.
    judged.push({ ...(differs ? verdictOf('HASH_FAILURE', verdict) : verdict), role: 'signer' });
    const counters = signer.unsignedAttributes.filter(({ oid }) => oid === oids.counterSignature);
    for (const value of counters.flatMap(({ values }) => values)) {
      const counterQuestion = { ...question, content: contentOf(signer.value), contentType: null };
      judged.push({
        ...(await judgeCounter(value.encoded, source, counterQuestion)),
        role: 'counter-signer',
      });
    }
  }
  return judged;
}

/** A time-stamp token that lies beside the file it stamps. */
async function judgeToken(source: Uint8Array, content: Content | null, trust: Trust): Promise<JudgedSigner> {
  if (!content) return { ...verdictOf('SIGNED_DATA_NOT_FOUND'), role: 'signer' };
  const { at, reason } = await judgeStamp(source, content, trust);
  const known = { provenAt: at?.toISOString() ?? null };
  return { ...(reason ? verdictOf(reason, known) : passed(known)), role: 'signer' };
}

function reportOf(signatures: JudgedSigner[], content: Uint8Array | null): CmsReport {
  return { verdict: worstOf(signatures.map(({ verdict }) => verdict)), signatures, content };
}

/** RFC 5652 section 11.4: a SignerInfo over the value of another. */
async function judgeCounter(
  encoded: Uint8Array,
  source: Uint8Array,
  question: SignerQuestion,
): Promise<SignatureVerdict> {
  try {
    return await judgeSigner(readSigner(readDer(encoded), source), question);
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
}

function questionOf(
  cms: Cms,
  unsigned: readonly Attribute[],
  content: Content | null,
  trust: Trust,
  { needsTime = true, known = [] }: JudgeOptions,
): SignerQuestion {
  const beside = besideOf(cms, unsigned);
  return {
    enclosed: beside.enclosed,
    enclosedCount: cms.certificates.length,
    known: [...beside.certificates, ...known, ...trust.anchors],
    content,
    contentType: cms.contentType,
    needsTime,
    trust,
    revocation: beside.revocation,
    message: cms.encodings,
    isDetached: cms.content === null,
  };
}

async function isSame(one: Content, other: Content): Promise<boolean> {
  const [first, second] = await Promise.all([one.digest(oids.sha256), other.digest(oids.sha256)]);
  return first !== undefined && second !== undefined && Buffer.compare(first, second) === 0;
}
