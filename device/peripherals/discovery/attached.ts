/** Something plugged in that a driver might work with: one way to talk to one device. */
export interface Attached {
  line: 'serial' | 'hid' | 'keyboard' | 'pcsc';
  /** What is opened now: `/dev/ttyUSB0`, `/dev/hidraw3`, USB interface `1-2:1.0`, or the reader's name. Changes with the order of plugging. */
  node: string;
  /** Where it is plugged in: `1-2.4:1.0`, a built-in port's name, or the reader's name. Stays with the socket. */
  port: string;
  /** Four hex digits each; null for what is not USB. */
  usb: { vendor: string; product: string } | null;
  /** Usage page and usage of a HID device. */
  usage: { page: number; usage: number } | null;
  serial: string | null;
  /** Maker and product as the device says, for people. */
  model: string;
  /** Report descriptor of a HID device. */
  descriptor: Uint8Array;
}

/** What stays of a device while it is away. */
export type Identity = Pick<Attached, 'line' | 'port' | 'usb' | 'serial' | 'model'>;

/** Whether two can be the same piece of hardware, or one of the same make. */
export function isSameModel(one: Identity, other: Identity): boolean {
  return (
    one.line === other.line &&
    one.usb?.vendor === other.usb?.vendor &&
    one.usb?.product === other.usb?.product &&
    // A reader has no other name, and a built-in port nothing but its place.
    (one.usb !== null || one.model === other.model)
  );
}
