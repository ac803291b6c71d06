import { XmlError } from '../nodes.ts';

/** One token of an expression (XPath 1.0 section 3.7). */
export type Token =
  | { kind: 'number'; value: number }
  | { kind: 'literal'; value: string }
  | { kind: 'variable' }
  /** Brackets, commas, `@`, `..`, `::` and operators, those with names too. */
  | { kind: 'sign'; text: string }
  /** A name test, an axis or a function; `name` is `*` for any. */
  | { kind: 'name'; prefix: string | null; name: string };

const ncName = '[\\p{L}_][\\p{L}\\p{N}\\p{M}_.\\u00b7-]*';
const blanks = /[ \t\r\n]*/y;
const patterns = {
  number: /\d+(?:\.\d*)?|\.\d+/y,
  literal: /"([^"]*)"|'([^']*)'/y,
  variable: new RegExp(`\\$(?:${ncName}:)?${ncName}`, 'uy'),
  sign: /::|\.\.|\/\/|!=|<=|>=|[()[\].@,/|+\-=<>]/y,
  name: new RegExp(`(?:(${ncName}):(?!:))?(${ncName}|\\*)`, 'uy'),
};
const namedOperators = new Set(['and', 'or', 'mod', 'div']);
const beforeOperands = new Set([
  '@',
  '::',
  '(',
  '[',
  ',',
  '/',
  '//',
  '|',
  '+',
  '-',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);

/** @throws XmlError */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(expression);
    if (found) at = pattern.lastIndex;
    return found;
  };
  for (match(blanks); at < expression.length; match(blanks)) {
    const token = tokenAt(match);
    tokens.push(isOperator(token, tokens.at(-1)) ? { kind: 'sign', text: token.name } : token);
  }
  return tokens;
}

function tokenAt(match: (pattern: RegExp) => RegExpExecArray | null): Token {
  const number = match(patterns.number);
  if (number) return { kind: 'number', value: Number(number[0]) };
  const literal = match(patterns.literal);
  if (literal) return { kind: 'literal', value: literal[1] ?? literal[2] ?? '' };
  if (match(patterns.variable)) return { kind: 'variable' };
  const sign = match(patterns.sign);
  if (sign) return { kind: 'sign', text: sign[0] };
  const [, prefix = null, name] = match(patterns.name) ?? [];
  if (name === undefined) throw new XmlError('not an XPath expression');
  return { kind: 'name', prefix, name };
}

/** Section 3.7: after an operand `*` multiplies, and `and`, `or`, `mod`, `div` are operators. */
function isOperator(token: Token, before: Token | undefined): token is Token & { kind: 'name' } {
  if (token.kind !== 'name' || token.prefix !== null) return false;
  if (token.name !== '*' && !namedOperators.has(token.name)) return false;
  if (before === undefined) return false;
  return (
    before.kind !== 'sign' ||
    !(beforeOperands.has(before.text) || namedOperators.has(before.text) || before.text === '*')
  );
}
