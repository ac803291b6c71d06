import type { FieldName } from '../../../protocol/field-titles.ts';

export type Check = 'passed' | 'failed' | 'none';

/** A field in the text of one page: what it says and where. */
export interface Finding {
  name: FieldName;
  /** In its usual spelling: `112-233-445 95`, `01.02.2026`. */
  value: string;
  check: Check;
  /** What stood there, when the value is more than another spelling of it: a letter read as a digit, a name in another case. */
  read?: string;
  start: number;
  end: number;
}

/** What a finder makes of a match; `read` is dropped when it says the same as the value. */
export type Built = Pick<Finding, 'name' | 'value' | 'check' | 'read'>;

/** Matches of a global expression, as findings; the builder may turn one down. */
export function findAll(
  text: string,
  expression: RegExp,
  build: (match: RegExpExecArray) => Built | undefined,
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
