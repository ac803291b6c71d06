import { signal } from '@preact/signals';

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
