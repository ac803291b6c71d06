/** How a serial port is set. */
export interface SerialPortSettings {
  baudRate: number;
  /** `rts-cts`: the kernel stops sending while the device's buffer is full. */
  flowControl: 'rts-cts' | 'none';
  /** Level of the line «terminal ready» while the port is open: some devices sleep, others reset, without it. */
  dtr: boolean;
  /** Level of «request to send»; the kernel has it in hand with `rts-cts`. */
  rts: boolean;
}

/** From the box to the process that holds a device file. `serial` is left out for a USB printer. */
export type PipeOrder =
  | { kind: 'open'; path: string; serial?: SerialPortSettings }
  | { kind: 'write'; id: number; bytes: Uint8Array }
  | { kind: 'close' };

/** And back. `gone` comes once, then the process ends. */
export type PipeNews =
  | { kind: 'opened' }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'written'; id: number }
  | { kind: 'gone'; reason: string };
