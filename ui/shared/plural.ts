export type Language = 'ru' | 'en';

/** Forms of one phrase by CLDR category; `{count}` in them is the number. */
export interface Forms {
  one: string;
  few?: string;
  many?: string;
  other: string;
}

const rules = { ru: new Intl.PluralRules('ru'), en: new Intl.PluralRules('en') };

/** The form that fits a number: «1 человек», «2 человека», «5 человек». */
export function pluralForm(forms: Forms, count: number, language: Language): string {
  const category = rules[language].select(count);
  if (category === 'one' || category === 'few' || category === 'many') return forms[category] ?? forms.other;
  return forms.other;
}

/** Puts values in place of `{name}`; an unknown name stays empty rather than showing braces. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
