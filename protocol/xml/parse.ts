import { type XmlAttribute, type XmlDocument, type XmlElement, XmlError, type XmlNode } from './nodes.ts';

const name = '[\\p{L}_][\\p{L}\\p{N}\\p{M}_.\\u00b7-]*';
const qualified = `(?:(${name}):)?(${name})`;
const startTag = new RegExp(`<${qualified}`, 'uy');
const attribute = new RegExp(`\\s+${qualified}\\s*=\\s*(?:"([^"<]*)"|'([^'<]*)')`, 'uy');
const tagEnd = /\s*(\/?)>/uy;
const endTag = new RegExp(`</${qualified}\\s*>`, 'uy');
const instruction = new RegExp(`<\\?(${name})(?:\\s+([\\s\\S]*?))?\\?>`, 'uy');
const declaration =
  /^<\?xml\s+version\s*=\s*["']1\.[0-9]["'](?:\s+encoding\s*=\s*["']([A-Za-z][\w.-]*)["'])?(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 section 2.2 forbids them
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const deepest = 200;
const mostNodes = 300_000;
const mostAttributes = 1000;

export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/**
 * Reads an XML document with namespaces (XML 1.0, Namespaces in XML 1.0). Document types and with them
 * entities are refused: they have been attacks wherever signed XML was read.
 * @throws XmlError
 */
export function parseXml(bytes: Uint8Array): XmlDocument {
  return new Parser(decode(bytes)).document();
}

class Parser {
  readonly #source: string;
  #at: number;
  #nodes = 0;

  constructor(source: string) {
    this.#source = source;
    this.#at = declaration.exec(source)?.[0].length ?? 0;
  }

  document(): XmlDocument {
    const before = this.#misc();
    const root = this.#elements();
    const after = this.#misc();
    if (this.#at !== this.#source.length) throw new XmlError('text after the root element');
    return { root, before, after };
  }

  /** Without recursion: depth costs no stack. */
  #elements(): XmlElement {
    const root = this.#open(null);
    const open: XmlElement[] = root.isEmpty ? [] : [root.element];
    for (let current = open.at(-1); current; current = open.at(-1)) {
      if (this.#source.startsWith('</', this.#at)) {
        const [, prefix = '', local = ''] = this.#need(endTag, 'tag without its end');
        if (prefix !== current.prefix || local !== current.name) throw new XmlError('tags cross each other');
        open.pop();
      } else if (this.#isElement()) {
        const { element, isEmpty } = this.#open(current);
        current.children.push(element);
        if (!isEmpty) open.push(element);
        if (open.length > deepest) throw new XmlError('nested too deeply');
      } else addContent(current.children, this.#content());
    }
    return root.element;
  }

  #isElement(): boolean {
    const next = this.#source[this.#at + 1];
    return this.#source[this.#at] === '<' && next !== '!' && next !== '?';
  }

  #open(parent: XmlElement | null): { element: XmlElement; isEmpty: boolean } {
    this.#count();
    const [, prefix = '', local = ''] = this.#need(startTag, 'no element where one belongs');
    const raw: { prefix: string; name: string; value: string }[] = [];
    for (let match = this.#find(attribute); match; match = this.#find(attribute)) {
      const [, own = '', attributeName = '', double, single] = match;
      if (raw.length >= mostAttributes) throw new XmlError('too many attributes');
      raw.push({ prefix: own, name: attributeName, value: attributeValue(double ?? single ?? '') });
    }
    const [, slash] = this.#need(tagEnd, 'damaged tag');
    const scope = scopeOf(raw, parent?.scope ?? new Map());
    const isDeclaration = (each: { prefix: string; name: string }) =>
      each.prefix === 'xmlns' || (each.prefix === '' && each.name === 'xmlns');
    const attributes = raw
      .filter(each => !isDeclaration(each))
      .map(each => ({ ...each, namespace: each.prefix === '' ? '' : resolve(each.prefix, scope) }));
    checkUnique(attributes);
    const namespace = prefix === '' ? (scope.get('') ?? '') : resolve(prefix, scope);
    const element: XmlElement = {
      kind: 'element',
      prefix,
      name: local,
      namespace,
      attributes,
      scope,
      children: [],
      parent,
    };
    return { element, isEmpty: slash === '/' };
  }

  #content(): XmlNode {
    this.#count();
    const other = this.#other();
    if (other) return other;
    const isData = this.#source.startsWith('<![CDATA[', this.#at);
    const start = isData ? this.#at + 9 : this.#at;
    const end = this.#source.indexOf(isData ? ']]>' : '<', start);
    if (end < 0 || (!isData && end === start)) throw new XmlError('cut off');
    this.#at = isData ? end + 3 : end;
    const text = this.#source.slice(start, end);
    if (!isData && text.includes(']]>')) throw new XmlError(']]> in text');
    return { kind: 'text', text: isData ? text : unescapeText(text) };
  }

  /** A comment or an instruction, if one stands here. */
  #other(): XmlNode | null {
    if (this.#source.startsWith('<!--', this.#at)) {
      const end = this.#source.indexOf('--', this.#at + 4);
      if (end < 0 || this.#source[end + 2] !== '>') throw new XmlError('damaged comment');
      const text = this.#source.slice(this.#at + 4, end);
      this.#at = end + 3;
      return { kind: 'comment', text };
    }
    if (this.#source.startsWith('<!', this.#at) && !this.#source.startsWith('<![CDATA[', this.#at))
      throw new XmlError('document types are refused');
    if (!this.#source.startsWith('<?', this.#at)) return null;
    const [, target = '', text = ''] = this.#need(instruction, 'damaged instruction');
    if (target.toLowerCase() === 'xml') throw new XmlError('a second declaration');
    return { kind: 'instruction', target, text };
  }

  #misc(): XmlNode[] {
    const found: XmlNode[] = [];
    for (;;) {
      this.#find(/[ \t\n]*/y);
      const node = this.#other();
      if (!node) return found;
      this.#count();
      found.push(node);
    }
  }

  #count(): void {
    this.#nodes += 1;
    if (this.#nodes > mostNodes) throw new XmlError('too many elements');
  }

  #find(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #need(pattern: RegExp, problem: string): RegExpExecArray {
    const match = this.#find(pattern);
    if (!match) throw new XmlError(problem);
    return match;
  }
}

/** Text and CDATA that follow each other are one text (XPath 1.0 section 5.7), and none is empty. */
function addContent(children: XmlNode[], node: XmlNode): void {
  const last = children.at(-1);
  if (node.kind !== 'text') children.push(node);
  else if (last?.kind === 'text') last.text += node.text;
  else if (node.text !== '') children.push(node);
}

function scopeOf(
  attributes: { prefix: string; name: string; value: string }[],
  outer: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const { prefix, name: local, value } of attributes) {
    const isDefault = prefix === '' && local === 'xmlns';
    if (!isDefault && prefix !== 'xmlns') continue;
    const declared = isDefault ? '' : local;
    if (own.has(declared)) throw new XmlError('a namespace declared twice');
    if (declared === 'xmlns' || value === xmlnsNamespace || (declared === 'xml') !== (value === xmlNamespace))
      throw new XmlError('a reserved namespace');
    if (declared !== '' && value === '') throw new XmlError('a prefix without namespace');
    own.set(declared, value);
  }
  own.delete('xml');
  return own.size === 0 ? outer : new Map([...outer, ...own]);
}

function resolve(prefix: string, scope: ReadonlyMap<string, string>): string {
  const namespace = prefix === 'xml' ? xmlNamespace : scope.get(prefix);
  if (namespace === undefined) throw new XmlError('a prefix without namespace');
  return namespace;
}

function checkUnique(attributes: XmlAttribute[]): void {
  const names = new Set(attributes.map(({ namespace, name: local }) => `${namespace} ${local}`));
  if (names.size !== attributes.length) throw new XmlError('an attribute twice');
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7});|#x([0-9A-Fa-f]{1,6});|(\w+);)?/g, (_, decimal, hex, entity) => {
    if (entity === undefined) return numbered(decimal, hex);
    const character = entities[String(entity)];
    if (character === undefined) throw new XmlError('an unknown entity');
    return character;
  });
}

function numbered(decimal: unknown, hex: unknown): string {
  const code = decimal !== undefined ? Number(decimal) : Number.parseInt(String(hex), 16);
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0x10ffff);
  if (!allowed || (code >= 0xd800 && code <= 0xdfff) || forbidden.test(String.fromCodePoint(code)))
    throw new XmlError('a character that XML forbids');
  return String.fromCodePoint(code);
}

/** XML 1.0 section 3.3.3: white space that stands as itself becomes a blank. */
function attributeValue(raw: string): string {
  return unescapeText(raw.replace(/[\t\n]/g, ' '));
}

/** The text with line ends of one kind (XML 1.0 section 2.11). */
function decode(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 200))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  const wide = bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : bytes[0] === 0xff ? 'utf-16le' : null;
  const encoding = wide ?? declaration.exec(start)?.[1] ?? 'utf-8';
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError)
      throw new XmlError('not in its encoding', { cause });
    throw cause;
  }
  if (forbidden.test(text)) throw new XmlError('a character that XML forbids');
  return text.replace(/\r\n?/g, '\n');
}
