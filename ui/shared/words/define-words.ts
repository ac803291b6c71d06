/** Forms of one phrase by CLDR category; `{count}` in them is the number. */
export interface Forms {
  one: string;
  few?: string;
  many?: string;
  other: string;
}

/** One phrase: plain, or by plural category of `{count}`. */
export interface Phrase {
  ru: string | Forms;
  en: string | Forms;
}

/** Checks the shape and keeps the keys for the type checker. */
export function defineWords<const Key extends string>(words: Record<Key, Phrase>): Record<Key, Phrase> {
  return words;
}
