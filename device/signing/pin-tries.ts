import type { PinFlags } from '../peripherals/host/pkcs11-messages.ts';
import type { TokenProfile } from '../peripherals/tokens/profiles.ts';

/**
 * Wrong PINs since the last right one, by serial number of the token. PKCS#11 tells only "low", "last"
 * and "locked", so the box counts what it saw; it must outlive a restart. Never holds a PIN.
 */
export interface PinTriesStore {
  get(tokenSerial: string): number | Promise<number>;
  set(tokenSerial: string, wrongTries: number): void | Promise<void>;
}

/** Wrong tries that are still true: another program may have logged in since. */
export function wrongTriesNow(profile: TokenProfile, flags: PinFlags, counted: number): number {
  if (profile.countLowIsReliable && !flags.countLow) return 0;
  // Somebody tried a wrong PIN elsewhere: at least one try is gone.
  return flags.countLow ? Math.max(counted, 1) : counted;
}

/** Tries before the PIN is locked: our count, overruled by what the token says. Null when nobody knows. */
export function triesLeft(profile: TokenProfile, flags: PinFlags, counted: number): number | null {
  if (flags.locked) return 0;
  if (flags.finalTry) return 1;
  if (profile.maxTries === null) return null;
  // The token says that it is not locked, so one try is left whatever we counted.
  return Math.max(profile.maxTries - wrongTriesNow(profile, flags, counted), 1);
}
