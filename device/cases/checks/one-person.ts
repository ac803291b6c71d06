import {
  type DocumentWarning,
  type DocumentWarningCode,
  documentWarning,
} from '../../../protocol/document-warnings.ts';
import { sameName } from '../../capture/names/same-name.ts';
import { type CheckedDocument, valuesOf } from './checked-document.ts';

/** Papers that are about the applicant; the first one that is there is what the others are held against. */
const aboutApplicant = ['passport', 'application', 'snils', 'inn', 'certificate'];

/** Whether name, date of birth and СНИЛС are those of one person in all papers that are about the applicant. */
export function checkOnePerson(documents: readonly CheckedDocument[]): DocumentWarning[] {
  const ours = aboutApplicant.flatMap(kind => documents.filter(document => document.kind === kind));
  const warnings = [
    ...compare(ours, 'full-name', (one, [other = '']) => {
      const verdict = sameName(one, other);
      return verdict === 'same' ? undefined : verdict === 'differs' ? 'name-differs' : 'name-unsure';
    }),
    // An application may name children too: one of its dates has to agree.
    ...compare(ours, 'birth-date', (one, others) =>
      others.includes(one) ? undefined : 'birth-date-differs',
    ),
    ...compare(ours, 'snils', (one, others) => (others.includes(one) ? undefined : 'snils-differs')),
  ];
  // Papers of two people differ in everything: the name says it.
  const strangers = new Set(
    warnings.filter(({ code }) => code === 'name-differs').map(({ documentIds }) => documentIds.join()),
  );
  return warnings.filter(
    ({ code, documentIds }) => code === 'name-differs' || !strangers.has(documentIds.join()),
  );
}

function compare(
  documents: CheckedDocument[],
  name: string,
  judge: (one: string, others: string[]) => DocumentWarningCode | undefined,
): DocumentWarning[] {
  const named = documents
    .map(document => ({ document, values: valuesOf(document, name) }))
    .filter(({ values }) => values.length > 0);
  const [first, ...others] = named;
  const one = first?.values[0];
  if (first === undefined || one === undefined) return [];
  return others.flatMap(({ document, values }) => {
    const code = judge(one, values);
    if (code === undefined) return [];
    const details = { one, other: values[0], title: first.document.title, otherTitle: document.title };
    return [documentWarning(code, [first.document.documentId, document.documentId], details)];
  });
}
