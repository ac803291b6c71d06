import { effect, signal } from '@preact/signals';

/** What a person may ask of a screen; a kiosk forgets it with the person. */
export const largePrint = signal(false);
export const highContrast = signal(false);
/** Everything within reach of a person in a wheelchair. */
export const lowered = signal(false);
/** Every screen is read aloud, for those who do not see it. */
export const readAloud = signal(false);

export function followPreferences(): void {
  const { dataset } = document.documentElement;
  effect(() => {
    dataset.print = largePrint.value ? 'large' : 'normal';
    dataset.contrast = highContrast.value ? 'high' : 'normal';
    dataset.reach = lowered.value ? 'low' : 'normal';
  });
}

export function forgetPreferences(): void {
  largePrint.value = false;
  highContrast.value = false;
  lowered.value = false;
  readAloud.value = false;
}
