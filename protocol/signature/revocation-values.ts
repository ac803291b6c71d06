import type { Cms } from './cms.ts';
import { childrenOf, type DerValue } from './der.ts';
import { Fields, onlyChild } from './der-fields.ts';
import { readOcspAnswer } from './ocsp-answer.ts';
import type { RevocationData } from './revocation.ts';
import { readRevocationList } from './revocation-list.ts';
import { readable } from './trust.ts';

/** What a message carries about revocation beside its certificates. */
export function revocationIn(cms: Pick<Cms, 'revocationLists' | 'ocspAnswers'>): RevocationData {
  return {
    lists: readable(cms.revocationLists, readRevocationList),
    answers: readable(cms.ocspAnswers, readOcspAnswer),
  };
}

/** RevocationValues of RFC 5126 section 6.3.4: lists under tag 0, answers under tag 1. @throws FormatError */
export function revocationValues(value: DerValue): RevocationData {
  const fields = new Fields(value);
  const encodings = (wrapped: DerValue | undefined) =>
    wrapped ? childrenOf(onlyChild(wrapped)).map(({ encoded }) => encoded) : [];
  const [lists, answers] = [fields.takeIf(0xa0), fields.takeIf(0xa1)];
  return {
    lists: readable(encodings(lists), readRevocationList),
    answers: readable(encodings(answers), readOcspAnswer),
  };
}

export function together(one: RevocationData, other: RevocationData): RevocationData {
  return { lists: [...one.lists, ...other.lists], answers: [...one.answers, ...other.answers] };
}
