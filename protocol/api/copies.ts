import Type, { type Static } from 'typebox';
import { Day, type Text } from '../values.ts';

/** `GET /api/copies?from=2026-11-01&to=2026-11-30`: days of the branch, both included. */
export const CopiesQuery = Type.Object({ from: Type.Optional(Day), to: Type.Optional(Day) });
export type CopiesQuery = Static<typeof CopiesQuery>;

/** The register of paper copies that the branch issued (LED-3.18), the newest first. */
export interface CopiesView {
  branch: Text;
  timeZone: string;
  today: string;
  copies: {
    caseId: string;
    caseNumber: string;
    title: Text;
    copyNumber: number;
    madeAt: string;
    /** Name of the clerk, or the login of one who left. */
    clerk: string;
    pages: number;
    /** Printer, or null when the sheets never came out. */
    printedOn: string | null;
    /** Digest of the result that it is a copy of. */
    result: string;
  }[];
}
