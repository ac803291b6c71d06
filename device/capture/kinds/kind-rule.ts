import type { Text } from '../../../protocol/values.ts';

/** Kinds that the rules tell apart; `other` is what none of them fits. */
export type KindId =
  | 'passport-main'
  | 'passport-registration'
  | 'snils'
  | 'inn'
  | 'birth-certificate'
  | 'marriage-certificate'
  | 'application'
  | 'power-of-attorney'
  | 'contract'
  | 'ownership-extract'
  | 'income-certificate';

/** Words on the page and what they are worth; a negative weight speaks against the kind. */
export interface Phrase {
  /** Lower case, ё as е, no punctuation; at most 30 letters, since it is found with letters misread. */
  words: string;
  weight: number;
  /** Counts only in the upper part of the page, where headings stand. */
  heading?: true;
}

export interface KindRule {
  title: Text;
  /** Kinds of a service's checklist that such a paper satisfies. */
  satisfies: readonly string[];
  phrases: readonly Phrase[];
  /** Added when the page has machine-readable lines of a Russian internal passport. */
  machineReadable?: number;
  /** Added when the page is wider than high. */
  landscape?: number;
}
