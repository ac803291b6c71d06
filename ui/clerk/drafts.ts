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

/** Forgets what the box has taken; what was typed while it travelled stays. */
export function dropTyped(documentId: string, taken: readonly { name: string; value: string }[]): void {
  const left = Object.entries(draftOf(documentId)).filter(
    ([name, value]) => !taken.some(field => field.name === name && field.value === value),
  );
  dropDraft(documentId);
  for (const [name, value] of left) typeInto(documentId, name, value);
}

/** A document whose confirmed fields were typed over is to be confirmed anew: nothing typed is left out silently. */
export function asEdited(document: DocumentView): DocumentView {
  if (document.state !== 'confirmed') return document;
  const isEdited = Object.entries(draftOf(document.documentId)).some(
    ([name, value]) => value !== (document.fields.find(field => field.name === name)?.value ?? ''),
  );
  return isEdited ? { ...document, state: 'ready' } : document;
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
