import type { XmlAttribute, XmlElement, XmlNode } from './nodes.ts';
import { xmlNamespace } from './parse.ts';

export interface CanonicalForm {
  /** Exclusive (only the namespaces that are used) or inclusive (all that hold). */
  exclusive: boolean;
  comments: boolean;
  /** Prefixes that exclusive form treats as inclusive does; '' is the default namespace. */
  inclusivePrefixes?: readonly string[];
  /** Canonical XML 1.1 does not hand `xml:id` down to a part of a document. */
  version?: '1.0' | '1.1';
}

type Rendered = ReadonlyMap<string, string>;

/**
 * Canonical XML 1.0, 1.1 and Exclusive XML Canonicalization 1.0 of an element and what is below it, but for
 * the elements that `omitted` names (the signature itself in an enveloped signature).
 */
export function canonicalForm(
  apex: XmlElement,
  form: CanonicalForm,
  omitted: (element: XmlElement) => boolean = () => false,
): Uint8Array {
  const out: string[] = [];
  const inherited = form.exclusive || !apex.parent ? [] : inheritedAttributes(apex, form);
  writeElement(apex, { form, omitted, out, isApex: true, inherited }, new Map());
  return Buffer.from(out.join(''));
}

/** Comments and instructions around the root, each on a line of its own (Canonical XML section 2.3). */
export function canonicalSurroundings(
  nodes: XmlNode[],
  form: CanonicalForm,
  place: 'before' | 'after',
): string {
  return nodes
    .map(node => writtenNode(node, form))
    .filter(text => text !== '')
    .map(text => (place === 'before' ? `${text}\n` : `\n${text}`))
    .join('');
}

interface Writing {
  form: CanonicalForm;
  omitted: (element: XmlElement) => boolean;
  out: string[];
  isApex: boolean;
  inherited: XmlAttribute[];
}

function writeElement(element: XmlElement, writing: Writing, outer: Rendered): void {
  if (writing.omitted(element)) return;
  const { form, out, isApex, inherited } = writing;
  const tag = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`;
  const rendered = new Map(outer);
  out.push('<', tag);
  for (const [prefix, namespace] of namespacesOf(element, form, outer, isApex)) {
    rendered.set(prefix, namespace);
    out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapeAttribute(namespace), '"');
  }
  const attributes = isApex ? [...inherited, ...element.attributes] : element.attributes;
  for (const { prefix, name, value } of attributes.toSorted(byName))
    out.push(' ', prefix === '' ? name : `${prefix}:${name}`, '="', escapeAttribute(value), '"');
  out.push('>');
  const inside = { ...writing, isApex: false };
  for (const child of element.children) {
    if (child.kind === 'element') writeElement(child, inside, rendered);
    else out.push(writtenNode(child, form));
  }
  out.push('</', tag, '>');
}

function namespacesOf(
  element: XmlElement,
  form: CanonicalForm,
  outer: Rendered,
  isApex: boolean,
): [string, string][] {
  const prefixes = new Set<string>();
  if (form.exclusive) {
    prefixes.add(element.prefix);
    for (const { prefix } of element.attributes) if (prefix !== '') prefixes.add(prefix);
    for (const prefix of form.inclusivePrefixes ?? []) if (element.scope.has(prefix)) prefixes.add(prefix);
  } else if (isApex || element.scope !== element.parent?.scope) {
    for (const prefix of element.scope.keys()) prefixes.add(prefix);
  }
  prefixes.delete('xml');
  return [...prefixes]
    .map((prefix): [string, string] => [prefix, element.scope.get(prefix) ?? ''])
    .filter(([prefix, namespace]) => (outer.get(prefix) ?? '') !== namespace)
    .sort(([one], [other]) => compare(one, other));
}

/** Canonical XML 1.0 section 2.4: a part of a document keeps the `xml:` attributes that hold for it. */
function inheritedAttributes(apex: XmlElement, form: CanonicalForm): XmlAttribute[] {
  const found = new Map<string, XmlAttribute>();
  for (let above = apex.parent; above; above = above.parent)
    for (const each of above.attributes)
      if (each.namespace === xmlNamespace && !found.has(each.name)) found.set(each.name, each);
  if (form.version === '1.1') found.delete('id');
  const own = apex.attributes.filter(each => each.namespace === xmlNamespace);
  return [...found.values()].filter(each => own.every(({ name }) => name !== each.name));
}

function byName(one: XmlAttribute, other: XmlAttribute): number {
  return compare(one.namespace, other.namespace) || compare(one.name, other.name);
}

/** By code points, which for letters beyond the first plane is not the order of JavaScript. */
function compare(one: string, other: string): number {
  return one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function writtenNode(node: XmlNode, form: CanonicalForm): string {
  if (node.kind === 'text') return escapeText(node.text);
  if (node.kind === 'comment') return form.comments ? `<!--${node.text}-->` : '';
  if (node.kind === 'instruction') return `<?${node.target}${node.text === '' ? '' : ` ${node.text}`}?>`;
  return '';
}

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, each => escapes[each] ?? each);
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<"\t\n\r]/g, each => escapes[each] ?? each);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};
