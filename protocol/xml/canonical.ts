import { joinReferences } from './join-references.ts';
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

/** Which nodes of a document are meant, when it is not all of a part (a node-set of XPath). */
export interface Selection {
  nodes: ReadonlySet<XmlNode | XmlAttribute>;
  /** Prefixes by the element on which they hold, '' being the default namespace. */
  namespaces: ReadonlyMap<XmlElement, ReadonlySet<string>>;
}

/** What of a part is written. */
export interface Choice {
  /** Elements that are left out with all that is below them, such as the signature itself in an enveloped signature. */
  omitted?: (element: XmlElement) => boolean;
  /** Null for everything. */
  selection?: Selection | null;
}

type Rendered = ReadonlyMap<string, string>;

/**
 * Canonical XML 1.0, 1.1 and Exclusive XML Canonicalization 1.0 of an element and what is below it, or of the nodes that
 * are chosen of these.
 */
export function canonicalForm(apex: XmlElement, form: CanonicalForm, choice: Choice = {}): Uint8Array {
  const { omitted = () => false, selection = null } = choice;
  const out: string[] = [];
  writeElement(apex, { form, omitted, selection, out, apex }, new Map());
  return Buffer.from(out.join(''));
}

/** Comments and instructions around the root, each on a line of its own (Canonical XML section 2.3). */
export function canonicalSurroundings(
  nodes: XmlNode[],
  form: CanonicalForm,
  place: 'before' | 'after',
  selection: Selection | null = null,
): string {
  return nodes
    .filter(node => !selection || selection.nodes.has(node))
    .map(node => writtenNode(node, form))
    .filter(text => text !== '')
    .map(text => (place === 'before' ? `${text}\n` : `\n${text}`))
    .join('');
}

interface Writing {
  form: CanonicalForm;
  omitted: (element: XmlElement) => boolean;
  selection: Selection | null;
  out: string[];
  apex: XmlElement;
}

function isChosen(node: XmlNode | XmlAttribute, { selection }: Writing): boolean {
  return selection === null || selection.nodes.has(node);
}

/** Section 2.3: of an element that is not chosen the tags go, but not what is chosen in it. */
function writeElement(element: XmlElement, writing: Writing, outer: Rendered): void {
  if (writing.omitted(element)) return;
  const { form, out } = writing;
  const isWritten = isChosen(element, writing);
  const tag = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`;
  if (isWritten) out.push('<', tag);
  const attributes = element.attributes.filter(each => isChosen(each, writing));
  const { declared, rendered } = form.exclusive
    ? exclusiveNamespaces(element, attributes, writing, outer)
    : inclusiveNamespaces(element, writing, outer);
  for (const [prefix, namespace] of declared.sort(([one], [other]) => compare(one, other)))
    out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapeAttribute(namespace), '"');
  const isOrphan = isWritten && !form.exclusive && isParentLeftOut(element, writing);
  const inherited = isOrphan ? inheritedAttributes(element, writing) : [];
  const replaced = attributes.filter(each => !inherited.some(other => isSameName(each, other)));
  const isEmptyBase = ({ name, value }: XmlAttribute) =>
    form.version === '1.1' && name === 'base' && value === '';
  const written = [...inherited.filter(each => !isEmptyBase(each)), ...replaced];
  for (const { prefix, name, value } of written.sort(byName))
    out.push(' ', prefix === '' ? name : `${prefix}:${name}`, '="', escapeAttribute(value), '"');
  if (isWritten) out.push('>');
  for (const child of element.children) {
    if (child.kind === 'element') writeElement(child, writing, rendered);
    else if (isChosen(child, writing)) out.push(writtenNode(child, form));
  }
  if (isWritten) out.push('</', tag, '>');
}

interface Namespaces {
  /** Those that are written on the element. */
  declared: [string, string][];
  /** What holds for the elements below, as far as it is written. */
  rendered: Rendered;
}

/** Section 2.3: every namespace that the nearest written element above does not have in the same way. */
function inclusiveNamespaces(element: XmlElement, writing: Writing, outer: Rendered): Namespaces {
  if (!writing.selection && element !== writing.apex && element.scope === element.parent?.scope)
    return { declared: [], rendered: outer };
  const own = new Map<string, string>();
  for (const [prefix, namespace] of element.scope)
    if (namespace !== '' && holdsNamespace(element, prefix, writing)) own.set(prefix, namespace);
  const declared = [...own].filter(([prefix, namespace]) => outer.get(prefix) !== namespace);
  const isWritten = isChosen(element, writing);
  if (isWritten && !own.has('') && outer.has('')) declared.push(['', '']);
  return { declared, rendered: isWritten ? own : outer };
}

/** Exclusive XML Canonicalization section 3: those that the element makes use of, and those of its list. */
function exclusiveNamespaces(
  element: XmlElement,
  attributes: readonly XmlAttribute[],
  writing: Writing,
  outer: Rendered,
): Namespaces {
  const used = new Set<string>();
  const isWritten = isChosen(element, writing);
  if (isWritten) {
    used.add(element.prefix);
    for (const { prefix } of attributes) if (prefix !== '') used.add(prefix);
  }
  const listed = (writing.form.inclusivePrefixes ?? []).filter(prefix => element.scope.has(prefix));
  used.delete('xml');
  const rendered = new Map(outer);
  const declared: [string, string][] = [];
  for (const prefix of new Set([...used, ...listed])) {
    const namespace = holdsNamespace(element, prefix, writing) ? (element.scope.get(prefix) ?? '') : '';
    if (namespace === (rendered.get(prefix) ?? '')) continue;
    if (namespace !== '') rendered.set(prefix, namespace);
    else rendered.delete(prefix);
    if (namespace !== '' || (prefix === '' && isWritten)) declared.push([prefix, namespace]);
  }
  return { declared, rendered: isWritten ? rendered : outer };
}

function holdsNamespace(element: XmlElement, prefix: string, { selection }: Writing): boolean {
  return selection === null || selection.namespaces.get(element)?.has(prefix) === true;
}

function isParentLeftOut(element: XmlElement, writing: Writing): boolean {
  return element.parent !== null && (element === writing.apex || !isChosen(element.parent, writing));
}

/**
 * Section 2.4: an element whose parent is left out keeps the `xml:` attributes that hold for it. Version 1.1 looks for them no
 * further than the nearest element that is written, as the programs of others understand it.
 */
function inheritedAttributes(element: XmlElement, writing: Writing): XmlAttribute[] {
  const isNewer = writing.form.version === '1.1';
  const isOut = (some: XmlElement) => !isBelow(some, writing.apex) || !isChosen(some, writing);
  const found: XmlAttribute[] = [];
  for (let above = element.parent; above && (!isNewer || isOut(above)); above = above.parent)
    found.push(...above.attributes.filter(({ namespace }) => namespace === xmlNamespace));
  const own = element.attributes.filter(({ namespace }) => namespace === xmlNamespace);
  const nearest = new Map([...found, ...own].toReversed().map(each => [each.name, each]));
  for (const { name } of own) nearest.delete(name);
  if (!isNewer) return [...nearest.values()];
  const simple = [...nearest.values()].filter(({ name }) => name === 'lang' || name === 'space');
  return [...simple, ...joinedBase(own, found)];
}

/** Canonical XML 1.1 section 2.4: the bases of the elements that are left out go into the one of the element. */
function joinedBase(own: readonly XmlAttribute[], leftOut: readonly XmlAttribute[]): XmlAttribute[] {
  const isBase = ({ name }: XmlAttribute) => name === 'base';
  const [nearest, ...others] = leftOut.filter(isBase);
  if (!nearest) return [];
  const values = [...own.filter(isBase), nearest, ...others].map(({ value }) => value);
  return [{ ...nearest, value: values.reduce((inner, outer) => joinReferences(outer, inner)) }];
}

function isBelow(element: XmlElement, apex: XmlElement): boolean {
  for (let above: XmlElement | null = element; above; above = above.parent) if (above === apex) return true;
  return false;
}

function isSameName(one: XmlAttribute, other: XmlAttribute): boolean {
  return one.namespace === other.namespace && one.name === other.name;
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
