import { archiveStampsOf, referenceStampsOf } from './archive-stamp.ts';
import { valuesOf } from './beside.ts';
import type { CmsEncodings, CmsSigner } from './cms.ts';
import { conclude, verdictOf } from './conclude.ts';
import { contentOf } from './content.ts';
import { FormatError } from './der.ts';
import { oids } from './oids.ts';
import type { RevocationData } from './revocation.ts';
import type { SignatureVerdict } from './signature-verdict.ts';
import { checkSigner, type SignerContext } from './signer-check.ts';
import { checkStampCount, type FoundStamps, judgeStampChain } from './stamp-chain.ts';
import type { Trust } from './trust.ts';

export interface SignerQuestion extends SignerContext {
  trust: Trust;
  /** Lists and answers that travel with the signature. */
  revocation: RevocationData;
  /** The message as it is written, and whether the content lies beside it. */
  message: CmsEncodings;
  isDetached: boolean;
}

/** Judges one signer of a CMS message: first the mathematics, then trust. Never throws on bad bytes. */
export async function judgeSigner(signer: CmsSigner, question: SignerQuestion): Promise<SignatureVerdict> {
  try {
    const checked = await checkSigner(signer, question);
    const has = (oid: string) => signer.unsignedAttributes.some(each => each.oid === oid);
    if (has(oids.archiveTimeStamp1)) checked.notes.push('archive-time-stamp-not-checked');
    if (oids.evidenceRecords.some(has)) checked.notes.push('evidence-record-not-checked');
    const { trust, revocation, enclosed, known } = question;
    const certificates = [...enclosed, ...known];
    const stamps = await judgeStampChain(stampsOf(signer, question), trust, { certificates, revocation });
    return conclude(checked, { trust, certificates, revocation, stamps });
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
}

function stampsOf(signer: CmsSigner, { content, message, isDetached }: SignerQuestion): FoundStamps {
  const { signedAttributes, unsignedAttributes, value } = signer;
  checkStampCount(unsignedAttributes.reduce((sum, { values }) => sum + values.length, 0));
  const over = valuesOf(unsignedAttributes, oids.signatureTimeStamp);
  const before = signedAttributes?.values.get(oids.contentTimeStamp) ?? [];
  return {
    over: over.map(({ encoded }) => ({ token: encoded, stamped: contentOf(value) })),
    overReferences: referenceStampsOf(signer),
    before: content ? before.map(({ encoded }) => ({ token: encoded, stamped: content })) : [],
    archive: content ? archiveStampsOf({ signer, message, content, isDetached }) : [],
  };
}
