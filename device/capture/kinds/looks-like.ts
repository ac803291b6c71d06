import { otherKind } from '../../../protocol/kind-phrases.ts';
import type { KindRules } from '../../../protocol/kind-rules.ts';
import type { PageClue } from '../../core/pile.ts';
import type { RecognisedPage } from '../recognised.ts';
import { classify } from './classify.ts';

/** What one page of a pile looks like, in the words of a service's checklist; null when none of it. */
export function looksLike(
  page: RecognisedPage,
  checklist: readonly string[],
  rules: KindRules,
): PageClue['looksLike'] {
  const { kind, sure } = classify([page], rules);
  const rule = kind === otherKind ? undefined : rules[kind];
  const wanted = rule?.satisfies.find(each => checklist.includes(each));
  return rule === undefined || wanted === undefined
    ? null
    : { kind: wanted, sureness: sure, isFirst: rule.beginsPaper === true };
}
