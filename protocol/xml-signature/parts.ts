import {
  type CanonicalForm,
  canonicalForm,
  canonicalSurroundings,
  type Selection,
} from '../xml/canonical.ts';
import type { XmlDocument, XmlElement } from '../xml/nodes.ts';
import { parseXml } from '../xml/parse.ts';

/** What transforms work on: a document or an element of one, less what earlier transforms took out. */
export interface Part {
  document: XmlDocument;
  apex: XmlElement;
  /** Whether all of the document is meant, with what stands around its root element. */
  isWhole: boolean;
  /** `#id` and the empty address leave comments out, whatever the canonical form says (XMLDSig 1.1 section 4.4.3.3). */
  comments: boolean;
  omitted: (element: XmlElement) => boolean;
  /** The nodes that filters left, or null before any. */
  selection: Selection | null;
}

export function partAt(
  document: XmlDocument,
  apex: XmlElement,
  how: { isWhole: boolean; comments: boolean },
): Part {
  return { document, apex, ...how, omitted: () => false, selection: null };
}

/** Octets are read as a document where nodes are asked (section 4.4.3.2). @throws XmlError */
export function partOf(input: Part | Uint8Array): Part {
  if (!(input instanceof Uint8Array)) return input;
  const document = parseXml(input);
  return partAt(document, document.root, { isWhole: true, comments: true });
}

export function writtenPart(part: Part, named: CanonicalForm): Uint8Array {
  const { document, selection } = part;
  const form = { ...named, comments: named.comments && part.comments };
  const body = canonicalForm(part.apex, form, part);
  if (!part.isWhole) return body;
  const before = canonicalSurroundings(document.before, form, 'before', selection);
  const after = canonicalSurroundings(document.after, form, 'after', selection);
  return Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
}

/** The text of a part, as `self::text()` finds it (section 6.6.2). */
export function textOfPart({ apex, omitted, selection }: Part): string {
  const texts: string[] = [];
  const read = (element: XmlElement): void => {
    if (omitted(element)) return;
    for (const child of element.children) {
      if (child.kind === 'element') read(child);
      else if (child.kind === 'text' && (!selection || selection.nodes.has(child))) texts.push(child.text);
    }
  };
  read(apex);
  return texts.join('');
}
