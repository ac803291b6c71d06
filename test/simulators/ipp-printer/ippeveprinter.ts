import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../../fixtures/free-port.ts';

const run = promisify(execFile);

/**
 * CUPS' own IPP Everywhere printer, an implementation that is not ours. It refuses to start without
 * DNS-SD, so a D-Bus and an Avahi of its own run beside it, on the loopback interface only. Answers with
 * a reason instead when this machine cannot run them. Received PDFs lie in `dir/tray`; a job is given up
 * when `dir/fail` exists.
 */
export async function startIppEvePrinter(
  dir: string,
): Promise<{ url: string; tray: string; close(): Promise<void> } | { reason: string }> {
  const tray = join(dir, 'tray');
  await mkdir(join(dir, 'spool'), { recursive: true });
  await mkdir(tray, { recursive: true });
  await writeFile(join(dir, 'bus.conf'), busConfiguration(join(dir, 'bus')));
  await writeFile(join(dir, 'avahi.conf'), avahiConfiguration);
  const command = join(dir, 'command.sh');
  await writeFile(command, `#!/bin/sh\n[ -e '${dir}/fail' ] && exit 1\ncp "$1" '${tray}/'\n`);
  await chmod(command, 0o755);

  const children: ChildProcess[] = [];
  const env = { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${join(dir, 'bus')}` };
  const start = (program: string, args: string[]) => {
    const child = spawn(program, args, { env, stdio: 'ignore' });
    child.on('error', () => undefined);
    children.push(child);
  };
  const close = async () => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) continue;
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(2000).then(() => child.kill('SIGKILL'))]);
    }
  };

  start('dbus-daemon', [`--config-file=${join(dir, 'bus.conf')}`, '--nofork']);
  await sleep(300);
  start('avahi-daemon', ['-f', join(dir, 'avahi.conf'), '--no-drop-root', '--no-chroot', '--no-rlimits']);
  await sleep(700);
  const port = await freePort();
  const url = `ipp://localhost:${port}/ipp/print`;
  const spool = ['-d', join(dir, 'spool'), '-k'];
  const what = ['-r', 'off', '-f', 'application/pdf', '-c', command, 'Okno A4'];
  start('ippeveprinter', ['-n', 'localhost', '-p', String(port), ...spool, ...what]);
  for (let tries = 0; tries < 20; tries++) {
    await sleep(250);
    if (children.at(-1)?.exitCode !== null) break;
    const answers = await run('ipptool', ['-T', '2', '-q', url, 'get-jobs.test']).then(
      () => true,
      () => false,
    );
    if (answers) return { url, tray, close };
  }
  await close();
  return { reason: 'ippeveprinter with dbus-daemon and avahi-daemon does not start on this machine' };
}

const avahiConfiguration = `[server]
allow-interfaces=lo
use-ipv6=no
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
`;

const busConfiguration = (socket: string) => `<!DOCTYPE busconfig PUBLIC
  "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
  </policy>
</busconfig>
`;
