import { readAlgorithm } from './algorithm-identifier.ts';
import { readCms } from './cms.ts';
import { FormatError, readDer, tags } from './der.ts';
import { Fields, smallIntegerOf } from './der-fields.ts';
import { oids } from './oids.ts';

/** What a time-stamp token says (TSTInfo of RFC 3161 section 2.4.2). */
export interface StampInfo {
  hashOid: string;
  imprint: Uint8Array;
  at: Date;
}

/** A time-stamp token taken apart: a CMS message by one signer with a TSTInfo inside. @throws FormatError */
export function readStamp(token: Uint8Array) {
  const cms = readCms(token);
  const [signer, ...others] = cms.signers;
  if (!signer || others.length > 0 || cms.contentType !== oids.timeStampInfo || !cms.content)
    throw new FormatError('not a time stamp');
  return { cms, signer, content: cms.content, info: readInfo(cms.content) };
}

/** The time that a token states, by nobody's word but its own; null when it is none. */
export function momentOfStamp(token: Uint8Array): Date | null {
  try {
    return readStamp(token).info.at;
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

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
