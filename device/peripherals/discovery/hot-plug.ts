import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One plug makes a dozen events; the nodes are ready when they end. */
const gatherMs = 150;

/** Before a listener that ended is started again; until then devices are found by looking. */
const restartMs = 5_000;

/**
 * Calls back when udev has settled something that was plugged in or pulled. Without udev nothing is ever told, and
 * looking every few seconds is what finds devices. Returns the way to stop.
 */
export function watchHotPlug(onNews: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let restart: NodeJS.Timeout | undefined;
  let child = listen();

  function listen(): ChildProcess {
    const listener = spawn(
      'udevadm',
      ['monitor', '--udev', ...['usb', 'tty', 'hidraw'].flatMap(name => ['--subsystem-match', name])],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    // A machine without udev: the poll goes on alone.
    listener.on('error', () => undefined);
    listener.on('exit', () => {
      restart = setTimeout(() => {
        child = listen();
      }, restartMs);
      restart.unref();
    });
    listener.unref();
    createInterface({ input: listener.stdout }).on('line', line => {
      if (!/^UDEV +\[/.test(line)) return;
      clearTimeout(timer);
      timer = setTimeout(onNews, gatherMs);
    });
    return listener;
  }

  return () => {
    clearTimeout(timer);
    clearTimeout(restart);
    child.removeAllListeners('exit');
    child.kill('SIGKILL');
  };
}
