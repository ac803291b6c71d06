import { type Attached, type Identity, isSameModel } from './attached.ts';

export interface KnownDevice extends Identity {
  id: string;
  /** Whether a technician gave it a role; only such a one is looked for at other ports. */
  hasRole: boolean;
}

export interface Matched {
  /** Which known device each attached one is. `moved` tells that it was not where it used to be. */
  same: { id: string; attached: Attached; moved: boolean }[];
  newcomers: Attached[];
  /** Ids of known devices that are not there. */
  missing: string[];
}

/**
 * Tells which attached device is which known one (F24, F25): first by port and serial number, then by a serial
 * number that nobody else has, at last by being the only one of its make that came while the only one with a role
 * is missing: moved to another port, or replaced by one of its kind.
 */
export function matchDevices(known: readonly KnownDevice[], attached: readonly Attached[]): Matched {
  const same: Matched['same'] = [];
  let free = [...attached];
  let missing = [...known];
  const take = (device: KnownDevice, one: Attached) => {
    same.push({ id: device.id, attached: one, moved: one.port !== device.port });
    free = free.filter(other => other !== one);
    missing = missing.filter(other => other !== device);
  };
  const takeOnly = (fits: (device: KnownDevice, one: Attached) => boolean) => {
    for (const device of [...missing]) {
      const [one, another] = free.filter(candidate => fits(device, candidate));
      const rivals = one ? missing.filter(other => fits(other, one)) : [];
      if (one && !another && rivals.length === 1) take(device, one);
    }
  };
  takeOnly(
    (device, one) => isSameModel(device, one) && device.port === one.port && device.serial === one.serial,
  );
  takeOnly((device, one) => isSameModel(device, one) && one.serial !== null && device.serial === one.serial);
  takeOnly((device, one) => isSameModel(device, one) && device.port === one.port);
  // A built-in port is nothing but its place, and each has its own.
  takeOnly((device, one) => isSameModel(device, one) && device.hasRole && device.usb !== null);
  return { same, newcomers: free, missing: missing.map(({ id }) => id) };
}
