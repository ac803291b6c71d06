import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../../provisioning/image/commands.ts';
import type { Image } from '../../provisioning/image/image.ts';
import { connectWhenThere, openQmp, type Qmp } from './qmp.ts';

/** Ports inside the machine that are reached from outside. */
export const insidePorts = { box: 8080, agent: 7000, posScanner: 7001, gadgetPrinter: 7002 };

export interface Machine {
  qmp: Qmp;
  /** Addresses as this side reaches them. */
  urls: Record<keyof typeof insidePorts, string>;
  /** What the machine wrote to its console so far. */
  console(): Promise<string>;
  /** Path of a socket that devices of the machine use, by name. */
  socketPath(name: string): string;
  /** Plugs a device into a USB port, 1 to 8; gives the name to unplug it by. */
  plugIn(driver: string, port: number, properties?: Record<string, unknown>): Promise<string>;
  unplug(name: string): Promise<void>;
  isOver(): boolean;
  stop(): Promise<void>;
}

/**
 * Starts the image in QEMU with USB ports to plug into and a network that reaches only this machine. TCG and
 * never KVM: where a host offers paravirtual KVM alone, a stock kernel hangs in it without an error.
 * @param dir gets sockets; short, for a socket's path has 107 characters
 */
export async function startMachine(image: Image, dir: string, consolePath: string): Promise<Machine> {
  await mkdir(dir, { recursive: true });
  const socketPath = (name: string) => join(dir, `${name}.sock`);
  const drives = image.layers.flatMap(file => ['-drive', `file=${file},format=raw,if=virtio,readonly=on`]);
  const forwards = Object.values(insidePorts).map(port => `hostfwd=tcp:127.0.0.1:0-:${port}`);
  const append = [
    ...['console=ttyS0', 'loglevel=4', 'panic=-1', 'mitigations=off', 'net.ifnames=0'],
    ...[
      'systemd.show_status=false',
      'systemd.journald.forward_to_console=1',
      `okno.layers=${image.layers.length}`,
    ],
  ];
  await command('qemu-system-x86_64', ['--version']);
  // The kernel ends it when we end, whichever way: a forgotten one would eat a core.
  const qemu = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'qemu-system-x86_64'],
      ...[
        '-machine',
        'q35',
        '-accel',
        'tcg,thread=multi,tb-size=512',
        '-cpu',
        'max',
        '-smp',
        '2',
        '-m',
        '1536',
      ],
      ...['-nodefaults', '-no-reboot', '-display', 'none', '-serial', `file:${consolePath}`],
      ...['-kernel', image.vmlinuz, '-initrd', image.initrd, '-append', append.join(' '), ...drives],
      ...['-qmp', `unix:${socketPath('qmp')},server=on,wait=off`],
      ...['-netdev', `user,id=net,restrict=on,${forwards.join(',')}`, '-device', 'virtio-net-pci,netdev=net'],
      ...['-device', 'virtio-rng-pci', '-device', 'qemu-xhci,id=usb,p2=8,p3=8'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said = createWriteStream(join(dir, 'qemu.log'));
  qemu.stdout.pipe(said, { end: false });
  qemu.stderr.pipe(said, { end: false });
  let isOver = false;
  let plugs = 0;
  const ended = new Promise<void>(resolve => {
    qemu.once('error', error => said.write(String(error)));
    qemu.once('close', () => {
      isOver = true;
      said.end(resolve);
    });
  });
  const stop = async () => {
    if (!isOver) qemu.kill('SIGKILL');
    await ended;
  };
  try {
    const qmp = await openQmp(await connectWhenThere(socketPath('qmp'), () => isOver));
    return {
      qmp,
      urls: forwardedUrls(await qmp.monitor('info usernet')),
      console: () => readFile(consolePath, 'utf8'),
      socketPath,
      async plugIn(driver, port, properties = {}) {
        const id = `${driver}-${plugs++}`;
        await qmp.execute('device_add', { driver, id, bus: 'usb.0', port: String(port), ...properties });
        return id;
      },
      unplug: async id => void (await qmp.execute('device_del', { id })),
      isOver: () => isOver,
      async stop() {
        qmp.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw new Error(`QEMU did not start: ${await readFile(join(dir, 'qemu.log'), 'utf8')}`, { cause: error });
  }
}

/** `TCP[HOST_FORWARD]  12  127.0.0.1 43211  10.0.2.15  8080  0  0` */
function forwardedUrls(usernet: string): Machine['urls'] {
  const rows = usernet.matchAll(/HOST_FORWARD\]\s+\d+\s+127\.0\.0\.1\s+(\d+)\s+\S+\s+(\d+)/g);
  const outside = new Map([...rows].map(([, outer, inner]) => [Number(inner), `http://127.0.0.1:${outer}`]));
  const url = (name: keyof Machine['urls']) => outside.get(insidePorts[name]) ?? '';
  return {
    ...{ box: url('box'), agent: url('agent') },
    ...{ posScanner: url('posScanner'), gadgetPrinter: url('gadgetPrinter') },
  };
}
