/** Names of `FieldView.name`. */
export type FieldName =
  | 'full-name'
  | 'birth-date'
  | 'snils'
  | 'inn'
  | 'phone'
  | 'address'
  | 'date'
  | 'number'
  | 'amount';

/** A field in the text of one page: what it says and where. */
export interface Finding {
  name: FieldName;
  /** In its usual spelling: `112-233-445 95`, `01.02.2026`. */
  value: string;
  check: 'passed' | 'failed' | 'none';
  start: number;
  end: number;
}

/** Matches of a global expression with named groups, as findings; the builder may turn one down. */
export function findAll(
  text: string,
  expression: RegExp,
  build: (match: RegExpExecArray) => Pick<Finding, 'name' | 'value' | 'check'> | undefined,
): Finding[] {
  return [...text.matchAll(expression)].flatMap(match => {
    const built = build(match);
    return built === undefined ? [] : [{ ...built, start: match.index, end: match.index + match[0].length }];
  });
}

/** The part of the text that may name what follows: the same line and the one before, up to `length` letters. */
export function before(text: string, at: number, length: number): string {
  const from = Math.max(0, at - length);
  const lineStart = text.lastIndexOf('\n', Math.max(0, text.lastIndexOf('\n', at - 1) - 1)) + 1;
  return text.slice(Math.max(from, lineStart), at);
}
