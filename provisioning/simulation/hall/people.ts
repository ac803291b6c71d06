/** Somebody who comes to the simulated branch. Times in seconds of one clock for the whole log. */
export interface Person {
  atSeconds: number;
  service: string;
  /** Length of their visit with a clerk of usual speed. */
  visitSeconds: number;
  /** Leaves unserved after so long; infinite when they stay. */
  patienceSeconds: number;
  /** Their appointment, which goes before the line and is known beforehand; undefined without one. */
  bookedSeconds?: number;
  /** Booked and never came. */
  isAbsent?: boolean;
}

/** A window of the simulated branch. */
export interface PlannedWindow {
  name: string;
  /** When it is open, ascending; the gaps are its breaks and nights. */
  openings: readonly Opening[];
  /** How much longer than others its clerk takes; 1 is usual. */
  pace: number;
  /** Services it takes; undefined takes all. */
  serves?: ReadonlySet<string>;
}

export interface Opening {
  fromSeconds: number;
  toSeconds: number;
}
