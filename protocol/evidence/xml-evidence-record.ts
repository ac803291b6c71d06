import { FormatError } from '../signature/der.ts';
import { canonicalForm } from '../xml/canonical.ts';
import { digestOidOf } from '../xml/digest-names.ts';
import { attributeOf, childrenNamed, textOf, type XmlElement, XmlError } from '../xml/nodes.ts';
import { parseXml } from '../xml/parse.ts';
import { findCanonicalForm } from '../xml-signature/canonical-methods.ts';
import { base64Of } from '../xml-signature/references.ts';
import type { ArchiveChains, ArchiveTimeStamp } from './archive-chain.ts';

const namespace = 'urn:ietf:params:xml:ns:ers';
const mostStamps = 64;

/**
 * Reads an evidence record in XML (RFC 6283); null when its tree was renewed under another digest function, which is
 * not followed in this form. @throws FormatError
 */
export function readXmlEvidenceRecord(bytes: Uint8Array): ArchiveChains | null {
  try {
    const { root } = parseXml(bytes);
    if (root.namespace !== namespace || root.name !== 'EvidenceRecord')
      throw new XmlError('no evidence record');
    if (childrenNamed(root, namespace, 'EncryptionInformation').length > 0)
      throw new XmlError('encrypted content');
    const chains = inOrder(only(root, 'ArchiveTimeStampSequence'), 'ArchiveTimeStampChain');
    const [chain, ...others] = chains;
    if (!chain) throw new XmlError('no chain');
    return others.length > 0 ? null : [{ stamps: stampsOf(chain), olderChains: new Uint8Array() }];
  } catch (cause) {
    if (cause instanceof XmlError) throw new FormatError('a damaged evidence record', { cause });
    throw cause;
  }
}

function stampsOf(chain: XmlElement): ArchiveTimeStamp[] {
  const hashOid = digestOidOf(attributeOf(only(chain, 'DigestMethod'), 'Algorithm') ?? '');
  const form = findCanonicalForm(only(chain, 'CanonicalizationMethod'));
  const stamps = inOrder(chain, 'ArchiveTimeStamp');
  if (!form || stamps.length === 0 || stamps.length > mostStamps) throw new XmlError('a strange chain');
  return stamps.map(stamp => {
    const [tree] = childrenNamed(stamp, namespace, 'HashTree');
    const own = only(stamp, 'TimeStamp');
    const token = only(own, 'TimeStampToken');
    if (attributeOf(token, 'Type') !== 'RFC3161') throw new XmlError('a time stamp of another kind');
    return {
      token: base64Of(textOf(token)),
      tokenEncoding: canonicalForm(own, form),
      hashOid,
      lists: tree ? inOrder(tree, 'Sequence').map(listOf) : [],
    };
  });
}

function listOf(sequence: XmlElement): Uint8Array[] {
  return childrenNamed(sequence, namespace, 'DigestValue').map(value => base64Of(textOf(value)));
}

/** Members count from 1 by their attribute Order, wherever they stand. */
function inOrder(parent: XmlElement, name: string): XmlElement[] {
  const members = childrenNamed(parent, namespace, name);
  const byOrder = new Map(members.map(member => [Number(attributeOf(member, 'Order')), member]));
  const sorted = members.map((_, place) => byOrder.get(place + 1));
  if (byOrder.size !== members.length || sorted.includes(undefined))
    throw new XmlError('members without order');
  return sorted.filter(member => member !== undefined);
}

function only(parent: XmlElement, name: string): XmlElement {
  const [first, ...others] = childrenNamed(parent, namespace, name);
  if (!first || others.length > 0) throw new XmlError(`${name} is missing or repeated`);
  return first;
}
