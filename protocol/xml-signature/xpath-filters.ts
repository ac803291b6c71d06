import type { Selection } from '../xml/canonical.ts';
import {
  attributeOf,
  childrenNamed,
  textOf,
  type XmlAttribute,
  type XmlElement,
  XmlError,
  type XmlNode,
} from '../xml/nodes.ts';
import { evaluate, type PathContext } from '../xml/xpath/evaluate.ts';
import { parseExpression } from '../xml/xpath/grammar.ts';
import { isWithin, type PathNode, pathNodesOf, withDescendants } from '../xml/xpath/model.ts';
import { isNodes, toBoolean } from '../xml/xpath/values.ts';
import { namespaces } from './names.ts';
import type { Part } from './parts.ts';

/** Finds elements by their identifier. */
export type ById = (id: string) => XmlElement[];

/**
 * The XPath filter of XMLDSig 1.1 section 6.6.3: the nodes of the part for which the expression is true.
 * @throws XmlError @throws UnsupportedPath
 */
export function filteredByXPath(part: Part, transform: XmlElement, byId: ById): Part {
  const [element, ...others] = childrenNamed(transform, namespaces.signature, 'XPath');
  if (!element || others.length > 0) throw new XmlError('a filter without its expression');
  const nodes = pathNodesOf(part.document);
  const context = contextOf(nodes, element, byId);
  const expression = parseExpression(textOf(element), element.scope);
  const kept = nodesOfPart(part, nodes).filter(node => toBoolean(evaluate(expression, { ...context, node })));
  return withSelection(part, kept);
}

/**
 * XML-Signature XPath Filter 2.0: whole branches of the document are added, taken away or kept, and what of the
 * part is left among these. @throws XmlError @throws UnsupportedPath
 */
export function filteredByBranches(part: Part, transform: XmlElement, byId: ById): Part {
  const steps = childrenNamed(transform, namespaces.filter2, 'XPath');
  if (steps.length === 0) throw new XmlError('a filter without its expression');
  const nodes = pathNodesOf(part.document);
  let left = new Set(nodes);
  for (const element of steps) {
    const context = contextOf(nodes, element, byId);
    const found = evaluate(parseExpression(textOf(element), element.scope), context);
    if (!isNodes(found)) throw new XmlError('a filter that gives no nodes');
    left = combined(left, branches(found), attributeOf(element, 'Filter'));
  }
  return withSelection(
    part,
    nodesOfPart(part, nodes).filter(node => left.has(node)),
  );
}

function combined(left: Set<PathNode>, found: Set<PathNode>, filter: string | null): Set<PathNode> {
  if (filter === 'intersect') return new Set([...left].filter(each => found.has(each)));
  if (filter === 'subtract') return new Set([...left].filter(each => !found.has(each)));
  if (filter === 'union') return new Set([...left, ...found]);
  throw new XmlError('a filter of an unknown kind');
}

/** Section 3.4 of Filter 2.0: each node with all that is below it, attributes and namespaces too. */
function branches(nodes: readonly PathNode[]): Set<PathNode> {
  const all = new Set<PathNode>();
  for (const top of nodes) {
    if (all.has(top)) continue;
    for (const node of withDescendants(top))
      for (const each of [node, ...node.namespaces, ...node.attributes]) all.add(each);
  }
  return all;
}

function contextOf(nodes: readonly PathNode[], bearer: XmlElement, byId: ById): PathContext {
  const [root] = nodes;
  if (!root) throw new TypeError('a document without nodes');
  const known = new Map(nodes.map(node => [node.source, node]));
  const nodesOf = (elements: XmlElement[]) => elements.flatMap(element => known.get(element) ?? []);
  const environment = {
    root,
    here: known.get(bearer) ?? null,
    byId: (id: string) => nodesOf(byId(id)),
    known: new Map(),
  };
  return { node: root, position: 1, size: 1, environment };
}

/** The nodes of a part among all of its document. */
function nodesOfPart(part: Part, nodes: readonly PathNode[]): PathNode[] {
  const { apex, isWhole, omitted, selection } = part;
  const top = isWhole ? nodes[0] : nodes.find(({ source }) => source === apex);
  const out = new Set<PathNode>();
  return nodes.filter(node => {
    const { parent, source, kind } = node;
    // Parents come before what is below them.
    const isOut =
      (parent !== null && out.has(parent)) || (kind === 'element' && isElement(source) && omitted(source));
    if (isOut) out.add(node);
    if (isOut || top === undefined || !isWithin(top, node)) return false;
    if (kind === 'comment' && !part.comments) return false;
    return selection === null || isSelected(node, selection);
  });
}

function isSelected({ kind, parent, name, source }: PathNode, selection: Selection): boolean {
  if (kind === 'root') return true;
  if (source) return selection.nodes.has(source);
  const owner = parent?.source;
  return isElement(owner) && selection.namespaces.get(owner)?.has(name) === true;
}

function withSelection(part: Part, kept: readonly PathNode[]): Part {
  const nodes = new Set<XmlNode | XmlAttribute>();
  const held = new Map<XmlElement, Set<string>>();
  for (const { kind, source, parent, name } of kept) {
    if (source) nodes.add(source);
    const owner = parent?.source;
    if (kind !== 'namespace' || !isElement(owner)) continue;
    const prefixes = held.get(owner) ?? new Set();
    held.set(owner, prefixes.add(name));
  }
  return { ...part, omitted: () => false, selection: { nodes, namespaces: held } };
}

function isElement(source: PathNode['source'] | undefined): source is XmlElement {
  return source !== null && source !== undefined && 'kind' in source && source.kind === 'element';
}
