import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Ended } from './scan-process.ts';

/** Exit codes of `scanimage` are the status of SANE (`sane.h`, SANE_Status). */
const faults = new Map<number, ErrorCode>([
  [3, 'scanner.busy'],
  [6, 'scanner.jammed'],
  [7, 'scanner.no-documents'],
  [8, 'scanner.cover-open'],
]);

/** What the end of a scan means; undefined when all is well. An empty feeder after pages is the normal end. */
export function saneFault(ended: Ended, pages: number): ErrorCode | undefined {
  const emptied = ended.exitCode === 7 || ended.exitCode === 0;
  if (emptied) return pages > 0 ? undefined : 'scanner.no-documents';
  // `scanimage` ends with 1 for everything before the scan itself; its words tell the rest.
  if (/open of device .* failed: Device busy/i.test(ended.errors)) return 'scanner.busy';
  if (/open of device .* failed|no SANE devices found/i.test(ended.errors)) return 'scanner.absent';
  return (ended.exitCode === null ? undefined : faults.get(ended.exitCode)) ?? 'scanner.fault';
}
