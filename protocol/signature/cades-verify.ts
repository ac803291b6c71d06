import { limits } from '../limits.ts';
import { type Cms, readCms } from './cms.ts';
import { judgeSigners } from './cms-verify.ts';
import { verdictOf } from './conclude.ts';
import { type Content, contentOf } from './content.ts';
import { FormatError } from './der.ts';
import { oids } from './oids.ts';
import type { SignatureVerdict } from './signature-verdict.ts';
import { type TrustInput, trustOf } from './trust.ts';

export interface VerifyInput extends TrustInput {
  signature: Uint8Array;
  /** A large one as `Content`, which is read piece by piece. */
  content: Uint8Array | Content;
}

/**
 * Judges a signature as it travels between branches, the centre and agencies: detached, by one signer, in
 * DER, so that it has one reading. Whatever else other programs write is judged by `verifyCms`. Never throws
 * on bad bytes.
 */
export async function verifyCades(input: VerifyInput): Promise<SignatureVerdict> {
  const trust = trustOf(input);
  if (input.signature.length > limits.signatureBytes) return verdictOf('FORMAT_FAILURE');
  let cms: Cms;
  try {
    cms = readCms(input.signature);
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
  const isOurs =
    cms.isExact &&
    cms.content === null &&
    cms.contentType === oids.data &&
    cms.signers.length === 1 &&
    cms.certificates.length <= limits.signatureCertificates;
  if (!isOurs) return verdictOf('FORMAT_FAILURE');
  const content = input.content instanceof Uint8Array ? contentOf(input.content) : input.content;
  const judged = await judgeSigners(cms, input.signature, content, trust);
  // A counter-signature that fails spoils the signature it vouches for.
  const [signer = verdictOf('FORMAT_FAILURE'), ...counters] = judged;
  const spoiled = counters.find(({ verdict }) => verdict === 'failed');
  return signer.verdict === 'passed' && spoiled?.reason
    ? verdictOf(spoiled.reason, strip(signer))
    : strip(signer);
}

function strip({ role: _, ...verdict }: SignatureVerdict & { role?: string }): SignatureVerdict {
  return verdict;
}
