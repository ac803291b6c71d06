import { type AlgorithmIdentifier, readAlgorithm } from './algorithm-identifier.ts';
import { readExtension } from './certificate.ts';
import { childrenOf, type DerValue, readDer, tags } from './der.ts';
import { bitBytesOf, booleanOf, Fields, onlyChild, timeOf } from './der-fields.ts';
import { type DistinguishedName, readName } from './distinguished-name.ts';

/** A certificate revocation list (RFC 5280 section 5). */
export interface RevocationList {
  tbs: Uint8Array;
  issuer: DistinguishedName;
  thisUpdate: Date;
  nextUpdate: Date | null;
  signatureAlgorithm: AlgorithmIdentifier;
  signatureValue: Uint8Array;
  /** By the INTEGER of the certificate's number as encoded, in hexadecimal. */
  revoked: ReadonlyMap<string, Revocation>;
  /** Which certificates it speaks about; `none` for lists that cannot tell who is not revoked. */
  scope: 'all' | 'users' | 'authorities' | 'none';
}

export interface Revocation {
  at: Date;
  /** Suspended: may come back (reason certificateHold). */
  onHold: boolean;
}

const certificateHold = 6;
const reasonCode = '2.5.29.21';
const issuingDistributionPoint = '2.5.29.28';
const harmless = new Set(['2.5.29.35', '2.5.29.20', '2.5.29.46']);

/** @throws FormatError */
export function readRevocationList(der: Uint8Array): RevocationList {
  const outer = new Fields(readDer(der));
  const tbs = outer.take(tags.sequence);
  const signatureAlgorithm = readAlgorithm(outer.take());
  const signatureValue = bitBytesOf(outer.take());
  outer.end();
  const fields = new Fields(tbs);
  fields.takeIf(tags.integer);
  fields.take(tags.sequence);
  const issuer = readName(fields.take());
  const thisUpdate = timeOf(fields.take());
  const next = fields.takeIf(tags.utcTime) ?? fields.takeIf(tags.generalizedTime);
  const entries = fields.takeIf(tags.sequence);
  const extensions = fields.takeIf(0xa0);
  fields.end();
  const list = {
    tbs: tbs.encoded,
    issuer,
    thisUpdate,
    nextUpdate: next ? timeOf(next) : null,
    signatureAlgorithm,
    signatureValue,
    scope: scopeOf(extensions ? childrenOf(onlyChild(extensions)) : []),
  };
  return { ...list, revoked: new Map((entries ? childrenOf(entries) : []).map(readEntry)) };
}

function readEntry(value: DerValue): [string, Revocation] {
  const fields = new Fields(value);
  const serial = fields.take(tags.integer);
  const at = timeOf(fields.take());
  const extensions = fields.takeIf(tags.sequence);
  fields.end();
  const reason = (extensions ? childrenOf(extensions) : [])
    .map(readExtension)
    .find(({ oid }) => oid === reasonCode);
  const onHold = reason !== undefined && readDer(reason.content).content[0] === certificateHold;
  return [Buffer.from(serial.encoded).toString('hex'), { at, onHold }];
}

/** A list with a critical extension that nobody here knows says nothing about who is good (section 5.2). */
function scopeOf(extensions: DerValue[]): RevocationList['scope'] {
  let scope: RevocationList['scope'] = 'all';
  for (const extension of extensions) {
    const { oid, critical, content } = readExtension(extension);
    if (oid === issuingDistributionPoint) scope = pointScope(readDer(content));
    else if (critical && !harmless.has(oid)) return 'none';
    if (scope === 'none') return scope;
  }
  return scope;
}

function pointScope(value: DerValue): RevocationList['scope'] {
  const fields = new Fields(value);
  fields.takeIf(0xa0);
  const isSet = (tag: number) => {
    const flag = fields.takeIf(tag);
    return flag !== undefined && booleanOf({ ...flag, tag: tags.boolean });
  };
  const users = isSet(0x81);
  const authorities = isSet(0x82);
  const someReasons = fields.takeIf(0x83) !== undefined;
  const indirect = isSet(0x84);
  const attributes = isSet(0x85);
  fields.end();
  if (someReasons || indirect || attributes) return 'none';
  return users ? 'users' : authorities ? 'authorities' : 'all';
}
