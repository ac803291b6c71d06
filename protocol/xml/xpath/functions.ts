import { XmlError } from '../nodes.ts';
import { xmlNamespace } from '../parse.ts';
import type { PathContext } from './evaluate.ts';
import type { Expression } from './grammar.ts';
import { type PathNode, textOfNode, UnsupportedPath } from './model.ts';
import { isNodes, type PathValue, toBoolean, toNumber, toText } from './values.ts';

interface FunctionRow {
  /** The fewest and the most arguments. */
  given: readonly [number, number];
  /** Whether it asks for the place where it stands: always, or only without arguments. */
  context?: 'always' | 'without-arguments';
  call(given: readonly PathValue[], context: PathContext): PathValue;
}

/** The node of which a function speaks: the first of the nodes given, or the context's. */
function subject(given: readonly PathValue[], { node }: PathContext): PathNode | undefined {
  const [nodes] = given;
  if (nodes === undefined) return node;
  if (!isNodes(nodes)) throw new XmlError('an XPath function of nodes without nodes');
  return nodes[0];
}

const textAt = (given: readonly PathValue[], place: number): string => toText(given[place] ?? '');
const ownText = (given: readonly PathValue[], { node }: PathContext): string =>
  given.length > 0 ? textAt(given, 0) : textOfNode(node);
const own = { given: [0, 1], context: 'without-arguments' } as const;
const ofNumber = (calculate: (value: number) => number): FunctionRow => ({
  given: [1, 1],
  call: ([value = 0]) => calculate(toNumber(value)),
});

/** The core library (XPath 1.0 section 4), and `here` of XMLDSig 1.1 section 6.6.3.1. */
const functions: Readonly<Record<string, FunctionRow>> = {
  last: { given: [0, 0], context: 'always', call: (_, { size }) => size },
  position: { given: [0, 0], context: 'always', call: (_, { position }) => position },
  count: { given: [1, 1], call: given => nodesIn(given).length },
  id: { given: [1, 1], call: byId },
  'local-name': { ...own, call: (given, context) => subject(given, context)?.name ?? '' },
  'namespace-uri': { ...own, call: (given, context) => subject(given, context)?.namespace ?? '' },
  name: { ...own, call: (given, context) => qualifiedName(subject(given, context)) },
  string: { ...own, call: ownText },
  concat: { given: [2, 1000], call: given => given.map(toText).join('') },
  'starts-with': { given: [2, 2], call: given => textAt(given, 0).startsWith(textAt(given, 1)) },
  contains: { given: [2, 2], call: given => textAt(given, 0).includes(textAt(given, 1)) },
  'substring-before': { given: [2, 2], call: given => split(given)?.before ?? '' },
  'substring-after': { given: [2, 2], call: given => split(given)?.after ?? '' },
  substring: { given: [2, 3], call: substring },
  'string-length': { ...own, call: (given, context) => [...ownText(given, context)].length },
  'normalize-space': {
    ...own,
    call: (given, context) =>
      ownText(given, context)
        .replace(/[ \t\r\n]+/g, ' ')
        .replace(/^ | $/g, ''),
  },
  translate: { given: [3, 3], call: translate },
  boolean: { given: [1, 1], call: ([value = false]) => toBoolean(value) },
  not: { given: [1, 1], call: ([value = false]) => !toBoolean(value) },
  true: { given: [0, 0], call: () => true },
  false: { given: [0, 0], call: () => false },
  lang: { given: [1, 1], context: 'always', call: isInLanguage },
  number: { ...own, call: (given, { node }) => toNumber(given[0] ?? [node]) },
  sum: { given: [1, 1], call: given => nodesIn(given).reduce((sum, node) => sum + toNumber([node]), 0) },
  floor: ofNumber(Math.floor),
  ceiling: ofNumber(Math.ceil),
  round: ofNumber(Math.round),
  here: { given: [0, 0], call: here },
};

/** @throws UnsupportedPath @throws XmlError */
export function callFunction(name: string, given: readonly PathValue[], context: PathContext): PathValue {
  const row = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!row) throw new UnsupportedPath(name);
  if (given.length < row.given[0] || given.length > row.given[1])
    throw new XmlError('an XPath function with other arguments than it has');
  // Texts are read through once or a few times.
  context.node.effort.spend(
    given.reduce<number>((sum, each) => sum + (typeof each === 'string' ? each.length >> 4 : 0), 0),
  );
  return row.call(given, context);
}

const knownFree = new WeakMap<Expression, boolean>();

/** Whether an expression gives the same everywhere in a document. */
export function isContextFree(expression: Expression): boolean {
  const known = knownFree.get(expression);
  if (known !== undefined) return known;
  const isFree = asksNothing(expression);
  knownFree.set(expression, isFree);
  return isFree;
}

function asksNothing(expression: Expression): boolean {
  switch (expression.kind) {
    case 'value':
      return true;
    case 'negated':
      return isContextFree(expression.operand);
    case 'binary':
      return isContextFree(expression.left) && isContextFree(expression.right);
    case 'filter':
      // Its predicates have contexts of their own.
      return isContextFree(expression.base);
    case 'path':
      return expression.from === 'root' || (expression.from !== 'context' && isContextFree(expression.from));
    case 'call': {
      const { context } = functions[expression.name] ?? { context: 'always' };
      const asks = context === 'always' || (context === 'without-arguments' && expression.given.length === 0);
      return !asks && expression.given.every(isContextFree);
    }
  }
}

function nodesIn([nodes]: readonly PathValue[]): readonly PathNode[] {
  if (nodes === undefined || !isNodes(nodes)) throw new XmlError('an XPath function of nodes without nodes');
  return nodes;
}

/** Section 4.1: the elements whose identifiers are named, blanks between them. */
function byId([value = '']: readonly PathValue[], { environment }: PathContext): PathValue {
  const texts = isNodes(value) ? value.map(textOfNode) : [toText(value)];
  const names = texts.flatMap(text => text.split(/[ \t\r\n]+/)).filter(name => name !== '');
  const found = new Set(names.flatMap(name => environment.byId(name)));
  return [...found].sort((one, other) => one.order - other.order);
}

function here(_: readonly PathValue[], { environment }: PathContext): PathValue {
  if (!environment.here) throw new XmlError('here() in another document than its own');
  return [environment.here];
}

function qualifiedName(node: PathNode | undefined): string {
  if (!node) return '';
  return node.prefix === '' ? node.name : `${node.prefix}:${node.name}`;
}

function split(given: readonly PathValue[]): { before: string; after: string } | undefined {
  const [text, mark] = [textAt(given, 0), textAt(given, 1)];
  const at = text.indexOf(mark);
  return at < 0 ? undefined : { before: text.slice(0, at), after: text.slice(at + mark.length) };
}

/** Section 4.2: positions count characters from 1 and are rounded; comparisons with NaN keep nothing. */
function substring([text = '', from = 0, length]: readonly PathValue[]): string {
  const first = Math.round(toNumber(from));
  const end = length === undefined ? Number.POSITIVE_INFINITY : first + Math.round(toNumber(length));
  return [...toText(text)].filter((_, place) => place + 1 >= first && place + 1 < end).join('');
}

function translate([text = '', from = '', to = '']: readonly PathValue[]): string {
  const targets = [...toText(to)];
  const table = new Map<string, string>();
  for (const [place, each] of [...toText(from)].entries())
    if (!table.has(each)) table.set(each, targets[place] ?? '');
  return [...toText(text)].map(each => table.get(each) ?? each).join('');
}

/** Section 4.3: by the nearest `xml:lang`, also of a language of which it is a dialect. */
function isInLanguage([language = '']: readonly PathValue[], { node }: PathContext): boolean {
  for (let above: PathNode | null = node; above; above = above.parent) {
    const named = above.attributes.find(each => each.namespace === xmlNamespace && each.name === 'lang');
    if (!named) continue;
    const [own, wish] = [named.text.toLowerCase(), toText(language).toLowerCase()];
    return own === wish || own.startsWith(`${wish}-`);
  }
  return false;
}
