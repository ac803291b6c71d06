import { malformed } from './malformed.ts';

/** An XML element with its namespace resolved. Attributes carry no namespace; `text` is of this element only. */
export interface XmlElement {
  namespace: string;
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
}

const namePattern = '[A-Za-z_][\\w.-]*';
const tokenPattern = new RegExp(
  `<(?<close>/)?(?:(?<prefix>${namePattern}):)?(?<name>${namePattern})(?<attributes>(?:\\s+[\\w:.-]+\\s*=\\s*(?:"[^"<]*"|'[^'<]*'))*)\\s*(?<empty>/)?>|(?<text>[^<]+)`,
  'uy',
);
const attributePattern = /(?<name>[\w:.-]+)\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/gu;
const declaration =
  /^<\?xml version=["']1\.0["'](?: encoding=["'](?:UTF|utf)-8["'])?(?: standalone=["'](?:yes|no)["'])?\s*\?>/u;
const deepest = 16;

interface Open {
  element: XmlElement;
  tag: string;
  namespaces: ReadonlyMap<string, string>;
}

/**
 * Reads the small XML of a signature container. Document types, entities, comments, CDATA sections and
 * processing instructions are refused: none belongs there, and each has been an attack somewhere.
 * @throws AppError `package.malformed`
 */
export function readXml(bytes: Uint8Array): XmlElement {
  const source = decode(bytes).replace(declaration, '').trim();
  const root: XmlElement = { namespace: '', name: '', attributes: new Map(), children: [], text: '' };
  const open: Open[] = [{ element: root, tag: '', namespaces: new Map() }];
  const tokens = new RegExp(tokenPattern);
  while (tokens.lastIndex < source.length) {
    const groups = tokens.exec(source)?.groups;
    const parent = open.at(-1);
    if (!groups || !parent) throw malformed('manifest-xml');
    if (groups.text !== undefined) parent.element.text += unescapeText(groups.text);
    else if (groups.close) close(open, groups);
    else enter(open, parent, groups);
  }
  const [only, ...others] = root.children;
  if (open.length !== 1 || !only || others.length > 0 || root.text !== '') throw malformed('manifest-xml');
  return only;
}

type Groups = Record<string, string | undefined>;

function enter(open: Open[], parent: Open, groups: Groups): void {
  const namespaces = new Map(parent.namespaces);
  const attributes = new Map<string, string>();
  const seen = new Set<string>();
  for (const match of (groups.attributes ?? '').matchAll(attributePattern)) {
    const { name = '', double, single } = match.groups ?? {};
    const value = unescapeText(double ?? single ?? '');
    if (seen.has(name)) throw malformed('manifest-xml');
    seen.add(name);
    if (name === 'xmlns') namespaces.set('', value);
    else if (name.startsWith('xmlns:')) namespaces.set(name.slice(6), value);
    else attributes.set(name, value);
  }
  const namespace = namespaces.get(groups.prefix ?? '');
  if ((groups.prefix && namespace === undefined) || open.length > deepest) throw malformed('manifest-xml');
  const element: XmlElement = {
    namespace: namespace ?? '',
    name: groups.name ?? '',
    attributes,
    children: [],
    text: '',
  };
  parent.element.children.push(element);
  if (!groups.empty) open.push({ element, tag: tagOf(groups), namespaces });
}

function close(open: Open[], groups: Groups): void {
  const last = open.pop();
  if (last?.tag !== tagOf(groups) || groups.attributes || groups.empty) throw malformed('manifest-xml');
}

function tagOf(groups: Groups): string {
  return `${groups.prefix ?? ''}:${groups.name ?? ''}`;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&(\w+;)?/g, (_, entity: string | undefined) => {
    const character = entities[(entity ?? '').slice(0, -1)];
    if (character === undefined) throw malformed('manifest-xml');
    return character;
  });
}

export function escapeXml(text: string): string {
  return text.replace(
    /[<>&"]/g,
    character => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[character] ?? '&quot;',
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof TypeError) throw malformed('manifest-xml');
    throw cause;
  }
}
