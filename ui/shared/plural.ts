import { type Language, localesOf } from './languages.ts';
import type { Forms } from './words/define-words.ts';

const rules = new Map<Language, Intl.PluralRules>();

function rulesOf(language: Language): Intl.PluralRules {
  let made = rules.get(language);
  if (!made) {
    made = new Intl.PluralRules(localesOf(language));
    rules.set(language, made);
  }
  return made;
}

/** The form that fits a number: «1 человек», «2 человека», «5 человек». */
export function pluralForm(forms: Forms, count: number, language: Language): string {
  const category = rulesOf(language).select(count);
  if (category === 'one' || category === 'few' || category === 'many') return forms[category] ?? forms.other;
  return forms.other;
}

/** Puts values in place of `{name}`; an unknown name stays empty rather than showing braces. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
