import { XmlError } from '../nodes.ts';
import { axisOf, fitsTest } from './axes.ts';
import { callFunction, isContextFree } from './functions.ts';
import type { Expression, Step } from './grammar.ts';
import type { PathNode } from './model.ts';
import { compares, isNodes, type PathValue, toBoolean, toNumber } from './values.ts';

/** Where an expression is evaluated (XPath 1.0 section 1). */
export interface PathContext {
  node: PathNode;
  position: number;
  size: number;
  environment: PathEnvironment;
}

/** What is the same for a whole evaluation. */
export interface PathEnvironment {
  root: PathNode;
  /** The element that bears the expression (XMLDSig 1.1 section 6.6.3.1), null when it is not in this document. */
  here: PathNode | null;
  /** The elements with an identifier. */
  byId(id: string): PathNode[];
  /** What parts of the expression give that do not depend on the context. */
  known: Map<Expression, PathValue>;
}

/** @throws XmlError @throws UnsupportedPath */
export function evaluate(expression: Expression, context: PathContext): PathValue {
  const { known } = context.environment;
  const found = known.get(expression);
  if (found !== undefined) return found;
  const value = evaluated(expression, context);
  if (isContextFree(expression)) known.set(expression, value);
  return value;
}

function evaluated(expression: Expression, context: PathContext): PathValue {
  context.node.effort.spend(1);
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'negated':
      return -toNumber(evaluate(expression.operand, context));
    case 'binary':
      return binary(expression, context);
    case 'call':
      return callFunction(
        expression.name,
        expression.given.map(each => evaluate(each, context)),
        context,
      );
    case 'filter':
      return expression.predicates.reduce<readonly PathNode[]>(
        (nodes, predicate) => filtered(nodes, predicate, context),
        nodesOf(evaluate(expression.base, context)),
      );
    case 'path':
      return expression.steps.reduce<readonly PathNode[]>(
        (nodes, step) => stepped(nodes, step, context),
        startOf(expression.from, context),
      );
  }
}

function startOf(from: (Expression & { kind: 'path' })['from'], context: PathContext): readonly PathNode[] {
  if (from === 'root') return [context.environment.root];
  return from === 'context' ? [context.node] : nodesOf(evaluate(from, context));
}

function binary(expression: Expression & { kind: 'binary' }, context: PathContext): PathValue {
  const { operator } = expression;
  const left = evaluate(expression.left, context);
  if (operator === 'or' && toBoolean(left)) return true;
  if (operator === 'and' && !toBoolean(left)) return false;
  const right = evaluate(expression.right, context);
  if (operator === 'or' || operator === 'and') return toBoolean(right);
  if (operator === '|') return inOrder(new Set([...nodesOf(left), ...nodesOf(right)]));
  const calculate = calculations[operator];
  if (calculate) return calculate(toNumber(left), toNumber(right));
  if (isNodes(left) && isNodes(right)) context.node.effort.spend(left.length * right.length);
  return compares(operator, left, right);
}

/** Section 3.5; the rest of a division has the sign of what is divided, as in JavaScript. */
const calculations: Readonly<Record<string, (one: number, other: number) => number>> = {
  '+': (one, other) => one + other,
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  div: (one, other) => one / other,
  mod: (one, other) => one % other,
};

function stepped(nodes: readonly PathNode[], step: Step, context: PathContext): PathNode[] {
  const found = new Set<PathNode>();
  for (const node of nodes) {
    const onAxis: PathNode[] = [];
    for (const each of axisOf(step.axis, node)) {
      node.effort.spend(1);
      if (fitsTest(each, step.test, step.axis)) onAxis.push(each);
    }
    const kept = step.predicates.reduce<readonly PathNode[]>(
      (left, predicate) => filtered(left, predicate, context),
      onAxis,
    );
    for (const each of kept) found.add(each);
  }
  return inOrder(found);
}

/** Section 3.3: a number means a position, anything else is true or false. */
function filtered(
  nodes: readonly PathNode[],
  predicate: Expression,
  context: PathContext,
): readonly PathNode[] {
  return nodes.filter((node, place) => {
    const position = place + 1;
    const value = evaluate(predicate, { ...context, node, position, size: nodes.length });
    return typeof value === 'number' ? value === position : toBoolean(value);
  });
}

function nodesOf(value: PathValue): readonly PathNode[] {
  if (!isNodes(value)) throw new XmlError('an XPath expression that gives no nodes where nodes are asked');
  return value;
}

function inOrder(nodes: Iterable<PathNode>): PathNode[] {
  return [...nodes].sort((one, other) => one.order - other.order);
}
