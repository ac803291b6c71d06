import type { Content } from '../signature/content.ts';
import { digestOf } from '../signature/digests.ts';
import type { CanonicalForm } from '../xml/canonical.ts';
import { digestOidOf } from '../xml/digest-names.ts';
import {
  allBelow,
  attributeOf,
  childrenNamed,
  textOf,
  type XmlDocument,
  type XmlElement,
  XmlError,
} from '../xml/nodes.ts';
import { xmlNamespace } from '../xml/parse.ts';
import { UnsupportedPath } from '../xml/xpath/model.ts';
import { findCanonicalForm, standardForm } from './canonical-methods.ts';
import { placesLeft } from './coverage.ts';
import { namespaces, transforms } from './names.ts';
import { type Part, partAt, partOf, textOfPart, writtenPart } from './parts.ts';
import { smevForm } from './smev-transform.ts';
import { filteredByBranches, filteredByXPath } from './xpath-filters.ts';

/** A transform or an address that nobody here can follow: what is signed cannot be known. */
export class UnsupportedReference extends Error {
  override readonly name = 'UnsupportedReference';
}

/** One ds:Reference; nothing is judged yet. */
export interface Reference {
  id: string | null;
  uri: string | null;
  type: string | null;
  digestOid: string;
  digest: Uint8Array;
  transforms: XmlElement[];
}

export interface ReferenceContext {
  document: XmlDocument;
  signature: XmlElement;
  /** Files beside the XML, as in an ASiC; undefined when there is no such file. */
  find: (uri: string) => Content | undefined;
}

/** @throws XmlError */
export function readReference(element: XmlElement): Reference {
  const [method] = childrenNamed(element, namespaces.signature, 'DigestMethod');
  const [value] = childrenNamed(element, namespaces.signature, 'DigestValue');
  if (!method || !value) throw new XmlError('a reference without digest');
  const [list] = childrenNamed(element, namespaces.signature, 'Transforms');
  const steps = list ? childrenNamed(list, namespaces.signature, 'Transform') : [];
  const [first] = steps;
  // Who leaves the address out has to know what is meant (XMLDSig 1.1 section 4.4.3.1): with this transform it can only
  // be the document around the signature.
  const isAround = first !== undefined && attributeOf(first, 'Algorithm') === transforms.enveloped;
  return {
    id: attributeOf(element, 'Id'),
    uri: attributeOf(element, 'URI') ?? (isAround ? '' : null),
    type: attributeOf(element, 'Type'),
    digestOid: digestOidOf(attributeOf(method, 'Algorithm') ?? ''),
    digest: base64Of(textOf(value)),
    transforms: steps,
  };
}

/** @throws XmlError */
export function base64Of(text: string): Buffer {
  const digits = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) throw new XmlError('not base64');
  return Buffer.from(digits, 'base64');
}

/**
 * The digest of what a reference means: null when it is not there, undefined when nobody here knows the
 * digest function.
 * @throws UnsupportedReference
 */
export async function digestOfReference(
  reference: Reference,
  context: ReferenceContext,
): Promise<Uint8Array | null | undefined> {
  const file = fileMeant(reference, context);
  // Files may be large: without transforms they are read piece by piece.
  if (file && reference.transforms.length === 0) return file.digest(reference.digestOid);
  const octets = await octetsOfReference(reference, context);
  return octets && digestOf(reference.digestOid, octets);
}

/**
 * What a reference means, after its transforms; parts of XML in the form given. Null when it is not there.
 * @throws UnsupportedReference
 */
export async function octetsOfReference(
  reference: Reference,
  context: ReferenceContext,
  form: CanonicalForm = standardForm,
): Promise<Uint8Array | null> {
  const start = await startOf(reference, context);
  if (start === null) return null;
  let current = start;
  for (const transform of reference.transforms) current = applyOne(current, transform, context);
  return current instanceof Uint8Array ? current : writtenPart(current, form);
}

/** What the address of a reference means, before its transforms. */
async function startOf(reference: Reference, context: ReferenceContext): Promise<Part | Uint8Array | null> {
  const { uri } = reference;
  if (uri === null) throw new UnsupportedReference('no URI');
  if (uri !== '' && !uri.startsWith('#')) return (await fileMeant(reference, context)?.bytes()) ?? null;
  const apex = elementMeant(uri, context.document);
  return apex && partMeant(uri, apex, context.document);
}

function fileMeant({ uri }: Reference, { find }: ReferenceContext): Content | undefined {
  return uri === null || uri === '' || uri.startsWith('#') ? undefined : find(uri);
}

function partMeant(uri: string, apex: XmlElement, document: XmlDocument): Part {
  const isWhole = uri === '' || uri === '#xpointer(/)';
  return partAt(document, apex, { isWhole, comments: uri.startsWith('#xpointer(') });
}

/** The element that a URI inside the document means; null when it is not there. @throws XmlError */
export function elementMeant(uri: string, document: XmlDocument): XmlElement | null {
  if (uri === '' || uri === '#xpointer(/)') return document.root;
  const id = /^#xpointer\(id\(['"](.+)['"]\)\)$/.exec(uri)?.[1] ?? uri.slice(1);
  return elementsById(id, document)[0] ?? null;
}

/** None or one. @throws XmlError */
function elementsById(id: string, document: XmlDocument): XmlElement[] {
  const found = [...allBelow(document.root)].filter(element => idsOf(element).includes(id));
  // Two elements with one name: two readers would look at two of them (signature wrapping).
  if (found.length > 1) throw new XmlError('an identifier twice');
  return found;
}

function idsOf(element: XmlElement): string[] {
  return element.attributes
    .filter(
      ({ name, namespace }) =>
        /^id$/i.test(name) && ['', namespaces.wsUtility, xmlNamespace].includes(namespace),
    )
    .map(({ value }) => value);
}

function applyOne(
  input: Part | Uint8Array,
  transform: XmlElement,
  context: ReferenceContext,
): Part | Uint8Array {
  const form = findCanonicalForm(transform);
  if (form) return writtenPart(partOf(input), form);
  const algorithm = attributeOf(transform, 'Algorithm');
  switch (algorithm) {
    case transforms.enveloped: {
      const part = partOf(input);
      return { ...part, omitted: each => each === context.signature || part.omitted(each) };
    }
    case transforms.smev: {
      const part = partOf(input);
      if (part.selection) throw new UnsupportedReference('the transform of СМЭВ after a filter');
      return smevForm(part.apex, part.omitted);
    }
    case transforms.base64:
      return base64Of(
        input instanceof Uint8Array ? Buffer.from(input).toString('latin1') : textOfPart(input),
      );
    case transforms.xpath:
      return filtered(partOf(input), transform, filteredByXPath);
    case transforms.filter2:
      return filtered(partOf(input), transform, filteredByBranches);
    default:
      throw new UnsupportedReference(algorithm ?? '');
  }
}

function filtered(part: Part, transform: XmlElement, filter: typeof filteredByXPath): Part {
  try {
    return filter(part, transform, id => elementsById(id, part.document));
  } catch (cause) {
    if (cause instanceof UnsupportedPath) throw new UnsupportedReference('xpath', { cause });
    throw cause;
  }
}

/**
 * What a reference speaks for: its address, or when a filter took signed content away the places that are left, as
 * `ADDRESS#xpath(/a[1]/b[2])`.
 */
export async function coverOf(reference: Reference, context: ReferenceContext): Promise<string[]> {
  const { uri } = reference;
  const isFilter = (transform: XmlElement) =>
    [transforms.xpath, transforms.filter2].some(each => each === attributeOf(transform, 'Algorithm'));
  let current = reference.transforms.some(isFilter) ? await startOf(reference, context) : null;
  if (current === null) return [uri ?? ''];
  const address = uri?.startsWith('#') ? '' : (uri ?? '');
  for (const transform of reference.transforms) {
    const before: Part | Uint8Array = isFilter(transform) ? partOf(current) : current;
    current = applyOne(before, transform, context);
    if (before instanceof Uint8Array || current instanceof Uint8Array || !isFilter(transform)) continue;
    const places = placesLeft(before, current);
    if (places) return places.map(place => `${address}#xpath(${place})`);
  }
  return [uri ?? ''];
}
