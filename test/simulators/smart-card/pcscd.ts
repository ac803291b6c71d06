import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

export interface PrivatePcscd {
  /** Where cards are put in: slot 0 of the virtual reader; slot 1 is one above. */
  port: number;
  /** Makes PC/SC programs speak with this pcscd. */
  env: Record<string, string>;
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A pcscd of one's own with the virtual reader of two slots (packages pcscd, vsmartcard-vpcd). Its folder for sockets
 * is compiled in, so it runs in a mount namespace where that folder is a private one; many run side by side. Needs root.
 */
export async function startPcscd(): Promise<PrivatePcscd> {
  const dir = await mkdtemp(join(tmpdir(), 'okno-pcscd-'));
  const [run, config] = [join(dir, 'run'), join(dir, 'readers')];
  await mkdir(run);
  await mkdir(config);
  const port = await twoFreePorts();
  const channel = `0x${port.toString(16)}`;
  await writeFile(
    join(config, 'vpcd'),
    [
      'FRIENDLYNAME "Okno test reader"',
      `DEVICENAME /dev/null:${channel}`,
      `LIBPATH ${driver}`,
      `CHANNELID ${channel}`,
      '',
    ].join('\n'),
  );
  const socket = join(run, 'pcscd.comm');
  let child: ChildProcess | undefined;

  const pcscd: PrivatePcscd = {
    port,
    env: { PCSCLITE_CSOCK_NAME: socket },
    async start() {
      const script =
        'mkdir -p /run/pcscd && mount --bind "$1" /run/pcscd && exec pcscd --foreground --config "$2"';
      const started = spawn('unshare', ['--mount', 'sh', '-c', script, 'sh', run, config], {
        stdio: 'ignore',
      });
      child = started;
      while (!existsSync(socket)) {
        if (started.exitCode !== null) throw new Error(`pcscd ended with ${started.exitCode}`);
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    },
    async kill() {
      if (child && child.exitCode === null && child.signalCode === null) {
        const exited = new Promise(resolve => child?.once('exit', resolve));
        child.kill('SIGKILL');
        await exited;
      }
      // What a killed one leaves would stop the next.
      await rm(socket, { force: true });
      await rm(join(run, 'pcscd.pid'), { force: true });
    },
    async close() {
      await pcscd.kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
  await pcscd.start();
  return pcscd;
}

async function twoFreePorts(): Promise<number> {
  for (;;) {
    const first = createServer();
    const second = createServer();
    const port = await listen(first, 0);
    const next = await listen(second, port + 1);
    await Promise.all([close(first), close(second)]);
    if (next > 0) return port;
  }
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise(resolve => {
    server.once('error', () => resolve(0));
    server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()));
}
