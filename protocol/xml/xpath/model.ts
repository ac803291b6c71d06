import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from '../nodes.ts';
import { xmlNamespace } from '../parse.ts';

/** A function or a variable that XPath 1.0 and XML signatures do not know, or more work than is done here: what is meant cannot be told. */
export class UnsupportedPath extends Error {
  override readonly name = 'UnsupportedPath';
}

/** What all questions about one document may cost together: a crafted expression must not keep a processor busy. */
export class Effort {
  #left = 30_000_000;

  /** @throws UnsupportedPath when too much was asked */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new UnsupportedPath('an expression that takes too long');
  }
}

/** A node as XPath knows it (XPath 1.0 section 5). Not for elements: children, attributes and namespaces are empty. */
export interface PathNode {
  kind: 'root' | 'element' | 'attribute' | 'namespace' | 'text' | 'comment' | 'instruction';
  /** Its place in the order of the document. */
  order: number;
  parent: PathNode | null;
  children: PathNode[];
  attributes: PathNode[];
  namespaces: PathNode[];
  /** Local name, prefix of a namespace, target of an instruction; else ''. */
  name: string;
  prefix: string;
  namespace: string;
  /** Text of its own; elements and the root have what is below them. */
  text: string;
  /** What it stands for; null for the root and for namespaces. */
  source: XmlNode | XmlAttribute | null;
  effort: Effort;
}

/** Namespaces hold on every element, so that a small document may have many nodes. */
const mostNodes = 500_000;

/** All nodes of a document in its order; the root is the first. @throws UnsupportedPath when there are too many */
export function pathNodesOf(document: XmlDocument): PathNode[] {
  const nodes: PathNode[] = [];
  const effort = new Effort();
  const add = (parent: PathNode | null, own: Partial<PathNode> & Pick<PathNode, 'kind'>): PathNode => {
    if (nodes.length >= mostNodes) throw new UnsupportedPath('too many nodes');
    const node: PathNode = {
      order: nodes.length,
      parent,
      children: [],
      attributes: [],
      namespaces: [],
      name: '',
      prefix: '',
      namespace: '',
      text: '',
      source: null,
      effort,
      ...own,
    };
    nodes.push(node);
    return node;
  };
  const addElement = (element: XmlElement, parent: PathNode): void => {
    const { prefix, name, namespace } = element;
    const node = add(parent, { kind: 'element', prefix, name, namespace, source: element });
    parent.children.push(node);
    for (const [declared, text] of [...element.scope, ['xml', xmlNamespace] as const])
      if (text !== '') node.namespaces.push(add(node, { kind: 'namespace', name: declared, text }));
    for (const attribute of element.attributes) {
      const { value: text, ...own } = attribute;
      node.attributes.push(add(node, { ...own, kind: 'attribute', text, source: attribute }));
    }
    for (const child of element.children) addNode(child, node);
  };
  const addNode = (source: XmlNode, parent: PathNode): void => {
    if (source.kind === 'element') addElement(source, parent);
    else {
      const name = source.kind === 'instruction' ? source.target : '';
      parent.children.push(add(parent, { kind: source.kind, name, text: source.text, source }));
    }
  };
  const root = add(null, { kind: 'root' });
  for (const node of [...document.before, document.root, ...document.after]) addNode(node, root);
  return nodes;
}

/** Whether the second is the first or lies below it; attributes and namespaces lie below their element. */
export function isWithin(outer: PathNode, inner: PathNode): boolean {
  for (let node: PathNode | null = inner; node; node = node.parent) if (node === outer) return true;
  return false;
}

/** The node and all below it, without attributes and namespaces, in the order of the document. */
export function* withDescendants(node: PathNode): Generator<PathNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    node.effort.spend(1);
    yield next;
    for (let place = next.children.length - 1; place >= 0; place -= 1) {
      const child = next.children[place];
      if (child) waiting.push(child);
    }
  }
}

/** String-value (section 5). */
export function textOfNode(node: PathNode): string {
  if (node.kind !== 'element' && node.kind !== 'root') return node.text;
  const texts: string[] = [];
  for (const each of withDescendants(node)) if (each.kind === 'text') texts.push(each.text);
  const text = texts.join('');
  node.effort.spend(text.length >> 4);
  return text;
}
