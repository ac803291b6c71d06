import type { Content } from '../signature/content.ts';
import { digestOf } from '../signature/digests.ts';
import { type CanonicalForm, canonicalForm, canonicalSurroundings } from '../xml/canonical.ts';
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
import { parseXml, xmlNamespace } from '../xml/parse.ts';
import { findCanonicalForm, standardForm } from './canonical-methods.ts';
import { namespaces, transforms } from './names.ts';
import { smevForm } from './smev-transform.ts';

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

/** A part of a document without the elements that transforms took out. */
interface Part {
  apex: XmlElement;
  /** The document when all of it is meant, with what stands around the root element. */
  whole: XmlDocument | null;
  /** `#id` and the empty address leave comments out, whatever the canonical form says (section 4.4.3.3). */
  comments: boolean;
  omitted: (element: XmlElement) => boolean;
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
  const { uri } = reference;
  if (uri === null) throw new UnsupportedReference('no URI');
  if (uri !== '' && !uri.startsWith('#')) {
    const file = fileMeant(reference, context);
    return file ? applied(await file.bytes(), reference, context, form) : null;
  }
  const apex = elementMeant(uri, context.document);
  return apex && applied(partMeant(uri, apex, context.document), reference, context, form);
}

function fileMeant({ uri }: Reference, { find }: ReferenceContext): Content | undefined {
  return uri === null || uri === '' || uri.startsWith('#') ? undefined : find(uri);
}

function partMeant(uri: string, apex: XmlElement, document: XmlDocument): Part {
  const whole = uri === '' || uri === '#xpointer(/)' ? document : null;
  return { apex, whole, comments: uri.startsWith('#xpointer('), omitted: () => false };
}

function writtenPart({ apex, whole, comments, omitted }: Part, named: CanonicalForm): Uint8Array {
  const form = { ...named, comments: named.comments && comments };
  const body = canonicalForm(apex, form, omitted);
  if (!whole) return body;
  const before = canonicalSurroundings(whole.before, form, 'before');
  return Buffer.concat([
    Buffer.from(before),
    body,
    Buffer.from(canonicalSurroundings(whole.after, form, 'after')),
  ]);
}

/** The element that a URI inside the document means; null when it is not there. @throws XmlError */
export function elementMeant(uri: string, document: XmlDocument): XmlElement | null {
  if (uri === '' || uri === '#xpointer(/)') return document.root;
  const id = /^#xpointer\(id\(['"](.+)['"]\)\)$/.exec(uri)?.[1] ?? uri.slice(1);
  const found = [...allBelow(document.root)].filter(element => idsOf(element).includes(id));
  // Two elements with one name: two readers would look at two of them (signature wrapping).
  if (found.length > 1) throw new XmlError('an identifier twice');
  return found[0] ?? null;
}

function idsOf(element: XmlElement): string[] {
  return element.attributes
    .filter(
      ({ name, namespace }) =>
        /^id$/i.test(name) && ['', namespaces.wsUtility, xmlNamespace].includes(namespace),
    )
    .map(({ value }) => value);
}

function applied(
  start: Part | Uint8Array,
  reference: Reference,
  context: ReferenceContext,
  form: CanonicalForm,
): Uint8Array {
  let current = start;
  for (const transform of reference.transforms) current = applyOne(current, transform, context);
  return current instanceof Uint8Array ? current : writtenPart(current, form);
}

function applyOne(
  input: Part | Uint8Array,
  transform: XmlElement,
  context: ReferenceContext,
): Part | Uint8Array {
  const form = findCanonicalForm(transform);
  const algorithm = attributeOf(transform, 'Algorithm');
  if (form) return writtenPart(partOf(input), form);
  if (algorithm === transforms.enveloped) {
    const part = partOf(input);
    return { ...part, omitted: each => each === context.signature || part.omitted(each) };
  }
  if (algorithm === transforms.smev) {
    const part = partOf(input);
    return smevForm(part.apex, part.omitted);
  }
  if (algorithm === transforms.base64)
    return base64Of(
      input instanceof Uint8Array ? Buffer.from(input).toString('latin1') : allText(input.apex),
    );
  if (algorithm === transforms.xpath || algorithm === transforms.filter2)
    return withoutSignatures(input, transform);
  throw new UnsupportedReference(algorithm ?? '');
}

const withoutAny = /^not\(ancestor-or-self::(?:[\w-]+:)?Signature\)$/;
const subtractAny = /^(?:\/descendant::|\/\/)(?:[\w-]+:)?Signature$/;

/** The two expressions in use: everything but the signatures. Others are not followed. */
function withoutSignatures(input: Part | Uint8Array, transform: XmlElement): Part {
  const [expression] = childrenNamed(transform, namespaces.signature, 'XPath');
  const [filter] = childrenNamed(transform, namespaces.filter2, 'XPath');
  const text = (expression ?? filter) && textOf(expression ?? filter ?? transform).replace(/\s+/g, '');
  const isKnown = expression
    ? withoutAny.test(text ?? '')
    : filter && attributeOf(filter, 'Filter') === 'subtract' && subtractAny.test(text ?? '');
  if (!isKnown) throw new UnsupportedReference('xpath');
  const part = partOf(input);
  const isSignature = (each: XmlElement) =>
    each.namespace === namespaces.signature && each.name === 'Signature';
  return { ...part, omitted: each => isSignature(each) || part.omitted(each) };
}

function partOf(input: Part | Uint8Array): Part {
  if (!(input instanceof Uint8Array)) return input;
  const whole = parseXml(input);
  return { apex: whole.root, whole, comments: true, omitted: () => false };
}

function allText(element: XmlElement): string {
  return [...allBelow(element)].map(textOf).join('');
}
