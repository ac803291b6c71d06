'use strict';

const { spawnSync } = require('node:child_process');
const { say } = require('./say.cjs');

/** What virtual machines take is installed for `npm run test:vm` alone. */
const packages = require('./debian-packages.json').filter(
  ({ neededBy }) => neededBy !== 'vm' || process.argv.includes('--vm'),
);

/** Others may hold dpkg's lock for minutes; without a time-out apt gives up at once. */
const lockTimeoutSeconds = 500;
const aptOptions = ['-qq', '-o', `DPkg::Lock::Timeout=${lockTimeoutSeconds}`, '-o', 'Dpkg::Use-Pty=0'];

/**
 * Packages of `debian-packages.json` that are not installed, found by one call of dpkg-query.
 * Undefined when this system has no dpkg.
 */
function findMissing() {
  const names = packages.map(({ name }) => name);
  const query = spawnSync('dpkg-query', ['-W', '-f', `\${Package} \${db:Status-Abbrev}\n`, ...names], {
    encoding: 'utf8',
  });
  if (query.error) return undefined;
  // The second letter is what is really there: `hi` is an installed package that somebody holds.
  const installed = new Set([...query.stdout.matchAll(/^(\S+) .i/gm)].map(match => match[1]));
  return packages.filter(({ name }) => !installed.has(name));
}

/** Installs packages as root. Says how far it is; returns what is missing afterwards. */
function install(missing, step) {
  const names = missing.map(({ name }) => name);
  say(
    `${step} Ставлю пакеты Debian (${names.length}): ${names.join(' ')}`,
    `${step} Installing Debian packages (${names.length})`,
  );
  aptGet('update');
  if (!aptGet('install', ...names)) {
    // One package that this release does not have must not keep the others away.
    for (const name of names) aptGet('install', name);
  }
  return findMissing() ?? [];
}

function aptGet(command, ...names) {
  const flags = command === 'install' ? ['-y', '--no-install-recommends'] : [];
  const run = spawnSync('apt-get', [...aptOptions, command, ...flags, ...names], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return run.status === 0;
}

/** Tells what will not work, and the command that mends it. */
function tellMissing(missing) {
  say(
    'Не установлены пакеты Debian. Без них не будет работать:',
    'Debian packages are missing. Without them these will not work:',
  );
  for (const { name, neededBy, without } of missing) {
    process.stderr.write(`  ${name.padEnd(20)} ${neededBy.padEnd(6)} ${without.ru} · ${without.en}\n`);
  }
  const names = missing.map(({ name }) => name).join(' ');
  say('Установить:', 'To install them:');
  process.stderr.write(`  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}\n`);
}

module.exports = { findMissing, install, tellMissing };
