import type { FactColumns } from '../../platform/fact-row.ts';

export { factOf } from '../../platform/fact-row.ts';

/** A fact as it lies in the database of a box. */
export interface FactRow extends FactColumns {
  position: number;
  hash: string;
  standing: 'own' | 'copy' | 'orphan';
}
