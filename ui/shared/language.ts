import { effect, signal } from '@preact/signals';
import type { Text } from '../../protocol/values.ts';
import { dictionary, type PhraseKey } from './dictionary.ts';
import { fill, type Language, pluralForm } from './plural.ts';

export const language = signal<Language>('ru');

/** A phrase in the language of the page. `count` chooses the plural form. */
export function t(key: PhraseKey, values: Record<string, string | number> = {}): string {
  const phrase = dictionary[key][language.value];
  if (typeof phrase === 'string') return fill(phrase, values);
  return fill(pluralForm(phrase, Number(values.count ?? 0), language.value), values);
}

/** A two-language text of the register or of a refusal. */
export function inLanguage(text: Text | { ru: string; en: string }): string {
  return text[language.value];
}

/** Keeps the document's `lang` true, so that screen readers change their voice (WCAG 3.1.1). */
export function followLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value;
  });
}

const storageKey = 'okno.language';

/** For pages of one person: the choice stays with the browser. */
export function rememberLanguage(): void {
  if (localStorage.getItem(storageKey) === 'en') language.value = 'en';
  effect(() => localStorage.setItem(storageKey, language.value));
}
