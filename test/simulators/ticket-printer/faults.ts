/** What can be wrong with the printer at the moment. */
export interface Faults {
  paper: 'ok' | 'near-end' | 'out';
  cover: 'closed' | 'open';
  error: 'none' | 'cutter' | 'overheated';
  /** Of a presenter: whether the last ticket was taken. */
  ticket: 'taken' | 'left';
  /** Takes every byte, prints nothing, answers nothing. */
  dead: boolean;
  /** Sends stray bytes before every answer. */
  noise: boolean;
  /** Time that one printed line takes; 0 prints at once. */
  msPerLine: number;
}

export const noFaults: Faults = {
  paper: 'ok',
  cover: 'closed',
  error: 'none',
  ticket: 'taken',
  dead: false,
  noise: false,
  msPerLine: 0,
};

export function isOffline(faults: Faults): boolean {
  return faults.paper === 'out' || faults.cover === 'open' || faults.error !== 'none';
}

/** `DLE EOT n` */
export function realTimeAnswer(n: number, faults: Faults): number {
  const fixed = 0x12;
  switch (n) {
    case 1:
      return fixed | (isOffline(faults) ? 0x08 : 0);
    case 2:
      return (
        fixed |
        (faults.cover === 'open' ? 0x04 : 0) |
        (faults.paper === 'out' ? 0x20 : 0) |
        (faults.error === 'none' ? 0 : 0x40)
      );
    case 3:
      return fixed | errorBits[faults.error];
    default:
      return fixed | (faults.paper === 'ok' ? 0 : 0x0c) | (faults.paper === 'out' ? 0x60 : 0);
  }
}

/** The same in `DLE EOT 3` and in the second byte of the automatic status. */
const errorBits = { none: 0, cutter: 0x08, overheated: 0x40 } as const;

/** `DLE EOT 20` of Custom: header, paper, user, recoverable and unrecoverable errors. */
export function fullAnswer(faults: Faults): number[] {
  return [
    ...[0x10, 0x0f],
    (faults.paper === 'ok' ? 0 : 0x04) |
      (faults.paper === 'out' ? 0x01 : 0) |
      (faults.ticket === 'left' ? 0x20 : 0),
    faults.cover === 'open' ? 0x02 : 0,
    faults.error === 'overheated' ? 0x01 : 0,
    faults.error === 'cutter' ? 0x01 : 0,
  ];
}

/** `GS r 1` */
export function paperAnswer(faults: Faults): number {
  return (faults.paper === 'ok' ? 0 : 0x03) | (faults.paper === 'out' ? 0x0c : 0);
}

/** Automatic Status Back, four bytes. */
export function automaticAnswer(faults: Faults): number[] {
  return [
    0x10 | (isOffline(faults) ? 0x08 : 0) | (faults.cover === 'open' ? 0x20 : 0),
    errorBits[faults.error],
    paperAnswer(faults),
    0x0f,
  ];
}
