import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * Names of the programs, other than ours, that hold a device file open (F31): CUPS, ModemManager, a terminal.
 * Those of other users can only be seen by root, as which the box runs.
 */
export async function holdersOf(node: string, proc = '/proc'): Promise<string[]> {
  const ours = String(process.pid);
  const names = new Set<string>();
  for (const pid of (await readdir(proc)).filter(name => /^\d+$/.test(name) && name !== ours)) {
    if (!(await holds(`${proc}/${pid}/fd`, node))) continue;
    const name = await readFile(`${proc}/${pid}/comm`, 'utf8').catch(() => '');
    if (name !== '') names.add(name.trim());
  }
  return [...names];
}

async function holds(dir: string, node: string): Promise<boolean> {
  const files = await readdir(dir).catch(() => []);
  // A file that was closed since has no link any more.
  const targets = await Promise.all(files.map(file => readlink(`${dir}/${file}`).catch(() => '')));
  return targets.includes(node);
}
