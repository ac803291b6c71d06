import { readFileSync } from 'node:fs';

/**
 * Processor seconds that somebody used on this machine since it came up, the host's other guests
 * included (`steal`). USER_HZ of Linux is 100.
 */
export function machineCpuSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync(
    '/proc/stat',
    'utf8',
  )
    .replace(/^cpu +/, '')
    .split(' ', 8)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / 100;
}
