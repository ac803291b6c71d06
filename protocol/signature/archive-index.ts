import { readAlgorithm } from './algorithm-identifier.ts';
import { valuesOf } from './beside.ts';
import type { Attribute, CmsEncodings, CmsSigner } from './cms.ts';
import { childrenOf, type DerValue, FormatError, tags } from './der.ts';
import { expectTag, Fields } from './der-fields.ts';
import { objectIdentifier } from './der-writer.ts';
import { digestOf } from './digests.ts';
import { oids } from './oids.ts';
import { readStamp } from './stamp-info.ts';

/** Which parts of a signature an archive time stamp of version 3 is about. */
export interface ArchiveIndex {
  /** The attribute value in DER: it is stamped itself. */
  encoded: Uint8Array;
  /** Whether everything that it names still lies in the signature. */
  isComplete: boolean;
  /** Whether it names the attribute with this value, or all values of it. */
  namesAttribute(attribute: Attribute, value?: Uint8Array): boolean;
  /** Whether it names every list and answer of the signature. */
  namesRevocation: boolean;
}

/**
 * The index in an archive time stamp's token: ats-hash-index-v3 (ETSI EN 319 122-1 clause 5.5.2), whose digests are
 * about single values of attributes, or ats-hash-index of TS 101 733 2.2.1 clause 6.4.2, about whole ones.
 * @throws FormatError when there is none, or one of functions that nobody knows
 */
export function readArchiveIndex(token: Uint8Array, signer: CmsSigner, message: CmsEncodings): ArchiveIndex {
  const { unsignedAttributes } = readStamp(token).signer;
  const [third] = valuesOf(unsignedAttributes, oids.archiveIndex);
  const [first] = valuesOf(unsignedAttributes, oids.archiveIndex1);
  const value = third ?? first;
  if (!value) throw new FormatError('an archive stamp without index');
  const fields = new Fields(value);
  const algorithm = fields.takeIf(tags.sequence);
  // The digest's name may be left out in the older form alone, where SHA-256 is meant.
  const isNamed = algorithm !== undefined && childrenOf(algorithm)[0]?.tag === tags.oid;
  const hashOid = isNamed ? readAlgorithm(algorithm).oid : oids.sha256;
  const listed = [...(isNamed || !algorithm ? [] : [algorithm]), ...fields.rest()].map(keysIn);
  const [certificates, revocation, attributes] = listed;
  if (!certificates || !revocation || !attributes || listed.length > 3)
    throw new FormatError('a strange index');
  const keyOf = (encoded: Uint8Array) => {
    const digest = digestOf(hashOid, encoded);
    if (!digest) throw new FormatError('an index of unknown digests');
    return hex(digest);
  };
  const keysOfAttribute = (attribute: Attribute, only?: Uint8Array) => {
    if (!third) return [keyOf(attribute.encoded)];
    const type = objectIdentifier(attribute.oid);
    return attribute.values
      .filter(({ encoded }) => only === undefined || Buffer.compare(encoded, only) === 0)
      .map(({ encoded }) => keyOf(Buffer.concat([type, encoded])));
  };
  const keysOf = (set: DerValue | null) => (set ? childrenOf(set).map(({ encoded }) => keyOf(encoded)) : []);
  const ownRevocation = keysOf(message.revocation);
  const own = {
    certificates: new Set(keysOf(message.certificates)),
    revocation: new Set(ownRevocation),
    attributes: new Set(signer.unsignedAttributes.flatMap(each => keysOfAttribute(each))),
  };
  const namesAttribute: ArchiveIndex['namesAttribute'] = (attribute, only) =>
    keysOfAttribute(attribute, only).every(key => attributes.has(key));
  return {
    encoded: value.encoded,
    isComplete:
      isWithin(certificates, own.certificates) &&
      isWithin(revocation, own.revocation) &&
      isWithin(attributes, own.attributes),
    namesAttribute,
    namesRevocation:
      ownRevocation.every(key => revocation.has(key)) &&
      signer.unsignedAttributes.every(each => each.oid !== oids.revocationValues || namesAttribute(each)),
  };
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every(each => all.has(each));
}

function keysIn(value: DerValue): Set<string> {
  return new Set(
    childrenOf(expectTag(value, tags.sequence)).map(each => hex(expectTag(each, tags.octetString).content)),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
