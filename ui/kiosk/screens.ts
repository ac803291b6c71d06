import { batch, signal } from '@preact/signals';
import { language } from '../shared/language.ts';
import { forgetPreferences } from '../shared/preferences.ts';
import { forgetOrder } from './order.ts';
import { firstLanguage } from './store.ts';
import { forgetWish } from './wish.ts';

export type Screen =
  | { name: 'attract' }
  | { name: 'categories' }
  | { name: 'services'; categoryId: string }
  | { name: 'search' }
  | { name: 'service'; serviceId: string }
  | { name: 'booking'; serviceId: string }
  | { name: 'ticket' }
  | { name: 'appointment' }
  | { name: 'case' }
  | { name: 'rating' };

const trail = signal<Screen[]>([{ name: 'attract' }]);

/** The dialog of the bar that is open, on whatever screen. */
export const barDialog = signal<'language' | 'help' | null>(null);

/** What was typed into the search; kept while a person looks at what was found. */
export const searched = signal('');

export function currentScreen(): Screen {
  return trail.value.at(-1) ?? { name: 'attract' };
}

export function go(screen: Screen): void {
  trail.value = [...trail.value, screen];
}

export function canGoBack(): boolean {
  return trail.value.length > 1 && currentScreen().name !== 'ticket';
}

export function back(): void {
  if (canGoBack()) trail.value = trail.value.slice(0, -1);
}

/** To the groups of services, for one more service on the same ticket. */
export function chooseMore(): void {
  trail.value = [{ name: 'attract' }, { name: 'categories' }];
}

/** Back from the ticket to the page on which it was asked for. */
export function leaveTicket(): void {
  trail.value = trail.value.filter(screen => screen.name !== 'ticket');
}

/** The next person finds the kiosk as it was: language, aids, search, wish, number and dialogs are forgotten. */
export function startOver(): void {
  batch(() => {
    trail.value = [{ name: 'attract' }];
    searched.value = '';
    barDialog.value = null;
    language.value = firstLanguage();
    forgetPreferences();
    forgetWish();
    forgetOrder();
  });
}
