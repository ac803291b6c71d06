import { signal } from '@preact/signals';
import type { DocumentView, FieldView } from '../../protocol/api/documents.ts';
import { fieldTitles, isFieldName } from '../../protocol/field-titles.ts';

type Draft = Readonly<Record<string, string>>;

/** What the clerk typed and has not confirmed, by document; a refresh or a lost session leaves it alone. */
const drafts = signal<Readonly<Record<string, Draft>>>({});

export function draftOf(documentId: string): Draft {
  return drafts.value[documentId] ?? {};
}

export function typeInto(documentId: string, field: string, value: string): void {
  drafts.value = { ...drafts.value, [documentId]: { ...draftOf(documentId), [field]: value } };
}

export function dropDraft(documentId: string): void {
  const { [documentId]: _, ...others } = drafts.value;
  drafts.value = others;
}

/** The fields of a document with what the clerk typed, those that recognition did not find behind them. */
export function withTyped({ documentId, fields }: DocumentView): FieldView[] {
  const draft = draftOf(documentId);
  const found = fields.map(field => ({ ...field, value: draft[field.name] ?? field.value }));
  const added = Object.entries(draft).flatMap(([name, value]): FieldView[] => {
    if (!isFieldName(name) || fields.some(field => field.name === name)) return [];
    const title = fieldTitles[name];
    return [{ name, title, value, confidence: 100, check: 'none', corrected: true, box: null }];
  });
  return [...found, ...added];
}
