import { readAlgorithm } from '../signature/algorithm-identifier.ts';
import { derOf } from '../signature/ber.ts';
import { childrenOf, type DerValue, FormatError, readDer, tags } from '../signature/der.ts';
import { expectTag, Fields, smallIntegerOf } from '../signature/der-fields.ts';
import { sequence } from '../signature/der-writer.ts';
import { readStamp } from '../signature/stamp-info.ts';
import type { ArchiveChain, ArchiveChains, ArchiveTimeStamp } from './archive-chain.ts';

/** A record grows by one stamp in some years. */
const mostStamps = 64;

/** Reads an EvidenceRecord (RFC 4998 section 3.1, implicit tags). @throws FormatError */
export function readEvidenceRecord(bytes: Uint8Array): ArchiveChains {
  const record = new Fields(readDer(derOf(bytes)));
  if (smallIntegerOf(record.take()) !== 1) throw new FormatError('unknown version of evidence record');
  record.take(tags.sequence); // All digest functions in use; each stamp says its own.
  record.takeIf(0xa0); // Certificates and lists that may help, which tokens carry as well.
  if (record.takeIf(0xa1)) throw new FormatError('an evidence record about encrypted content');
  const chains = childrenOf(record.take(tags.sequence));
  record.end();
  const read = chains.map((chain, place) => readChain(chain, chains.slice(0, place)));
  const count = read.reduce((sum, { stamps }) => sum + stamps.length, 0);
  if (count === 0 || count > mostStamps)
    throw new FormatError('an evidence record without stamps, or too many');
  return read;
}

function readChain(chain: DerValue, older: readonly DerValue[]): ArchiveChain {
  const stamps = childrenOf(expectTag(chain, tags.sequence)).map(readArchiveStamp);
  // Section 5.2: a chain has one digest function.
  if (stamps.length === 0 || new Set(stamps.map(({ hashOid }) => hashOid)).size > 1)
    throw new FormatError('a chain of several digest functions');
  const encodings = older.map(({ encoded }) => encoded);
  return { stamps, olderChains: encodings.length === 0 ? new Uint8Array() : sequence(...encodings) };
}

function readArchiveStamp(value: DerValue): ArchiveTimeStamp {
  const fields = new Fields(value);
  const algorithm = fields.takeIf(0xa0);
  fields.takeIf(0xa1); // Attributes.
  const tree = fields.takeIf(0xa2);
  const token = fields.take(tags.sequence).encoded;
  fields.end();
  return {
    token,
    tokenEncoding: token,
    hashOid: algorithm
      ? readAlgorithm({ ...algorithm, tag: tags.sequence }).oid
      : readStamp(token).info.hashOid,
    lists: tree ? childrenOf(tree).map(readList) : [],
  };
}

function readList(value: DerValue): Uint8Array[] {
  return childrenOf(expectTag(value, tags.sequence)).map(each => expectTag(each, tags.octetString).content);
}
