/** A parsed XML document with all that canonical forms need. */
export interface XmlElement {
  kind: 'element';
  prefix: string;
  name: string;
  namespace: string;
  attributes: XmlAttribute[];
  /** Namespaces by prefix that hold here, '' being the default one; `xml` is left out. */
  scope: ReadonlyMap<string, string>;
  children: XmlNode[];
  parent: XmlElement | null;
}

export interface XmlAttribute {
  prefix: string;
  name: string;
  namespace: string;
  value: string;
}

export type XmlNode =
  | XmlElement
  | { kind: 'text'; text: string }
  | { kind: 'comment'; text: string }
  | { kind: 'instruction'; target: string; text: string };

export interface XmlDocument {
  root: XmlElement;
  /** Comments and instructions before and after the root element. */
  before: XmlNode[];
  after: XmlNode[];
}

/** Text that is not XML, or XML that is refused; `message` says why in a few words. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter(child => child.kind === 'element');
}

/** Text directly inside, comments left out. */
export function textOf(element: XmlElement): string {
  return element.children.map(child => (child.kind === 'text' ? child.text : '')).join('');
}

/** Value of an attribute without namespace. */
export function attributeOf(element: XmlElement, name: string): string | null {
  return element.attributes.find(each => each.namespace === '' && each.name === name)?.value ?? null;
}

/** The element itself and all below it, in the order of the document. */
export function* allBelow(element: XmlElement): Generator<XmlElement> {
  const waiting = [element];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    waiting.push(...elementsOf(next).reverse());
  }
}

/** Only child elements with this name, in this namespace. */
export function childrenNamed(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return elementsOf(element).filter(child => child.namespace === namespace && child.name === name);
}
