import type { ErrorCode } from '../../../protocol/errors.ts';

/** How `scanimage` ended. */
export interface Ended {
  kind: 'ended';
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** What it said on its error stream, the last part. */
  errors: string;
  missingProgram: boolean;
}

/** Exit codes of `scanimage` are the status of SANE (`sane.h`, SANE_Status). */
const faults = new Map<number, ErrorCode>([
  [3, 'scanner.busy'],
  [6, 'scanner.jammed'],
  [7, 'scanner.no-documents'],
  [8, 'scanner.cover-open'],
]);

/** What `scanimage` says of a status when it read or began a page in vain (`sane_strstatus`). */
const statusOfWords = new Map([
  ['Device busy', 3],
  ['Document feeder jammed', 6],
  ['Document feeder out of documents', 7],
  ['Scanner cover is open', 8],
]);
const saidAtTheEnd = /^Batch terminated/m;

/** Whether `scanimage` has no more to do than to let go of the device: its pages and its status are told. */
export const isOver = (errors: string): boolean => saidAtTheEnd.test(errors);

/** What the end of a scan means; undefined when all is well. An empty feeder after pages is the normal end. */
export function saneFault(ended: Ended, pages: number): ErrorCode | undefined {
  const status = ended.exitCode ?? statusTold(ended.errors);
  const emptied = status === 7 || status === 0;
  if (emptied) return pages > 0 ? undefined : 'scanner.no-documents';
  // `scanimage` ends with 1 for everything before the scan itself; its words tell the rest.
  if (/open of device .* failed: Device busy/i.test(ended.errors)) return 'scanner.busy';
  if (/open of device .* failed|no SANE devices found/i.test(ended.errors)) return 'scanner.absent';
  return (status === undefined ? undefined : faults.get(status)) ?? 'scanner.fault';
}

/** The status of a program that had to be killed after its last word; undefined when it had not come so far. */
function statusTold(errors: string): number | undefined {
  if (!isOver(errors)) return undefined;
  const complaint = /sane_(?:start|read): (.*)/.exec(errors);
  return complaint ? statusOfWords.get(complaint[1] ?? '') : 0;
}
