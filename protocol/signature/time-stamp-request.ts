import { readDer, tags } from './der.ts';
import { Fields, smallIntegerOf } from './der-fields.ts';
import { der, nullValue, objectIdentifier, octetString, sequence, unsigned } from './der-writer.ts';
import { oids } from './oids.ts';

/** Media types of RFC 3161, section 3.4. */
export const stampQueryType = 'application/timestamp-query';
export const stampReplyType = 'application/timestamp-reply';

const booleanTrue = der(tags.boolean, Uint8Array.of(0xff));
const versionOne = unsigned(Uint8Array.of(1));
/** PKIStatus of RFC 3161, section 2.4.2: granted, granted with modifications. */
const granted = [0, 1];

/** TimeStampReq of RFC 3161, section 2.4.1, for a digest; asks for the authority's certificate. */
export function stampRequest(
  digest: Uint8Array,
  nonce: Uint8Array,
  hash: 'sha256' | 'sha512' = 'sha256',
): Uint8Array {
  const algorithm = sequence(objectIdentifier(oids[hash]), nullValue);
  return sequence(versionOne, sequence(algorithm, octetString(digest)), unsigned(nonce), booleanTrue);
}

/** The token out of a TimeStampResp, not judged yet; undefined when the authority refused. Throws `FormatError`. */
export function tokenOf(reply: Uint8Array): Uint8Array | undefined {
  const fields = new Fields(readDer(reply));
  const status = new Fields(fields.take());
  if (!granted.includes(smallIntegerOf(status.take(tags.integer)))) return undefined;
  const token = fields.take(tags.sequence);
  fields.end();
  return token.encoded;
}
