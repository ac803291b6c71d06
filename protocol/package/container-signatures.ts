import { isGoodAt } from '../signature/algorithm-terms.ts';
import { verifyCms } from '../signature/cms-verify.ts';
import { verdictOf } from '../signature/conclude.ts';
import type { Content } from '../signature/content.ts';
import { type Reason, reasons } from '../signature/reasons.ts';
import type { SignatureVerdict } from '../signature/signature-verdict.ts';
import { verifyXml } from '../xml-signature/verify.ts';
import { type Frame, type Opened, signatureIn } from './container-frames.ts';
import type { ContainerSignature } from './container-report.ts';
import { entryOf } from './entry.ts';
import { nameOfUri } from './manifest.ts';
import type { ZipFile } from './zip-reader.ts';

/** CAdES over what its frame says. */
export async function judgeFramed(
  opened: Opened,
  { file, signed, covers, reason, goodUntil }: Frame,
): Promise<ContainerSignature[]> {
  if (!signed) return [{ ...verdictOf(reason ?? 'SIGNED_DATA_NOT_FOUND'), ...placeOf(file) }];
  const judged = await judgeCades(opened, file, signed, covers);
  return judged.map(each => {
    const at = each.provenAt === null ? opened.trust.at : new Date(each.provenAt);
    const why = reason ?? (isGoodAt(goodUntil, at) ? null : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE');
    return why ? { ...each, ...worse(each, why) } : each;
  });
}

/** A digest that differs outweighs everything but a signature that fails by itself. */
function worse(judged: SignatureVerdict, reason: Reason): Partial<SignatureVerdict> {
  const { verdict } = reasons[reason];
  const isWorse = judged.verdict === 'passed' || (judged.verdict === 'indeterminate' && verdict === 'failed');
  return isWorse ? { verdict, reason } : {};
}

/** CAdES over one file. */
export async function judgeCades(
  opened: Opened,
  file: ZipFile,
  signed: ZipFile,
  covers: string[],
): Promise<ContainerSignature[]> {
  const content = entryOf(opened.source, signed);
  const { signatures } = await verifyCms(signatureIn(opened, file), content, opened.trust);
  return signatures.map(each => ({ ...each, file: file.name, format: 'CAdES', covers }));
}

/** META-INF/signatures.xml: each reference names a file of the container. */
export async function judgeXades(opened: Opened, file: ZipFile): Promise<ContainerSignature[]> {
  const find = (uri: string): Content | undefined => {
    const found = opened.byName.get(nameOfUri(uri));
    return found && entryOf(opened.source, found);
  };
  const { signatures } = await verifyXml(signatureIn(opened, file), opened.trust, find);
  return signatures.map(each => ({
    ...each,
    file: file.name,
    format: 'XAdES',
    role: 'signer',
    covers: each.covers.filter(uri => uri !== '' && !uri.startsWith('#')).map(nameOfUri),
  }));
}

export function placeOf(file: ZipFile): Pick<ContainerSignature, 'file' | 'format' | 'role' | 'covers'> {
  return { file: file.name, format: 'CAdES', role: 'signer', covers: [] };
}
