import { readArchiveIndex } from './archive-index.ts';
import { valuesOf } from './beside.ts';
import type { Attribute, CmsEncodings, CmsSigner } from './cms.ts';
import type { Content } from './content.ts';
import { FormatError } from './der.ts';
import { contextTag } from './der-writer.ts';
import { digestOf } from './digests.ts';
import { oids } from './oids.ts';
import type { FoundArchiveStamp } from './stamp-chain.ts';
import { momentOfStamp } from './stamp-info.ts';

/** One signature of a message, as far as stamps of its archive are about it. */
export interface Archived {
  signer: CmsSigner;
  message: CmsEncodings;
  /** What is signed, inside the message or beside it. */
  content: Content;
  isDetached: boolean;
}

/** Archive time stamps among the unsigned attributes of a signer, not judged yet. */
export function archiveStampsOf(archived: Archived): FoundArchiveStamp[] {
  const { unsignedAttributes } = archived.signer;
  return [
    ...valuesOf(unsignedAttributes, oids.archiveTimeStamp).map(each => ofVersion3(each.encoded, archived)),
    ...valuesOf(unsignedAttributes, oids.archiveTimeStamp2).map(each => ofVersion2(each.encoded, archived)),
  ];
}

/**
 * CAdES-C-timestamp (ETSI EN 319 122-1 clause A.1.5.2): over the signature value, its stamps and the references
 * to certificates and lists, so that it proves as much about the signature as an ordinary stamp.
 */
export function referenceStampsOf({ value, unsignedAttributes }: CmsSigner): FoundArchiveStamp[] {
  const stamped = [oids.signatureTimeStamp, oids.certificateReferences, oids.revocationReferences].flatMap(
    oid => unsignedAttributes.filter(each => each.oid === oid).map(({ members }) => Buffer.concat(members)),
  );
  return valuesOf(unsignedAttributes, oids.referencesTimeStamp).map(({ encoded }) => ({
    token: encoded,
    stamped: { digest: async oid => digestOf(oid, Buffer.concat([value, ...stamped])) },
    protects: other =>
      unsignedAttributes.some(each => each.oid === oids.signatureTimeStamp && hasValue(each, other)),
    protectsRevocation: false,
  }));
}

/**
 * Version 3 (EN 319 122-1 clause 5.5.3): over the type and the digest of the content, the members of the
 * SignerInfo, and an index in the token itself that names the rest by digests.
 */
function ofVersion3(token: Uint8Array, { signer, message, content }: Archived): FoundArchiveStamp {
  try {
    const index = readArchiveIndex(token, signer, message);
    if (!index.isComplete) return broken(token);
    const digest = async (oid: string) => {
      const own = await content.digest(oid);
      const parts = own && [message.contentType, own, ...signer.encodings, index.encoded];
      return parts && digestOf(oid, Buffer.concat(parts));
    };
    const protects = (other: Uint8Array) => {
      const found = signer.unsignedAttributes.find(each => hasValue(each, other));
      return found !== undefined && index.namesAttribute(found, other);
    };
    return { token, stamped: { digest }, protects, protectsRevocation: index.namesRevocation };
  } catch (error) {
    if (error instanceof FormatError) return broken(token);
    throw error;
  }
}

/**
 * Version 2 (TS 101 733 1.8.3 clause 6.4.1): over the content, the certificates and lists of the message, and
 * every member of the SignerInfo but the archive stamps that are not older than itself.
 */
function ofVersion2(
  token: Uint8Array,
  { signer, message, content, isDetached }: Archived,
): FoundArchiveStamp {
  const at = momentOfStamp(token);
  if (!at) return broken(token);
  const isOlder = (value: Uint8Array) => (momentOfStamp(value) ?? at) < at;
  const kept = signer.unsignedAttributes.filter(
    ({ oid, values }) =>
      (oid !== oids.archiveTimeStamp && oid !== oids.archiveTimeStamp2) ||
      values.every(({ encoded }) => isOlder(encoded)),
  );
  const digest = async (oid: string) => {
    const parts = [
      message.encapsulated,
      isDetached ? await content.bytes() : new Uint8Array(),
      message.certificates?.encoded ?? new Uint8Array(),
      message.revocation?.encoded ?? new Uint8Array(),
      ...signer.encodings,
      kept.length > 0 ? contextTag(1, ...kept.map(({ encoded }) => encoded)) : new Uint8Array(),
    ];
    return digestOf(oid, Buffer.concat(parts));
  };
  return {
    token,
    stamped: { digest },
    protects: other => kept.some(each => hasValue(each, other)),
    protectsRevocation: true,
  };
}

/** A stamp about things that are not there any more fits nothing. */
function broken(token: Uint8Array): FoundArchiveStamp {
  return { token, stamped: { digest: async () => null }, protects: () => false, protectsRevocation: false };
}

function hasValue({ values }: Attribute, encoded: Uint8Array): boolean {
  return values.some(value => Buffer.compare(value.encoded, encoded) === 0);
}
