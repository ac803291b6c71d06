import { signal } from '@preact/signals';
import type { AppointmentsView } from '../../protocol/api/appointments.ts';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import type { HallLive } from '../../protocol/api/hall.ts';
import type { Register } from '../../protocol/register.ts';
import { call, ownError } from '../shared/api.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { postOnce } from '../shared/post-once.ts';
import { resource } from '../shared/resource.ts';

export const tabs = ['tickets', 'services', 'announcements', 'skills', 'appointments', 'day'] as const;
export const tab = signal<(typeof tabs)[number]>('tickets');
/** The ticket whose dialog is open. */
export const ticketId = signal<string | null>(null);
/** Whom a message is being written to; `all` or a window. */
export const messageTo = signal<string | null>(null);
export const asksToClose = signal(false);
export const busy = signal(false);
export const failure = signal<ApiError | null>(null);

export const branch = resource<BranchView>(
  () => '/api/branch',
  [],
  view => {
    timeZone.value = view.timeZone;
  },
);
export const register = resource<Register>(() => '/api/register', ['register']);
export const live = resource<HallLive>(
  () => '/api/hall/live',
  ['hall', 'queue', 'board'],
  view => agreeClock(view.now),
);
export const appointments = resource<AppointmentsView>(() => '/api/appointments', ['hall', 'queue']);

export function refreshAll(): void {
  for (const each of [branch, register, live, appointments]) void each.refresh();
}

/** Whether somebody is put in line by a paper. */
export const admits = signal(false);

/** Every act answers with the hall as it is then. True when it was done. */
export async function act(path: string, body: object = {}, method: 'POST' | 'DELETE' = 'POST') {
  if (busy.value) {
    failure.value = ownError('page.busy');
    return false;
  }
  busy.value = true;
  failure.value = null;
  const answer =
    method === 'POST'
      ? await postOnce<HallLive>(`/api/hall/${path}`, body)
      : await call<HallLive>(method, `/api/hall/${path}`);
  busy.value = false;
  failure.value = null;
  if (answer.ok) live.set(answer.value);
  else {
    failure.value = answer.error;
    void live.refresh();
  }
  return answer.ok;
}
