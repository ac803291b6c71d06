import type { Appliance } from './appliance.ts';
import { eventually } from './guest-access.ts';
import { insidePorts, type Machine } from './machine.ts';
import { guestProgram } from './test-layer.ts';

/** A device that a program inside the machine makes out of the kernel's own parts. */
export interface DeviceInside {
  /** Throws what the device refused with. */
  do<T = unknown>(what: string, text?: string): Promise<T>;
}

/** Starts the program of such a device and waits until it listens. */
export async function startDevice(
  { guest, machine }: Appliance,
  name: keyof Machine['urls'],
  program: string,
): Promise<DeviceInside> {
  await guest.sh(`systemd-run --unit=${program} ${guestProgram(program, insidePorts[name])}`);
  const call = async <T>(what: string, text = ''): Promise<T> => {
    const response = await fetch(`${machine.urls[name]}/${what}`, { method: 'POST', body: text });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${program} ${what}: ${answer}`);
    return answer as T;
  };
  const unknown = () => call('hello').catch(error => String(error).includes('hello'));
  await eventually(`the program ${program}`, unknown, machine.isOver);
  return { do: call };
}
