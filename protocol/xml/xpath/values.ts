import { type PathNode, textOfNode } from './model.ts';

/** What an expression may give; nodes are in the order of the document, none twice. */
export type PathValue = boolean | number | string | readonly PathNode[];

export function isNodes(value: PathValue): value is readonly PathNode[] {
  return typeof value === 'object';
}

export function toBoolean(value: PathValue): boolean {
  if (isNodes(value)) return value.length > 0;
  return typeof value === 'number' ? value !== 0 && !Number.isNaN(value) : Boolean(value);
}

export function toText(value: PathValue): string {
  if (isNodes(value)) return value[0] ? textOfNode(value[0]) : '';
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** XPath 1.0 section 4.4: a number as XPath writes it, without exponent, or else no number. */
export function toNumber(value: PathValue): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const words = toText(value).split(/[ \t\r\n]+/);
  const [text = '', ...more] = words.filter(word => word !== '');
  return more.length === 0 && /^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

/** Section 4.2: never with an exponent, and zero without sign. */
function numberText(value: number): string {
  const [, sign = '', first = '', rest = '', exponent] =
    /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value)) ?? [];
  if (exponent === undefined) return String(value === 0 ? 0 : value);
  const digits = first + rest;
  const shift = Number(exponent);
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`;
  return `${sign}${digits}${'0'.repeat(Math.max(0, shift - rest.length))}`;
}

const compare: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
};

/** Section 3.4: nodes compare by each of their texts, and what is left by the strongest type of the two. */
export function compares(operator: string, left: PathValue, right: PathValue): boolean {
  if (isNodes(left) || isNodes(right)) {
    if (typeof left === 'boolean' || typeof right === 'boolean')
      return single(operator, toBoolean(left), toBoolean(right));
    const [ones, others] = [singles(left), singles(right)];
    return ones.some(one => others.some(other => single(operator, one, other)));
  }
  return single(operator, left, right);
}

function singles(value: Exclude<PathValue, boolean>): (string | number)[] {
  return isNodes(value) ? value.map(textOfNode) : [value];
}

function single(
  operator: string,
  left: boolean | number | string,
  right: boolean | number | string,
): boolean {
  const order = compare[operator];
  if (order) return order(toNumber(left), toNumber(right));
  return isEqual(left, right) === (operator === '=');
}

function isEqual(left: boolean | number | string, right: boolean | number | string): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') return toBoolean(left) === toBoolean(right);
  if (typeof left === 'number' || typeof right === 'number') return toNumber(left) === toNumber(right);
  return left === right;
}
