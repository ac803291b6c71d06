import { closeSync, openSync, writeSync } from 'node:fs';
import { atTheEnd } from './ending.ts';
import { Skipped } from './skip.ts';

const latencyFile = '/dev/cpu_dma_latency';

/**
 * Keeps the processors of this machine from sleeping until the answer is called: whoever holds the file open
 * has said how many microseconds a processor may take to wake up (Linux, `Documentation/power/pm_qos_interface`).
 * On a virtual machine a processor that sleeps was given back, and waking it asks the host. Throws `Skipped`
 * where the file is missing or not ours to open.
 */
export function keepAwake(): () => void {
  let file: number;
  try {
    file = openSync(latencyFile, 'w');
    writeSync(file, Buffer.alloc(4)); // a 32-bit 0 in the machine's own order
  } catch (error) {
    throw new Skipped(`processors cannot be kept awake: ${(error as Error).message}`);
  }
  let isHeld = true;
  const letGo = () => {
    if (isHeld) closeSync(file);
    isHeld = false;
  };
  atTheEnd(letGo);
  return letGo;
}
