import type { PublicPhraseKey } from '../words/public-words.ts';

export interface LanguageData {
  /** In its own words, as people look for it. */
  name: string;
  /** For dates and numbers; the browser takes the first that it knows. */
  locales: string[];
  /** Rows of letters of the kiosk's keyboard; the last one has room for the key that erases. */
  keyboard: string[];
  words: Partial<Record<PublicPhraseKey, string>>;
}
