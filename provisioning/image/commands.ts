import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { AppError } from '../../protocol/app-error.ts';

const run = promisify(execFile);
const keptOutputBytes = 64 * 1024 ** 2;

/** The Debian package of each program that making an image takes. */
const packageOf: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  mksquashfs: 'squashfs-tools',
  cpio: 'cpio',
  depmod: 'kmod',
  modprobe: 'kmod',
  'dpkg-deb': 'dpkg',
  'qemu-system-x86_64': 'qemu-system-x86',
};

/**
 * Runs a program to its end and gives what it printed. Throws `setup.package-missing` when it is not here, and
 * `setup.image-failed` with the end of what it said when it fails.
 */
export async function command(program: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const env = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    const { stdout } = await run(program, args, { env, maxBuffer: keptOutputBytes, ...(cwd && { cwd }) });
    return stdout;
  } catch (cause) {
    const failure = cause as NodeJS.ErrnoException & { stdout?: string; stderr?: string };
    const name = packageOf[program] ?? program;
    if (failure.code === 'ENOENT' && failure.syscall?.startsWith('spawn'))
      throw new AppError('setup.package-missing', { package: name, command: `apt-get install ${name}` });
    const said = `${failure.stdout ?? ''}${failure.stderr ?? ''}`.trim().slice(-2000);
    throw new AppError('setup.image-failed', { program, said }, { cause });
  }
}
