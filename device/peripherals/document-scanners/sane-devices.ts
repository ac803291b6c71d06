import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface SaneDevice {
  /** What `saneScanner` wants as its device. */
  device: string;
  title: string;
}

const run = promisify(execFile);
const listTimeoutMs = 30_000;

/** Scanners that SANE sees now. With Debian's full `dll.conf` this takes seconds: every backend is asked. */
export async function listSaneDevices(configDir?: string): Promise<SaneDevice[]> {
  const env = {
    ...process.env,
    LC_ALL: 'C',
    ...(configDir === undefined ? {} : { SANE_CONFIG_DIR: configDir }),
  };
  const { stdout } = await run('scanimage', ['--formatted-device-list=%d|%v %m%n'], {
    env,
    timeout: listTimeoutMs,
  });
  return stdout.split('\n').flatMap(line => {
    const [device, title] = line.split('|');
    return device === undefined || title === undefined ? [] : [{ device, title }];
  });
}
