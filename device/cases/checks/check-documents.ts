import { type DocumentWarning, documentWarning } from '../../../protocol/document-warnings.ts';
import { otherKind } from '../../../protocol/kind-phrases.ts';
import type { KindRules } from '../../../protocol/kind-rules.ts';
import type { RequiredDocument } from '../../../protocol/register.ts';
import { missingKinds } from '../../core/case-rules.ts';
import type { CheckedDocument } from './checked-document.ts';
import { checkOnePerson } from './one-person.ts';
import { checkValidity } from './validity.ts';

/**
 * Everything worth a second look in the documents of a case (KEM-10), in the order of the checklist's work:
 * what is there, whether it is what it should be, whether it still counts, whether it is about one person.
 * Nothing here refuses anything. `today` is the branch's day, YYYY-MM-DD.
 */
export function checkDocuments(
  checklist: readonly RequiredDocument[],
  documents: readonly CheckedDocument[],
  today: string,
  rules: KindRules,
): DocumentWarning[] {
  return [
    // An empty case is no news; the checklist says what to begin with.
    ...(documents.length === 0 ? [] : checkMissing(checklist, documents)),
    ...checkDoubled(documents),
    ...checkSamePages(documents),
    ...documents.flatMap(document => checkKind(document, rules)),
    ...documents.flatMap(document => checkValidity(document, today)),
    ...checkOnePerson(documents),
  ];
}

function checkMissing(
  checklist: readonly RequiredDocument[],
  documents: readonly CheckedDocument[],
): DocumentWarning[] {
  const titles = missingKinds(checklist, documents).map(({ title }) => title);
  return titles.length === 0 ? [] : [documentWarning('missing', [], { titles })];
}

function checkDoubled(documents: readonly CheckedDocument[]): DocumentWarning[] {
  const byKind = Map.groupBy(documents, ({ kind }) => kind);
  return [...byKind.values()].flatMap(same => {
    const [first] = same;
    if (first === undefined || same.length === 1) return [];
    const ids = same.map(({ documentId }) => documentId);
    return [documentWarning('doubled', ids, { title: first.title })];
  });
}

/** The very same bytes in two documents: a file of the multi-function printer that was taken twice. */
function checkSamePages(documents: readonly CheckedDocument[]): DocumentWarning[] {
  const holders = new Map<string, CheckedDocument[]>();
  for (const document of documents)
    for (const page of new Set(document.pages)) holders.set(page, [...(holders.get(page) ?? []), document]);
  const shared = [...holders.values()].filter(several => several.length > 1);
  const once = new Map(shared.map(several => [several.map(({ documentId }) => documentId).join(), several]));
  return [...once.values()].map(several =>
    documentWarning(
      'same-page',
      several.map(({ documentId }) => documentId),
      { titles: several.map(({ title }) => title) },
    ),
  );
}

/** Only lines whose papers the rules know can be doubted: a scheme of a plot looks like anything. */
function checkKind(
  { kind, looksLike, documentId, title }: CheckedDocument,
  rules: KindRules,
): DocumentWarning[] {
  const rule = looksLike === undefined || looksLike.kind === otherKind ? undefined : rules[looksLike.kind];
  const known = Object.values(rules).some(({ satisfies }) => satisfies.includes(kind));
  if (rule === undefined || !known || rule.satisfies.includes(kind)) return [];
  return [documentWarning('looks-like', [documentId], { title, kind: rule.title })];
}
