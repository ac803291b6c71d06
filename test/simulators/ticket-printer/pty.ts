import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface PtyEnd {
  send(bytes: Uint8Array): void;
  /** Pulls the cable: the device file and the link vanish. */
  close(): Promise<void>;
}

/**
 * A serial cable with our end in hand and the other at `link`, where `serialport` opens it. Node
 * cannot make one; a C program of forty lines can (Debian package: build-essential).
 */
export async function openPty(link: string, onBytes: (bytes: Uint8Array) => void): Promise<PtyEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'okno-pty-'));
  const program = join(folder, 'pty-end');
  const source = fileURLToPath(new URL('./pty-end.c', import.meta.url));
  await promisify(execFile)('cc', ['-O1', '-Wall', '-o', program, source]);

  const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = new Promise(resolve => child.once('exit', resolve));
  // Bytes sent after the cable was pulled are lost, as on a real one.
  child.stdin.on('error', () => undefined);
  const device = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`pty-end ended with ${code}`)));
    child.stderr.once('data', (name: Buffer) => resolve(name.toString().trim()));
  });
  await rm(folder, { recursive: true });
  await rm(link, { force: true });
  await symlink(device, link);
  child.stdout.on('data', onBytes);

  return {
    send: bytes => void child.stdin.write(bytes),
    async close() {
      child.stdin.end();
      await exited;
      await rm(link, { force: true });
    },
  };
}
