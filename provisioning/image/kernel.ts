import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { madeOnce } from './cache.ts';
import { command } from './commands.ts';
import { earlyModules } from './recipe.ts';

export interface Kernel {
  /** Folder with the unpacked package: `boot/vmlinuz-…`, `lib/modules/…`. */
  folder: string;
  /** `6.1.0-56-amd64`. */
  release: string;
  /** Path of the compressed kernel. */
  vmlinuz: string;
  /** Path of the initial RAM disk. */
  initrd: string;
}

/**
 * Debian's own kernel, unpacked and not installed: the machine that makes the image keeps its own. Throws
 * `setup.image-failed` when the package's name is not known or it cannot be fetched.
 */
export async function fetchKernel(): Promise<Kernel> {
  const depends = await command('apt-cache', ['depends', '--important', 'linux-image-amd64']);
  const name = /Depends: (linux-image-\S+)/.exec(depends)?.[1] ?? 'linux-image-amd64';
  const shown = await command('apt-cache', ['show', '--no-all-versions', name]);
  const version = /^Version: (\S+)/m.exec(shown)?.[1] ?? '';
  const folder = await madeOnce('kernel', { name, version, earlyModules, init }, async part => {
    await command('apt-get', ['download', `${name}=${version}`], part);
    const [archive = ''] = (await readdir(part)).filter(each => each.endsWith('.deb'));
    await command('dpkg-deb', ['-x', archive, '.'], part);
    const release = await releaseOf(part);
    await command('depmod', ['-b', part, release]);
    await makeInitrd(part, release);
  });
  const release = await releaseOf(folder);
  const vmlinuz = join(folder, 'boot', `vmlinuz-${release}`);
  return { folder, release, vmlinuz, initrd: join(folder, 'initrd.gz') };
}

async function releaseOf(folder: string): Promise<string> {
  const [release = ''] = await readdir(join(folder, 'lib/modules'));
  return release;
}

/** Files of modules and of all that they depend on, in the order in which they have to be loaded. */
export async function moduleFiles(
  folder: string,
  release: string,
  names: readonly string[],
): Promise<string[]> {
  const files = new Set<string>();
  for (const name of names) {
    const steps = await command('modprobe', ['-d', folder, '-S', release, '--show-depends', name]);
    for (const [, file] of steps.matchAll(/^insmod (\S+)/gm)) if (file) files.add(file);
  }
  return [...files];
}

/** Stacks the layers, the first disk lowest, under a writable one in memory, and goes on in them. */
const init = `#!/bin/busybox sh
B=/bin/busybox
$B mount -t proc proc /proc; $B mount -t sysfs sys /sys; $B mount -t devtmpfs dev /dev
for module in /m/*.ko; do $B insmod $module; done
for word in $($B cat /proc/cmdline); do case $word in okno.layers=*) COUNT=\${word#okno.layers=};; esac; done
LOWER=
for letter in a b c d e f g h; do
  [ $COUNT -gt 0 ] || break
  waited=0
  while [ ! -b /dev/vd$letter ] && [ $waited -lt 600 ]; do $B sleep 0.05; waited=$((waited+1)); done
  $B mkdir -p /layers/$letter
  $B mount -t squashfs -o ro /dev/vd$letter /layers/$letter || exec $B sh
  LOWER=/layers/$letter\${LOWER:+:$LOWER}
  COUNT=$((COUNT-1))
done
$B mount -t tmpfs tmpfs /written; $B mkdir /written/upper /written/work
$B mount -t overlay -o lowerdir=$LOWER,upperdir=/written/upper,workdir=/written/work overlay /root
$B umount /proc; $B umount /sys; $B mount --move /dev /root/dev
exec $B switch_root /root /sbin/init
`;

async function makeInitrd(folder: string, release: string): Promise<void> {
  const tree = join(folder, 'initrd');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'm', 'layers', 'written', 'root'])
    await mkdir(join(tree, name), { recursive: true });
  await copyFile('/bin/busybox', join(tree, 'bin/busybox'));
  for (const [index, file] of (await moduleFiles(folder, release, earlyModules)).entries())
    await copyFile(file, join(tree, 'm', `${String(index).padStart(2, '0')}-${basename(file)}`));
  await writeFile(join(tree, 'init'), init, { mode: 0o755 });
  await command('sh', ['-c', 'find . | cpio --quiet -o -H newc | gzip -9 > ../initrd.gz'], tree);
}
