import { effect, signal } from '@preact/signals';
import type { Text } from '../../protocol/values.ts';
import { dictionary, type PhraseKey } from './dictionary.ts';
import { isLanguage, type Language, type LanguageData, languages } from './languages.ts';
import { fill, pluralForm } from './plural.ts';

export const language = signal<Language>('ru');

/** A phrase in the language of the page. `count` chooses the plural form. */
export function t(key: PhraseKey, values: Record<string, string | number> = {}): string {
  const words: LanguageData['words'] = languages[language.value].words;
  const phrase = words[key as keyof typeof words] ?? dictionary[key][mainLanguage()];
  if (typeof phrase === 'string') return fill(phrase, values);
  return fill(pluralForm(phrase, Number(values.count ?? 0), language.value), values);
}

/** The language of whatever is told in two languages only: refusals, the pages of those who work here. */
export function mainLanguage(): 'ru' | 'en' {
  return language.value === 'en' ? 'en' : 'ru';
}

/** A text of the register or of a refusal; the register may hold more languages than Russian and English. */
export function inLanguage(text: Text | { ru: string; en: string }): string {
  const told: Partial<Record<Language, string>> = text;
  return told[language.value] ?? text.ru;
}

/** Keeps the document's `lang` true, so that screen readers change their voice (WCAG 3.1.1). */
export function followLanguage(): void {
  effect(() => {
    document.documentElement.lang = language.value;
  });
}

/** Pages of those who work here are kept in these. */
const staffLanguages: readonly Language[] = ['ru', 'en'];
const storageKey = 'okno.language';

/** For pages of one person: the choice stays with the browser. An address may begin it: `?language=en`. */
export function rememberLanguage(offered: readonly Language[] = staffLanguages): void {
  const wished = new URLSearchParams(location.search).get('language') ?? localStorage.getItem(storageKey);
  if (wished !== null && isLanguage(wished) && offered.includes(wished)) language.value = wished;
  effect(() => localStorage.setItem(storageKey, language.value));
}
