/** From the box to the process that holds a serial port. */
export type SerialOrder =
  | { kind: 'open'; path: string; baudRate: number }
  | { kind: 'write'; id: number; bytes: Uint8Array }
  | { kind: 'close' };

/** And back. `gone` comes once, then the process ends. */
export type SerialNews =
  | { kind: 'opened' }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'written'; id: number }
  | { kind: 'gone'; reason: string };
