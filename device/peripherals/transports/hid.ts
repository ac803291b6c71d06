import type { BytePipe } from '../byte-pipe.ts';
import { openHosted } from './hosted-pipe.ts';

/**
 * Reports of a HID device, each as one piece of bytes. `path` is `/dev/hidraw0`; of a keyboard, which is taken from
 * the system, its USB interface `1-2:1.0`. Throws `AppError('device.offline')`.
 */
export function openHid(file: { path: string; takesKeyboard: boolean }): Promise<BytePipe> {
  const program = new URL('../host/hid-host.ts', import.meta.url);
  return openHosted({ program, ...file, offline: 'device.offline' });
}
