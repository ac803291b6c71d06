import { computed, signal } from '@preact/signals';
import type { ScannerView } from '../../protocol/api/scanning.ts';
import { heldValue } from '../shared/resource.ts';
import { scanners } from './store.ts';

const storageKey = 'okno.scanner';
const chosenId = signal(localStorage.getItem(storageKey));

/** The scanner beside this clerk: the chosen one, else one that is ready. */
export const currentScanner = computed<ScannerView | null>(() => {
  const all = heldValue(scanners) ?? [];
  return (
    all.find(scanner => scanner.id === chosenId.value) ??
    all.find(scanner => scanner.state === 'ready') ??
    all[0] ??
    null
  );
});

export function chooseScanner(id: string): void {
  chosenId.value = id;
  localStorage.setItem(storageKey, id);
}
