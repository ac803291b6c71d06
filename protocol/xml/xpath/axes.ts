import type { Axis, NodeTest } from './grammar.ts';
import { type PathNode, withDescendants } from './model.ts';

/** Nodes on an axis, the nearest first (XPath 1.0 section 2.2). */
export function* axisOf(axis: Axis, node: PathNode): Generator<PathNode> {
  switch (axis) {
    case 'self':
      yield node;
      return;
    case 'child':
      yield* node.children;
      return;
    case 'attribute':
      yield* node.attributes;
      return;
    case 'namespace':
      yield* node.namespaces;
      return;
    case 'parent':
      if (node.parent) yield node.parent;
      return;
    case 'ancestor':
    case 'ancestor-or-self':
      for (let above = axis === 'ancestor' ? node.parent : node; above; above = above.parent) yield above;
      return;
    case 'descendant':
      for (const child of node.children) yield* withDescendants(child);
      return;
    case 'descendant-or-self':
      yield* withDescendants(node);
      return;
    case 'following-sibling':
      yield* siblings(node).slice(siblings(node).indexOf(node) + 1);
      return;
    case 'preceding-sibling':
      yield* siblings(node)
        .slice(0, Math.max(0, siblings(node).indexOf(node)))
        .reverse();
      return;
    case 'following':
      // What stands after an attribute begins with the children of its element.
      if (isOutside(node)) for (const child of node.parent?.children ?? []) yield* withDescendants(child);
      for (let each = isOutside(node) ? node.parent : node; each; each = each.parent)
        for (const sibling of axisOf('following-sibling', each)) yield* withDescendants(sibling);
      return;
    case 'preceding':
      for (let each = isOutside(node) ? node.parent : node; each; each = each.parent)
        for (const sibling of axisOf('preceding-sibling', each))
          yield* [...withDescendants(sibling)].reverse();
  }
}

function siblings(node: PathNode): PathNode[] {
  return isOutside(node) ? [] : (node.parent?.children ?? []);
}

function isOutside({ kind }: PathNode): boolean {
  return kind === 'attribute' || kind === 'namespace';
}

/** Section 2.3: a name means elements, but attributes and namespaces on their own axes. */
export function fitsTest(node: PathNode, test: NodeTest, axis: Axis): boolean {
  if (test.kind === 'type') {
    if (test.type === 'node') return true;
    return node.kind === test.type && (test.target === null || node.name === test.target);
  }
  const principal = axis === 'attribute' || axis === 'namespace' ? axis : 'element';
  if (node.kind !== principal) return false;
  if (test.namespace !== null && node.namespace !== test.namespace) return false;
  return test.name === null || node.name === test.name;
}
