/** What may be wrong with the device; a test or a person changes it at any moment. */
export interface ScannerFaults {
  /** What happens when that many sheets are through. */
  after: { sheets: number; what: FeederTrouble | 'cancel' | 'silence' | 'broken-line' } | undefined;
  /** What is wrong from the start. */
  feeder: FeederTrouble | undefined;
  /** How many times a new job is refused because somebody else scans. */
  busyTimes: number;
  /** How many times each page is not there yet (503). */
  pauses: number;
  /** Gives its own name, which nobody else knows, in the address of a job. */
  ownName: boolean;
}

/** An open cover has two names: devices that sane-airscan knows use the first, Mopria's paper the second. */
export type FeederTrouble = 'jam' | 'double-feed' | 'cover-open' | 'hatch-open';

export const noFaults: ScannerFaults = {
  after: undefined,
  feeder: undefined,
  busyTimes: 0,
  pauses: 0,
  ownName: false,
};

export const feederStates: Readonly<Record<FeederTrouble, string>> = {
  jam: 'ScannerAdfJam',
  'double-feed': 'ScannerAdfMultipickDetected',
  'cover-open': 'ScannerAdfDoorOpen',
  'hatch-open': 'ScannerAdfHatchOpen',
};
