import { computed, signal } from '@preact/signals';
import type { ApiError } from '../../protocol/api/common.ts';
import type { TechnicianHubView } from '../../protocol/api/hub.ts';
import type {
  RoleWish,
  TechnicianDevice,
  TechnicianView,
  TestKind,
  TestResult,
  WireView,
} from '../../protocol/api/technician.ts';
import { get, post, put } from '../shared/api.ts';
import { agreeClock, timeZone } from '../shared/clock.ts';
import { heldValue, resource } from '../shared/resource.ts';
import { session } from '../shared/session.ts';

export const technician = resource<TechnicianView>(
  () => '/api/technician',
  ['devices', 'link'],
  view => {
    timeZone.value = view.timeZone;
    agreeClock(view.now);
  },
);

/** The boxes of the branch. */
export const technicianHub = resource<TechnicianHubView>(() => '/api/technician/hub', ['hub']);

export const chosen = signal<string | null>(null);
export const device = computed(
  () => heldValue(technician)?.devices.find(({ id }) => id === chosen.value) ?? null,
);

/** The test that runs or ended last, of the chosen device. */
export type Trial =
  | { state: 'running'; kind: TestKind }
  | { state: 'done'; result: TestResult }
  | { state: 'failed'; error: ApiError };
export const trial = signal<Trial | null>(null);
export const wire = signal<WireView | null>(null);

/** A scanner or reader waits half a minute for a code; a sheet may take as long. */
const testTimeoutMs = 90_000;
/** Warnings appear with time, and what came over a wire is told by nobody. */
const refreshEveryMs = 2_000;

export function refreshAll(): void {
  void technician.refresh();
  void technicianHub.refresh();
}

export function keepFresh(): void {
  setInterval(() => {
    if (session.value.state !== 'in' || session.value.lost) return;
    refreshAll();
    if (wire.value?.on) void readWire();
  }, refreshEveryMs);
}

export function choose(id: string | null): void {
  chosen.value = id;
  trial.value = null;
  wire.value = null;
  if (device.value?.wire) void readWire();
}

/** The refusal, or null when the box took it. */
export async function assign({ id }: TechnicianDevice, role: RoleWish['role']): Promise<ApiError | null> {
  const answer = await put<TechnicianView>(`/api/technician/devices/${id}/role`, { role });
  if (!answer.ok) return answer.error;
  technician.set(answer.value);
  return null;
}

export async function tryOut({ id }: TechnicianDevice, kind: TestKind, pin?: string): Promise<void> {
  if (trial.value?.state === 'running') return;
  trial.value = { state: 'running', kind };
  const body = pin ? { pin } : {};
  const answer = await post<TestResult>(`/api/technician/devices/${id}/test`, body, testTimeoutMs);
  // Another device is looked at by now.
  if (chosen.value !== id) return;
  trial.value = answer.ok
    ? { state: 'done', result: answer.value }
    : { state: 'failed', error: answer.error };
}

/** The refusal, or null when the box did it. */
export async function turnWire({ id }: TechnicianDevice, on: boolean): Promise<ApiError | null> {
  const answer = await put<WireView>(`/api/technician/devices/${id}/wire`, { on });
  if (answer.ok && chosen.value === id) wire.value = answer.value;
  void technician.refresh();
  return answer.ok ? null : answer.error;
}

async function readWire(): Promise<void> {
  const id = chosen.value;
  const answer = await get<WireView>(`/api/technician/devices/${id}/wire`);
  if (answer.ok && chosen.value === id) wire.value = answer.value;
}
