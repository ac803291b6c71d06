import { computed, signal } from '@preact/signals';
import type { AppointmentView, PublicBranchView, SlotsView } from '../../protocol/api/appointments.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { post } from '../shared/api.ts';
import { newId } from '../shared/new-id.ts';
import { heldValue, resource } from '../shared/resource.ts';

export const branches = resource<PublicBranchView[]>(() => '/api/public/branches', []);

export type Mode = 'book' | 'code' | 'shown';
export const mode = signal<Mode>(location.hash === '#code' ? 'code' : 'book');
export const box = signal('');
export const serviceId = signal('');
export const wish = signal('');
export const day = signal('');
export const at = signal('');
/** The appointment in front of the person. */
export const appointment = signal<AppointmentView | null>(null);
/** Its time is being chosen anew. */
export const isMoving = signal(false);
export const trouble = signal<ApiError | null>(null);
export const busy = signal(false);

export const chosenBranch = computed(() => heldValue(branches)?.find(each => each.box === box.value) ?? null);
export const chosenService = computed(
  () => chosenBranch.value?.services.find(({ id }) => id === serviceId.value) ?? null,
);

const path = () => `/api/public/branches/${encodeURIComponent(box.value)}/appointments`;

export const slots = resource<SlotsView>(
  () =>
    box.value && serviceId.value ? `${path()}/slots?serviceId=${encodeURIComponent(serviceId.value)}` : null,
  [],
  ({ days }) => {
    const chosen = days.find(each => each.day === day.value);
    if (!chosen) day.value = days[0]?.day ?? '';
    if (!chosen?.free.includes(at.value)) at.value = '';
  },
);

export function chooseBranch(next: string): void {
  box.value = next;
  if (!chosenService.value) serviceId.value = '';
  lookForTimes();
}

export function chooseService(next: string): void {
  serviceId.value = next;
  lookForTimes();
}

export function lookForTimes(): void {
  day.value = at.value = '';
  trouble.value = null;
  slots.held.value = { kind: 'loading' };
  void slots.refresh();
}

/** The same wish until it was answered: a repeated request books nothing twice. */
let requestId = newId();

async function ask(to: string, body: object): Promise<void> {
  busy.value = true;
  trouble.value = null;
  const answer = await post<AppointmentView>(to, body);
  busy.value = false;
  if (answer.ok) {
    requestId = newId();
    appointment.value = answer.value;
    isMoving.value = false;
    mode.value = 'shown';
    return;
  }
  trouble.value = answer.error;
  if (answer.error.code === 'appointment.slot-taken') void slots.refresh();
}

const ofCode = (act: string) => `/api/public/appointments/${appointment.value?.code ?? ''}/${act}`;

export const book = () =>
  ask(path(), { requestId, serviceId: serviceId.value, day: day.value, at: at.value });
export const move = () => ask(ofCode('move'), { day: day.value, at: at.value });
export const cancel = () => ask(ofCode('cancel'), {});

export function beginMove(): void {
  if (!appointment.value) return;
  box.value = appointment.value.branch.box;
  serviceId.value = appointment.value.serviceId;
  isMoving.value = true;
  lookForTimes();
}

export function beginAnew(): void {
  appointment.value = trouble.value = null;
  isMoving.value = false;
  mode.value = 'book';
  serviceId.value = wish.value = '';
}
