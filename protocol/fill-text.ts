import type { Text } from './values.ts';

/** What may stand in a placeholder; titles come in both languages, so that each text quotes its own. */
export type TextDetail = string | number | boolean | null | undefined | Text | readonly Text[];

/** A text with its `{placeholders}` filled; unknown ones stay empty rather than showing braces. */
export function fillText(text: Text, language: keyof Text, details: Record<string, unknown>): string {
  return text[language].replace(/\{(\w+)\}/g, (_, name: string) => said(details[name], language).trim());
}

function said(detail: unknown, language: keyof Text): string {
  if (Array.isArray(detail)) return detail.map(each => said(each, language)).join(', ');
  if (detail !== null && typeof detail === 'object' && language in detail)
    return String((detail as Text)[language]);
  return String(detail ?? '');
}
