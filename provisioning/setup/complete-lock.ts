import { readFileSync, writeFileSync } from 'node:fs';

/*
 * npm writes a lock without the optional packages of other platforms when it finds them neither installed
 * nor in its registry (npm/cli#4828), and then `npm ci` refuses that very lock. Run this after every
 * `npm install` that changed package-lock.json:
 *
 *   node_modules/.bin/node provisioning/setup/complete-lock.ts
 */

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  os?: string[] | string;
  cpu?: string[] | string;
  libc?: string[] | string;
}

export interface Lock {
  packages: Record<string, LockedPackage>;
}

const platform =
  /(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-(musl|gnu))?/;

/** A lock with an entry for each optional package that another names, and the names it lacked. */
export function completeLock({ packages, ...rest }: Lock): { lock: Lock; added: string[] } {
  const added: Record<string, LockedPackage> = {};
  for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (packages[`node_modules/${name}`] || packages[`${path}/node_modules/${name}`]) continue;
      const { os, cpu, libc } = platformOf(name);
      // The order of members is npm's own, so that its next run changes nothing.
      added[`node_modules/${name}`] = {
        version,
        cpu,
        ...(dev && { dev }),
        ...(libc && { libc }),
        optional: true,
        os,
      };
    }
  }
  const all = Object.entries({ ...packages, ...added }).sort(([a], [b]) => (a < b ? -1 : 1));
  return { lock: { ...rest, packages: Object.fromEntries(all) }, added: Object.keys(added).sort() };
}

/** Which machines a package is for, by its name: an entry that says so is never fetched on another. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc?: string[] } {
  const [, os, cpu, libc] = platform.exec(name) ?? [];
  if (!os || !cpu) throw new Error(`${name} does not tell its platform: add it to package-lock.json by hand`);
  return { os: [os], cpu: [cpu], ...(libc ? { libc: [libc === 'musl' ? 'musl' : 'glibc'] } : {}) };
}

if (import.meta.main) {
  const file = new URL('../../package-lock.json', import.meta.url);
  const { lock, added } = completeLock(JSON.parse(readFileSync(file, 'utf8')));
  if (added.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${added.length} entries added`);
}
