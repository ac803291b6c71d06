import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One plug makes a dozen events; the nodes are ready when they end. */
const gatherMs = 150;

/**
 * Calls back when udev has settled something that was plugged in or pulled. Without udev nothing is ever told, and
 * looking every few seconds is what finds devices. Returns the way to stop.
 */
export function watchHotPlug(onNews: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const child = spawn(
    'udevadm',
    ['monitor', '--udev', ...['usb', 'tty', 'hidraw'].flatMap(name => ['--subsystem-match', name])],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  // A machine without udev: the poll goes on alone.
  child.on('error', () => undefined);
  child.unref();
  createInterface({ input: child.stdout }).on('line', line => {
    if (!/^UDEV +\[/.test(line)) return;
    clearTimeout(timer);
    timer = setTimeout(onNews, gatherMs);
  });
  return () => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  };
}
