import type { FieldView } from '../../protocol/api/documents.ts';
import { AppError } from '../../protocol/app-error.ts';
import { fieldTitles, isFieldName } from '../../protocol/field-titles.ts';
import { checkTyped } from '../capture/fields/check-typed.ts';

/**
 * The fields as the clerk left them. What was changed keeps what was read beside it; what recognition did
 * not find is added; an added one that was emptied goes away. Check digits judge what was typed too.
 * Throws `internal.bad-request` for a name that no field has.
 */
export function confirmedFields(
  found: readonly FieldView[],
  wished: readonly { name: string; value: string }[],
  asOf: Date,
): FieldView[] {
  const typed = new Map(wished.map(({ name, value }) => [name, value.trim()]));
  const left = found.flatMap((field): FieldView[] => {
    const value = typed.get(field.name) ?? field.value;
    if (value === field.value) return [field];
    const added = field.box === null && field.read === undefined;
    if (added && value === '') return [];
    const read = added ? {} : { read: field.read ?? field.value };
    const check = checkTyped(field.name, value, asOf);
    return [{ ...field, ...read, value, check, corrected: true, confidence: 100 }];
  });
  const known = new Set(found.map(({ name }) => name));
  const added = [...typed].filter(([name, value]) => !known.has(name) && value !== '');
  return [...left, ...added.map(([name, value]) => addedField(name, value, asOf))];
}

function addedField(name: string, value: string, asOf: Date): FieldView {
  if (!isFieldName(name)) throw new AppError('internal.bad-request', { what: 'field' });
  return {
    ...{ name, value, title: fieldTitles[name], check: checkTyped(name, value, asOf) },
    ...{ confidence: 100, corrected: true, box: null },
  };
}
