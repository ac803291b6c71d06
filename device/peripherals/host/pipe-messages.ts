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

/** What a process is to hold: `serial` for a serial port, `takesKeyboard` for a HID device that is a keyboard. */
export interface HeldFile {
  path: string;
  serial?: SerialPortSettings;
  takesKeyboard?: boolean;
}

/** From the box to the process that holds a device file. */
export type PipeOrder =
  | ({ kind: 'open' } & HeldFile)
  | { kind: 'ping' }
  | { kind: 'write'; id: number; bytes: Uint8Array }
  | { kind: 'close' };

/** And back. `gone` comes once, then the process ends. */
export type PipeNews =
  | { kind: 'opened' }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'written'; id: number }
  | { kind: 'pong'; memoryBytes: number }
  | { kind: 'gone'; reason: string };
