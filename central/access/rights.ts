import type { CentreRole } from '../../protocol/api/people.ts';

/** What each role of the centre may do (LED-2.7, KEM-2.x). An auditor changes nothing anywhere. */
export const rights = {
  region: ['operator', 'auditor'],
  cases: ['operator', 'archivist', 'auditor'],
  proofs: ['operator', 'auditor'],
  archive: ['operator', 'archivist', 'auditor'],
  /** Holds, destruction acts and lists. */
  keepArchive: ['archivist'],
} as const satisfies Record<string, readonly CentreRole[]>;

/** To an archivist content is the daily work; the others say why they look at an applicant's papers. */
export const saysWhy: readonly string[] = ['operator', 'auditor'];
