import type { Forms } from '../plural.ts';

/** One phrase: plain, or by plural category of `{count}`. */
export interface Phrase {
  ru: string | Forms;
  en: string | Forms;
}

/** Checks the shape and keeps the keys for the type checker. */
export function defineWords<const Key extends string>(words: Record<Key, Phrase>): Record<Key, Phrase> {
  return words;
}
