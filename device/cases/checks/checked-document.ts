import type { FieldView } from '../../../protocol/api/documents.ts';
import type { RequiredDocument } from '../../../protocol/register.ts';
import type { Text } from '../../../protocol/values.ts';
import type { ComparedPage } from '../../capture/doubles/same-page.ts';
import type { KindGuess } from '../../capture/kinds/classify.ts';

/** A document of a case as the checks see it. */
export interface CheckedDocument {
  documentId: string;
  /** The line of the checklist under which it was scanned. */
  kind: string;
  title: Text;
  line: RequiredDocument | undefined;
  fields: readonly Pick<FieldView, 'name' | 'value' | 'check'>[];
  /** What it seems to be; undefined while it is not recognised. */
  looksLike: KindGuess | undefined;
  /** Digests of its pages. */
  pages: readonly string[];
  /** What was read of them, in the same order; empty while it is not recognised. */
  readings: readonly ComparedPage[];
}

/** Values of a field and of its further ones (`date`, `date.2`, …), without those whose check failed. */
export function valuesOf({ fields }: CheckedDocument, name: string): string[] {
  return fields
    .filter(field => field.name.split('.')[0] === name && field.check !== 'failed' && field.value !== '')
    .map(({ value }) => value);
}

/** `2026-02-01` of `01.02.2026`, so that days can be compared; undefined for anything else. */
export function isoDay(value: string | undefined): string | undefined {
  const [, day, month, year] = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(value ?? '') ?? [];
  return day === undefined ? undefined : `${year}-${month}-${day}`;
}
