import type { ErrorCode } from '../../../protocol/errors.ts';
import { childrenCalled, childText, readAnswer, textsBelow } from './escl-xml.ts';

export interface EsclStatus {
  /** `Idle`, `Processing`, `Testing`, `Stopped` or `Down`. */
  state: string;
  /** `ScannerAdfLoaded`, `ScannerAdfEmpty`, `ScannerAdfJam` and so on; undefined without a feeder. */
  feeder: string | undefined;
  jobs: { uri: string; state: string; reasons: string[] }[];
}

/** Reads `ScannerStatus` (Mopria eSCL 2.97, section 8.1.2). Throws `scanner.fault`. */
export function readStatus(bytes: Uint8Array): EsclStatus {
  const root = readAnswer(bytes, 'ScannerStatus');
  const [jobs] = childrenCalled(root, 'Jobs');
  return {
    state: childText(root, 'State') ?? 'Idle',
    feeder: childText(root, 'AdfState'),
    jobs: (jobs ? childrenCalled(jobs, 'JobInfo') : []).map(job => ({
      uri: childText(job, 'JobUri') ?? '',
      state: childText(job, 'JobState') ?? '',
      reasons: textsBelow(job, 'JobStateReason'),
    })),
  };
}

const feederFaults = new Map<string, ErrorCode>([
  ['ScannerAdfJam', 'scanner.jammed'],
  // The sheet was not drawn in: it has to be taken out and put back, as after a jam.
  ['ScannerAdfMispick', 'scanner.jammed'],
  ['ScannerAdfDuplexPageTooShort', 'scanner.jammed'],
  ['ScannerAdfDuplexPageTooLong', 'scanner.jammed'],
  ['ScannerAdfMultipickDetected', 'scanner.double-feed'],
  ['ScannerAdfHatchOpen', 'scanner.cover-open'],
  // Not in the specification, but sent; sane-airscan knows it too.
  ['ScannerAdfDoorOpen', 'scanner.cover-open'],
  ['ScannerAdfInputTrayFailed', 'scanner.fault'],
  ['ScannerAdfInputTrayOverloaded', 'scanner.fault'],
]);

/** What is wrong with the device, whatever it is doing; undefined when it can work. An empty feeder can. */
export function esclFault({ state, feeder }: EsclStatus): ErrorCode | undefined {
  const fault = feeder === undefined ? undefined : feederFaults.get(feeder);
  return fault ?? (state === 'Stopped' || state === 'Down' ? 'scanner.fault' : undefined);
}

/** What the end of a job means; undefined when all its pages came. `path` is that of the job's address. */
export function esclJobFault(status: EsclStatus, path: string, pages: number): ErrorCode | undefined {
  const fault = esclFault(status);
  if (fault) return fault;
  const job = status.jobs.find(({ uri }) => uri.endsWith(path));
  if (job?.state === 'Canceled') return 'scanner.cancelled';
  if (job?.state === 'Aborted') return 'scanner.fault';
  return pages > 0 ? undefined : 'scanner.no-documents';
}
