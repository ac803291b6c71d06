import { computed, effect, signal } from '@preact/signals';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import type { KindRules } from '../../protocol/kind-rules.ts';
import type { KindsView, SampleLook, SampleVerdict, Suggestion } from '../../protocol/trainer.ts';
import { type Answer, get, post, put } from '../shared/api.ts';
import { timeZone } from '../shared/clock.ts';
import { heldValue, resource } from '../shared/resource.ts';
import { sameRules } from './edits.ts';
import { judge } from './verdicts.ts';

export const kinds = resource<KindsView>(() => '/api/kinds', []);
const view = computed(() => heldValue(kinds));
const branch = resource<BranchView>(
  () => '/api/branch',
  [],
  value => {
    timeZone.value = value.timeZone;
  },
);

/** Rules with the technician's edits; null without any. */
export const draft = signal<KindRules | null>(null);
export const rules = computed<KindRules>(() => draft.value ?? view.value?.rules ?? {});
export const isEdited = computed(
  () => draft.value !== null && view.value !== null && !sameRules(draft.value, view.value.rules),
);

/** The kind whose phrases are shown, and the sample whose text is. */
export const chosenKind = signal<string | null>(null);
export const chosenSample = signal<string | null>(null);

const inForce = signal<SampleVerdict[] | null>(null);
const tried = signal<SampleVerdict[] | null>(null);
export const judged = computed(() => judge(view.value?.samples ?? [], inForce.value, tried.value));
export const look = signal<SampleLook | null>(null);
export const suggestions = signal<Suggestion[]>([]);

export const failure = signal<ApiError | null>(null);
export const busy = signal(false);
export const asked = signal<{ question: string; yes: string; onYes: () => void } | null>(null);

export const kind = computed(() => {
  const wanted = chosenKind.value;
  if (wanted !== null && Object.hasOwn(rules.value, wanted)) return wanted;
  return Object.keys(rules.value)[0] ?? '';
});

export async function start(): Promise<void> {
  void branch.refresh();
  await kinds.refresh();
  if (view.value) await tryOut();
}

/** Takes edited rules, and says at once what they make of all samples. */
export function edit(next: KindRules): void {
  if (next === rules.value) return;
  draft.value = next;
  failure.value = null;
  void tryOut();
}

/** Five hundred samples take a second or two. */
export const tryTimeoutMs = 120_000;
let isTrying = false;
let again = false;

/** Tries the rules on the page; those that came meanwhile are tried next, and only the newest of them. */
async function tryOut(): Promise<void> {
  again = true;
  if (isTrying) return;
  isTrying = true;
  while (again) {
    again = false;
    // What is in force first, if that is not known: without it nobody can say what gets worse.
    const wished = inForce.value === null ? (view.value?.rules ?? rules.value) : rules.value;
    const answer = await post<SampleVerdict[]>('/api/kinds/try', { rules: wished }, tryTimeoutMs);
    if (!answer.ok) {
      failure.value = answer.error;
      continue;
    }
    if (wished === view.value?.rules) inForce.value = answer.value;
    // Otherwise edits came or were dropped: this answer is about other rules.
    if (wished === rules.value) tried.value = answer.value;
    else again = true;
  }
  isTrying = false;
}

/** What is chosen follows the samples and rules; an answer that comes late is dropped. */
effect(() => {
  const id = chosenSample.value;
  const wished = rules.value;
  if (id === null) {
    look.value = null;
    return;
  }
  void post<SampleLook>(`/api/kinds/samples/${id}/look`, { rules: wished }).then(answer => {
    if (chosenSample.value === id && rules.value === wished) take(answer, value => (look.value = value));
  });
});
effect(() => {
  const wished = kind.value;
  if (view.value === null || wished === '') return;
  void get<Suggestion[]>(`/api/kinds/suggestions?kind=${encodeURIComponent(wished)}`).then(answer => {
    if (kind.value === wished) take(answer, value => (suggestions.value = value));
  });
});

function take<T>(answer: Answer<T>, onValue: (value: T) => void): void {
  if (answer.ok) onValue(answer.value);
  else failure.value = answer.error;
}

async function run(work: () => Promise<Answer<KindsView>>): Promise<boolean> {
  if (busy.value) return false;
  busy.value = true;
  failure.value = null;
  const answer = await work();
  busy.value = false;
  take(answer, kinds.set);
  return answer.ok;
}

export async function save(wished: KindRules): Promise<boolean> {
  const edited = draft.value;
  const done = await run(() => put<KindsView>('/api/kinds', { rules: wished, over: view.value?.digest }));
  if (done) {
    // What was edited while it travelled stays.
    if (draft.value === edited) draft.value = null;
    inForce.value = null;
    await tryOut();
  }
  return done;
}

export function dropEdits(): void {
  draft.value = null;
  failure.value = null;
  tried.value = inForce.value;
}

export async function removeSample(id: string): Promise<void> {
  if (!(await run(() => post<KindsView>(`/api/kinds/samples/${id}/remove`)))) return;
  if (chosenSample.value === id) chosenSample.value = null;
}

/** Samples came: they are judged by both sets of rules. */
export async function takeSamples(value: KindsView): Promise<void> {
  kinds.set(value);
  if (draft.value !== null) {
    const wish = { rules: value.rules };
    take(await post<SampleVerdict[]>('/api/kinds/try', wish, tryTimeoutMs), verdicts => {
      inForce.value = verdicts;
    });
  }
  await tryOut();
}

export function chooseSample(id: string, itsKind: string): void {
  chosenSample.value = id;
  look.value = null;
  if (Object.hasOwn(rules.value, itsKind)) chosenKind.value = itsKind;
}
