import type { PageClue } from '../../core/pile.ts';
import type { RecognisedPage } from '../recognised.ts';
import { classify } from './classify.ts';
import type { KindId } from './kind-rule.ts';
import { kindRules } from './rules.ts';

/** Papers that begin with such a page; a contract says what it is on every sheet. */
const firstPages: ReadonlySet<KindId> = new Set([
  'passport-main',
  'snils',
  'inn',
  'birth-certificate',
  'marriage-certificate',
  'application',
  'power-of-attorney',
  'income-certificate',
]);

/** What one page of a pile looks like, in the words of a service's checklist; null when none of it. */
export function looksLike(page: RecognisedPage, checklist: readonly string[]): PageClue['looksLike'] {
  const { kind, sure } = classify([page]);
  if (kind === 'other') return null;
  const wanted = kindRules[kind].satisfies.find(each => checklist.includes(each));
  return wanted === undefined ? null : { kind: wanted, sureness: sure, isFirst: firstPages.has(kind) };
}
