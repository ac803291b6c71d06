import { XmlError } from '../nodes.ts';
import { xmlNamespace } from '../parse.ts';
import { type Token, tokensOf } from './tokens.ts';

/** An expression of XPath 1.0 (W3C recommendation of 1999), taken apart. */
export type Expression =
  | { kind: 'value'; value: number | string }
  | { kind: 'call'; name: string; given: Expression[] }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression }
  | { kind: 'negated'; operand: Expression }
  | { kind: 'filter'; base: Expression; predicates: Expression[] }
  /** `from` is where its first step begins: at the root, at the context, or at what an expression gives. */
  | { kind: 'path'; from: 'root' | 'context' | Expression; steps: Step[] };

export interface Step {
  axis: Axis;
  test: NodeTest;
  predicates: Expression[];
}

export type NodeTest =
  /** Null is any. */
  | { kind: 'name'; namespace: string | null; name: string | null }
  | { kind: 'type'; type: 'node' | 'text' | 'comment' | 'instruction'; target: string | null };

const axes = [
  'ancestor',
  'ancestor-or-self',
  'attribute',
  'child',
  'descendant',
  'descendant-or-self',
  'following',
  'following-sibling',
  'namespace',
  'parent',
  'preceding',
  'preceding-sibling',
  'self',
] as const;
export type Axis = (typeof axes)[number];

/** From the loosest to the tightest (section 3.4 and 3.5). */
const levels = [['or'], ['and'], ['=', '!='], ['<', '<=', '>', '>='], ['+', '-'], ['*', 'div', 'mod']];
const nodeTypes: Readonly<Record<string, 'node' | 'text' | 'comment' | 'instruction'>> = {
  node: 'node',
  text: 'text',
  comment: 'comment',
  'processing-instruction': 'instruction',
};
const everything: NodeTest = { kind: 'type', type: 'node', target: null };
const anyBelow: Step = { axis: 'descendant-or-self', test: everything, predicates: [] };
const longest = 20_000;
const deepest = 50;

/** Reads an expression; prefixes mean what `scope` says. @throws XmlError */
export function parseExpression(text: string, scope: ReadonlyMap<string, string>): Expression {
  if (text.length > longest) throw new XmlError('an XPath expression that is too long');
  const reader = new Reader(tokensOf(text), scope);
  const expression = reader.expression();
  reader.end();
  return expression;
}

class Reader {
  readonly #tokens: Token[];
  readonly #scope: ReadonlyMap<string, string>;
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[], scope: ReadonlyMap<string, string>) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  end(): void {
    if (this.#at !== this.#tokens.length) throw this.#broken();
  }

  expression(): Expression {
    this.#depth += 1;
    if (this.#depth > deepest) throw new XmlError('an XPath expression that is nested too deeply');
    const expression = this.#binary(0);
    this.#depth -= 1;
    return expression;
  }

  #binary(level: number): Expression {
    const operators = levels[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (let operator = this.#skip(...operators); operator; operator = this.#skip(...operators))
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    return left;
  }

  #unary(): Expression {
    let minuses = 0;
    while (this.#skip('-')) minuses += 1;
    let operand = this.#path();
    while (this.#skip('|')) operand = { kind: 'binary', operator: '|', left: operand, right: this.#path() };
    for (; minuses > 0; minuses -= 1) operand = { kind: 'negated', operand };
    return operand;
  }

  #path(): Expression {
    if (this.#skip('//')) return { kind: 'path', from: 'root', steps: [anyBelow, ...this.#steps()] };
    if (this.#skip('/'))
      return { kind: 'path', from: 'root', steps: this.#startsStep() ? this.#steps() : [] };
    if (!this.#startsPrimary()) return { kind: 'path', from: 'context', steps: this.#steps() };
    const primary = this.#primary();
    const predicates = this.#predicates();
    const base: Expression = predicates.length > 0 ? { kind: 'filter', base: primary, predicates } : primary;
    const separator = this.#skip('/', '//');
    if (!separator) return base;
    return { kind: 'path', from: base, steps: [...(separator === '//' ? [anyBelow] : []), ...this.#steps()] };
  }

  #steps(): Step[] {
    const steps = [this.#step()];
    for (let separator = this.#skip('/', '//'); separator; separator = this.#skip('/', '//'))
      steps.push(...(separator === '//' ? [anyBelow] : []), this.#step());
    return steps;
  }

  #step(): Step {
    if (this.#skip('.')) return { axis: 'self', test: everything, predicates: [] };
    if (this.#skip('..')) return { axis: 'parent', test: everything, predicates: [] };
    const axis = this.#skip('@') ? 'attribute' : this.#axis();
    return { axis, test: this.#test(), predicates: this.#predicates() };
  }

  #axis(): Axis {
    const [name, sign] = [this.#peek(), this.#peek(1)];
    if (name?.kind !== 'name' || sign?.kind !== 'sign' || sign.text !== '::') return 'child';
    const axis = axes.find(each => name.prefix === null && each === name.name);
    if (!axis) throw this.#broken();
    this.#at += 2;
    return axis;
  }

  #test(): NodeTest {
    const token = this.#take();
    if (token.kind !== 'name') throw this.#broken();
    const { prefix, name } = token;
    const type = prefix === null && this.#isSign('(') ? nodeTypes[name] : undefined;
    if (type) {
      this.#need('(');
      const next = this.#peek();
      const target = type === 'instruction' && next?.kind === 'literal' ? next.value : null;
      if (target !== null) this.#at += 1;
      this.#need(')');
      return { kind: 'type', type, target };
    }
    const namespace = prefix === null ? (name === '*' ? null : '') : this.#namespace(prefix);
    return { kind: 'name', namespace, name: name === '*' ? null : name };
  }

  #namespace(prefix: string): string {
    const namespace = prefix === 'xml' ? xmlNamespace : this.#scope.get(prefix);
    if (namespace === undefined) throw new XmlError('an XPath expression with an unknown prefix');
    return namespace;
  }

  #predicates(): Expression[] {
    const predicates: Expression[] = [];
    while (this.#skip('[')) {
      predicates.push(this.expression());
      this.#need(']');
    }
    return predicates;
  }

  #primary(): Expression {
    const token = this.#take();
    if (token.kind === 'number' || token.kind === 'literal') return { kind: 'value', value: token.value };
    if (token.kind === 'sign') {
      const expression = this.expression();
      this.#need(')');
      return expression;
    }
    if (token.kind === 'variable') return { kind: 'call', name: '$', given: [] };
    const name = token.prefix === null ? token.name : `${token.prefix}:${token.name}`;
    this.#need('(');
    const given: Expression[] = [];
    while (!this.#skip(')')) {
      if (given.length > 0) this.#need(',');
      given.push(this.expression());
    }
    return { kind: 'call', name, given };
  }

  /** A function, a literal, a bracket: what is not a step. */
  #startsPrimary(): boolean {
    const token = this.#peek();
    if (token?.kind === 'sign') return token.text === '(';
    if (token?.kind !== 'name') return token !== undefined;
    return this.#isSign('(', 1) && !(token.prefix === null && token.name in nodeTypes);
  }

  #startsStep(): boolean {
    const token = this.#peek();
    if (token?.kind === 'sign') return ['.', '..', '@'].includes(token.text);
    return token?.kind === 'name';
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #take(): Token {
    const token = this.#peek();
    if (!token) throw this.#broken();
    this.#at += 1;
    return token;
  }

  #isSign(text: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token?.kind === 'sign' && token.text === text;
  }

  #skip(...signs: string[]): string | undefined {
    const found = signs.find(sign => this.#isSign(sign));
    if (found !== undefined) this.#at += 1;
    return found;
  }

  #need(sign: string): void {
    if (!this.#skip(sign)) throw this.#broken();
  }

  #broken(): XmlError {
    return new XmlError('not an XPath expression');
  }
}
