import type { XmlAttribute, XmlElement } from '../xml/nodes.ts';

/**
 * The transform `urn://smev-gov-ru/xmldsig/transform` of СМЭВ 3: blanks between elements, comments and
 * instructions go, prefixes become ns1, ns2… in the order in which namespaces are met, attributes are sorted.
 */
export function smevForm(
  apex: XmlElement,
  omitted: (element: XmlElement) => boolean = () => false,
): Uint8Array {
  const out: string[] = [];
  const counter = { next: 1 };
  write(apex, new Map(), { out, omitted, counter });
  return Buffer.from(out.join(''));
}

interface Writing {
  out: string[];
  omitted: (element: XmlElement) => boolean;
  counter: { next: number };
}

function write(element: XmlElement, outer: ReadonlyMap<string, string>, writing: Writing): void {
  if (writing.omitted(element)) return;
  const { out, counter } = writing;
  const prefixes = new Map(outer);
  const declared: string[] = [];
  const prefixOf = (namespace: string): string => {
    const known = prefixes.get(namespace);
    if (known !== undefined) return known;
    const prefix = `ns${counter.next++}`;
    prefixes.set(namespace, prefix);
    declared.push(` xmlns:${prefix}="${escapeText(namespace)}"`);
    return prefix;
  };
  const tag = `${prefixOf(element.namespace)}:${element.name}`;
  const attributes = element.attributes.toSorted(byNamespace).map(({ namespace, name, value }) => {
    const own = namespace === '' ? name : `${prefixOf(namespace)}:${name}`;
    return ` ${own}="${escapeText(value).replaceAll('"', '&quot;')}"`;
  });
  out.push('<', tag, ...declared, ...attributes, '>');
  for (const child of element.children) {
    if (child.kind === 'element') write(child, prefixes, writing);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: Java's trim(), which the transform is made of
    else if (child.kind === 'text' && /[^\u0000-\u0020]/.test(child.text)) out.push(escapeText(child.text));
  }
  out.push('</', tag, '>');
}

/** By namespace and name; those without a namespace come last. */
function byNamespace(one: XmlAttribute, other: XmlAttribute): number {
  if ((one.namespace === '') !== (other.namespace === '')) return one.namespace === '' ? 1 : -1;
  return compare(one.namespace, other.namespace) || compare(one.name, other.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
