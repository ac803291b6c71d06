import { computed, effect, signal } from '@preact/signals';
import type { ApiError } from '../../protocol/api/common.ts';
import type { TicketPart, TicketTemplate, TicketTemplateView } from '../../protocol/ticket-template.ts';
import { postForPicture, put } from '../shared/api.ts';
import { heldValue, resource } from '../shared/resource.ts';

export const saved = resource<TicketTemplateView>(() => '/api/ticket-template', []);

/** The template with the technician's edits; null without any. */
const draft = signal<TicketTemplate | null>(null);
export const template = computed(() => draft.value ?? heldValue(saved)?.template ?? null);
export const isEdited = computed(() => draft.value !== null);
export const isSaved = signal(false);
export const busy = signal(false);
export const failure = signal<ApiError | null>(null);
/** Address of the picture, of this page's own making. */
export const preview = signal<string | null>(null);

export function edit(change: Partial<TicketTemplate>): void {
  if (template.value === null) return;
  draft.value = { ...template.value, ...change };
  isSaved.value = false;
  failure.value = null;
}

export function editParts(change: (parts: TicketPart[]) => TicketPart[]): void {
  if (template.value !== null) edit({ parts: change([...template.value.parts]) });
}

export function dropEdits(): void {
  draft.value = null;
  failure.value = null;
}

export async function save(): Promise<void> {
  const wished = draft.value;
  if (wished === null || busy.value) return;
  busy.value = true;
  const answer = await put<TicketTemplateView>('/api/ticket-template', wished);
  busy.value = false;
  if (!answer.ok) {
    failure.value = answer.error;
    return;
  }
  saved.set(answer.value);
  isSaved.value = true;
  // What was edited while it travelled stays.
  if (draft.value === wished) draft.value = null;
}

/** A letter typed is not worth a picture; a pause is. */
const previewAfterMs = 250;
let timer: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  const wished = template.value;
  clearTimeout(timer);
  if (wished !== null) timer = setTimeout(() => void draw(wished), previewAfterMs);
});

async function draw(wished: TicketTemplate): Promise<void> {
  const answer = await postForPicture('/api/ticket-template/preview', { template: wished });
  // Edits came meanwhile: another picture is on its way.
  if (template.value !== wished) return;
  if (!answer.ok) {
    failure.value = answer.error;
    return;
  }
  if (preview.value !== null) URL.revokeObjectURL(preview.value);
  preview.value = URL.createObjectURL(answer.value);
}
