import { otherKind } from '../../protocol/kind-phrases.ts';
import { inLanguage, t } from '../shared/language.ts';
import { rules } from './store.ts';

/** What people call a kind; its id when the rules have it no more. */
export function kindTitle(kind: string): string {
  if (kind === otherKind) return t('trainer.other');
  const rule = rules.value[kind];
  return rule ? inLanguage(rule.title) : kind;
}
