import type { LanguageData } from './languages/language-data.ts';
import { tatar } from './languages/tatar.ts';

export type { LanguageData };

/*
 * Languages of the pages are data: a new one is a file beside `languages/tatar.ts` and a line here. Russian
 * and English live in `words/`, since no phrase may be without them; what another language does not say is
 * said in Russian, which a public office has to speak.
 */
const own = {
  ru: {
    name: 'Русский',
    locales: ['ru-RU'],
    keyboard: ['йцукенгшщзхъ', 'фывапролджэ', 'ячсмитьбюё'],
    words: {},
  },
  en: {
    name: 'English',
    locales: ['en-GB'],
    keyboard: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
    words: {},
  },
} satisfies Record<string, LanguageData>;

export const languages = { ...own, tt: tatar } satisfies Record<string, LanguageData>;

export type Language = keyof typeof languages;

export function isLanguage(name: string): name is Language {
  return Object.hasOwn(languages, name);
}

export const localesOf = (language: Language): string[] => languages[language].locales;
