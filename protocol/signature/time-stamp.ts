import { readAlgorithm } from './algorithm-identifier.ts';
import { readCertificate } from './certificate.ts';
import { judgePath } from './certificate-path.ts';
import { readCms } from './cms.ts';
import { contentOf } from './content.ts';
import { FormatError, readDer, tags } from './der.ts';
import { Fields, smallIntegerOf } from './der-fields.ts';
import { oids } from './oids.ts';
import { type Reason, reasons } from './reasons.ts';
import { revocationIn, together } from './revocation-values.ts';
import { checkSigner } from './signer-check.ts';
import { readable, type Trust } from './trust.ts';

/** A judged time stamp: `at` is the time it states, null when it could not be read. */
export interface StampVerdict {
  at: Date | null;
  /** Null when it proves that what it stamps existed at that time. */
  reason: Reason | null;
}

/** True for stamps that are broken or stamp something else, and not only distrusted. */
export function isDamaged({ reason }: StampVerdict): boolean {
  return reason !== null && reasons[reason].verdict === 'failed';
}

/**
 * Judges a time-stamp token (RFC 3161, ETSI EN 319 102-1 clause 5.4): it is about these bytes, by an
 * authority that is trusted and meant for it. Never throws on bad bytes.
 */
export async function judgeStamp(
  token: Uint8Array,
  stamped: { digest(oid: string): Promise<Uint8Array | undefined> },
  trust: Trust,
): Promise<StampVerdict> {
  try {
    return await judge(token, stamped, trust);
  } catch (error) {
    if (error instanceof FormatError) return { at: null, reason: 'FORMAT_FAILURE' };
    throw error;
  }
}

async function judge(
  token: Uint8Array,
  stamped: { digest(oid: string): Promise<Uint8Array | undefined> },
  trust: Trust,
): Promise<StampVerdict> {
  const cms = readCms(token);
  const [signer, ...others] = cms.signers;
  if (!signer || others.length > 0 || cms.contentType !== oids.timeStampInfo || !cms.content)
    throw new FormatError('not a time stamp');
  const info = readInfo(cms.content);
  const { at } = info;
  const digest = await stamped.digest(info.hashOid);
  if (!digest) return { at, reason: 'CRYPTO_CONSTRAINTS_FAILURE' };
  if (Buffer.compare(digest, info.imprint) !== 0) return { at, reason: 'HASH_FAILURE' };
  const enclosed = readable(cms.certificates, readCertificate);
  const checked = await checkSigner(signer, {
    enclosed,
    enclosedCount: cms.certificates.length,
    known: trust.timeStampAnchors,
    content: contentOf(cms.content),
    contentType: oids.timeStampInfo,
    needsTime: false,
  });
  if (checked.reason || !checked.certificate) return { at, reason: checked.reason };
  const path = judgePath({
    signer: checked.certificate,
    others: enclosed,
    anchors: trust.timeStampAnchors,
    at: trust.at,
    revocation: together(revocationIn(cms), trust.revocation),
    purpose: 'time-stamp',
  });
  return { at, reason: path.reason ?? checked.constraint };
}

/** What a token states; nothing of it is judged. */
export interface StampInfo {
  hashOid: string;
  imprint: Uint8Array;
  at: Date;
}

/** Reads a time-stamp token without judging it. @throws FormatError */
export function readStamp(token: Uint8Array): StampInfo {
  const { contentType, content } = readCms(token);
  if (contentType !== oids.timeStampInfo || !content) throw new FormatError('not a time stamp');
  return readInfo(content);
}

/** TSTInfo of RFC 3161 section 2.4.2. */
function readInfo(bytes: Uint8Array): StampInfo {
  const fields = new Fields(readDer(bytes));
  if (smallIntegerOf(fields.take()) !== 1) throw new FormatError('unknown version of time stamp');
  fields.take(tags.oid);
  const imprint = new Fields(fields.take());
  const hashOid = readAlgorithm(imprint.take()).oid;
  const hash = imprint.take(tags.octetString).content;
  imprint.end();
  fields.take(tags.integer);
  const at = momentOf(Buffer.from(fields.take(tags.generalizedTime).content).toString('latin1'));
  fields.takeIf(tags.sequence); // Accuracy.
  fields.takeIf(tags.boolean); // Ordering.
  fields.takeIf(tags.integer); // Nonce.
  fields.takeIf(0xa0); // Name of the authority.
  const extensions = fields.takeIf(0xa1);
  if (extensions && extensions.content.length === 0) throw new FormatError('extensions without any');
  fields.end();
  return { hashOid, imprint: hash, at };
}

/** GeneralizedTime that may have parts of a second, without zeros at their end. */
function momentOf(text: string): Date {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d*[1-9]))?Z$/.exec(text);
  const [, year, month, day, hour, minute, second, parts = ''] = match ?? [];
  const at = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${parts.padEnd(3, '0').slice(0, 3)}Z`,
  );
  if (!match || Number.isNaN(at.getTime())) throw new FormatError('bad time');
  return at;
}
