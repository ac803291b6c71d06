/** How a row of an error table looks. One table per area; `docs/ERRORS.md` is generated from them. */
export interface ErrorRow {
  /** HTTP status when the error answers a request. */
  status: number;
  /** `never`: the same call fails again. `now`: it may be repeated at once. `later`: by itself, with back-off. `after-fix`: when a person has mended something. */
  retry: 'never' | 'now' | 'later' | 'after-fix';
  severity: 'info' | 'attention' | 'trouble';
  /** What happened, what is safe, what to do now. Placeholders in braces come from the error's details. */
  ru: string;
  en: string;
}

/** Keeps the literal codes of a table for the type checker. */
export function defineErrors<const T extends Record<string, ErrorRow>>(rows: T): T {
  return rows;
}
