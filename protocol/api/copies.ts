import Type, { type Static } from 'typebox';
import { Day, type Text } from '../values.ts';

/**
 * `GET /api/copies?from=2026-11-01&to=2026-11-30`: days of the branch, both included. Without a first day it is
 * a month before the last one, without a last day today.
 */
export const CopiesQuery = Type.Object({ from: Type.Optional(Day), to: Type.Optional(Day) });
export type CopiesQuery = Static<typeof CopiesQuery>;

/** Copies in one answer, at most. */
export const mostCopies = 2000;

/** The register of paper copies that the branch issued (LED-3.18), the newest first. */
export interface CopiesView {
  branch: Text;
  timeZone: string;
  /** The days that were looked through. */
  from: string;
  to: string;
  /** Whether there are more than `mostCopies` of them, and only the newest are here. */
  isCut: boolean;
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
