import type { CmsSigner } from './cms.ts';
import { conclude, verdictOf } from './conclude.ts';
import { contentOf } from './content.ts';
import { FormatError } from './der.ts';
import { oids } from './oids.ts';
import type { RevocationData } from './revocation.ts';
import { checkSigner, type SignerContext } from './signer-check.ts';
import { judgeStamp, type StampVerdict } from './time-stamp.ts';
import type { Trust } from './trust.ts';
import type { SignatureVerdict } from './verdict.ts';

export interface SignerQuestion extends SignerContext {
  trust: Trust;
  /** Lists and answers that travel with the signature. */
  revocation: RevocationData;
}

/** Judges one signer of a CMS message: first the mathematics, then trust. Never throws on bad bytes. */
export async function judgeSigner(signer: CmsSigner, question: SignerQuestion): Promise<SignatureVerdict> {
  try {
    const checked = await checkSigner(signer, question);
    const { trust, revocation, enclosed, known } = question;
    const stamps = await stampsOf(signer, question);
    return conclude(checked, { trust, certificates: [...enclosed, ...known], revocation, stamps });
  } catch (error) {
    if (error instanceof FormatError) return verdictOf('FORMAT_FAILURE');
    throw error;
  }
}

async function stampsOf(
  signer: CmsSigner,
  { trust, content }: SignerQuestion,
): Promise<{ over: StampVerdict[]; before: StampVerdict[] }> {
  const over = signer.unsignedAttributes
    .filter(({ oid }) => oid === oids.signatureTimeStamp)
    .flatMap(({ values }) => values);
  const before = content ? (signer.signedAttributes?.values.get(oids.contentTimeStamp) ?? []) : [];
  const value = contentOf(signer.value);
  return {
    over: await Promise.all(over.map(token => judgeStamp(token.encoded, value, trust))),
    before: await Promise.all(before.map(token => judgeStamp(token.encoded, content ?? value, trust))),
  };
}
