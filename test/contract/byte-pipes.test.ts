import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { BytePipe } from '../../device/peripherals/byte-pipe.ts';
import { openSerial } from '../../device/peripherals/transports/serial.ts';
import { openTcp } from '../../device/peripherals/transports/tcp.ts';
import { openUsbPrinter } from '../../device/peripherals/transports/usb-printer.ts';
import { childRunning } from '../fixtures/child-running.ts';
import { openPty, type PtyEnd } from '../simulators/ticket-printer/pty.ts';

const offline = { code: 'printer.offline' };
const closed = (pipe: { onClose(listener: () => void): void }) =>
  new Promise<void>(done => pipe.onClose(done));

interface Hosted {
  name: string;
  program: string;
  open(path: string, writeTimeoutMs?: number): Promise<BytePipe>;
}

/** The file of a USB printer is played by a pseudo-terminal: blocking both ways, gone when the cable is. */
const hosted: Hosted[] = [
  {
    name: 'a serial line',
    program: 'serial-host',
    open: (path, writeTimeoutMs = 5000) => openSerial({ path, baudRate: 9600, writeTimeoutMs }),
  },
  {
    name: 'the file of a USB printer',
    program: 'usb-printer-host',
    open: (path, writeTimeoutMs = 5000) => openUsbPrinter({ path, writeTimeoutMs }),
  },
];

for (const { name, program, open } of hosted)
  describe(`a byte pipe over ${name}`, { timeout: 60_000 }, () => {
    let folder: string;
    let path: string;
    let far: PtyEnd;
    const arrived: number[] = [];

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'okno-serial-'));
      path = join(folder, 'tty');
      far = await openPty(path, bytes => arrived.push(...bytes));
    });
    after(async () => {
      await far.close();
      await rm(folder, { recursive: true });
    });

    test('every byte value passes both ways, 11h and 13h too', async () => {
      const all = Uint8Array.from({ length: 256 }, (_, value) => value);
      const pipe = await open(path);
      const back: number[] = [];
      const complete = Promise.withResolvers<void>();
      pipe.onBytes(bytes => {
        back.push(...bytes);
        if (back.length >= all.length) complete.resolve();
      });
      far.send(all);
      await complete.promise;
      await pipe.write(all);
      while (arrived.length < all.length) await new Promise(resolve => setTimeout(resolve, 5));
      assert.deepEqual(back, [...all]);
      assert.deepEqual(arrived, [...all]);
      await pipe.close();
    });

    test('a port that is not there is refused with a code', async () => {
      await assert.rejects(open(join(folder, 'nothing')), offline);
    });

    test('closing twice is harmless, closing tells once, and the port is free again', async () => {
      const pipe = await open(path);
      let told = 0;
      pipe.onClose(() => told++);
      await Promise.all([pipe.close(), pipe.close()]);
      await pipe.close();
      await assert.rejects(pipe.write(Uint8Array.of(1)), offline);
      assert.equal(told, 1);
      await (await open(path)).close();
    });

    test('a crash of the process that holds the port closes the pipe and nothing else', async () => {
      const pipe = await open(path);
      process.kill(await childRunning(program), 'SIGKILL');
      await closed(pipe);
      await assert.rejects(pipe.write(Uint8Array.of(1)), offline);
    });

    test('a device that takes no bytes is given up by the watchdog', async () => {
      const pipe = await open(path, 200);
      const device = await childRunning('pty-end');
      process.kill(device, 'SIGSTOP');
      await assert.rejects(pipe.write(new Uint8Array(1 << 20)), offline);
      process.kill(device, 'SIGCONT');
      await closed(pipe);
      await pipe.close();
    });
  });

describe('a byte pipe over TCP', { timeout: 60_000 }, () => {
  test('a port where nobody listens is refused with a code', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    await assert.rejects(openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 1000 }), offline);
  });

  test('the pipe closes when the other end leaves, and closing again is harmless', async () => {
    const server = createServer(socket => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pipe = await openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 1000 });
    await closed(pipe);
    await pipe.close();
    await assert.rejects(pipe.write(Uint8Array.of(1)), offline);
    server.close();
  });

  test('a device that takes no bytes is given up by the watchdog', async () => {
    const server = createServer(socket => socket.pause()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pipe = await openTcp({ host: '127.0.0.1', port, connectTimeoutMs: 1000, writeTimeoutMs: 200 });
    await assert.rejects(pipe.write(new Uint8Array(64 << 20)), offline);
    await closed(pipe);
    server.close();
  });
});
