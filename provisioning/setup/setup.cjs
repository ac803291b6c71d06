'use strict';

/*
 * Makes this machine fit to run the project, and says nothing when it already is. Runs in whatever Node
 * the machine has (18 or newer): the pinned one may not be there yet. Every npm script begins with it;
 * `--vm` adds the packages that virtual machines take.
 *
 * Exit status 0: the programs can run, perhaps without something that was named. 1: they cannot.
 */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { delimiter, join, resolve } = require('node:path');
const { findMissing, install, tellMissing } = require('./debian.cjs');
const { npmPackages } = require('./npm-packages.cjs');
const { compilePageReader } = require('./page-reader.cjs');
const { say } = require('./say.cjs');

const root = resolve(__dirname, '../..');
const npm = npmPackages(root);

function main() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    say('Нужен Linux на x64 или arm64.', 'This needs Linux on x64 or arm64.');
    return 1;
  }
  const missing = findMissing();
  const npmDue = !npm.upToDate();
  const mayInstall = process.getuid() === 0;
  if (!npmDue && missing?.length === 0) return 0;
  if (!npmDue && (!mayInstall || !missing)) return tell(missing);
  return process.env.OKNO_SETUP_LOCKED === root ? setUp(missing, npmDue, mayInstall) : underLock();
}

function setUp(missing, npmDue, mayInstall) {
  const left = missing?.length && mayInstall ? install(missing, '[1/2]') : missing;
  tell(left);
  if (!npmDue) return 0;
  const tools = ['python3', 'make', process.env.CXX || 'g++'].filter(tool => !onPath(tool));
  if (tools.length > 0) {
    say(`Без ${tools.join(', ')} собрать нельзя.`, `Nothing can be built without ${tools.join(', ')}.`);
    return 1;
  }
  if (npm.install('[2/2]')) return 0;
  say(
    'Установка не закончена: причина выше. Устраните её и повторите ту же команду.',
    'The set-up is not complete: the reason is above. Mend it and run the same command again.',
  );
  return 1;
}

function tell(missing) {
  if (missing === undefined) {
    say(
      'Это не Debian: пакеты системы не проверены. Их список: provisioning/setup/debian-packages.json',
      'This is not Debian: system packages were not checked. They are listed in provisioning/setup/debian-packages.json',
    );
  } else if (missing.length > 0) tellMissing(missing);
  return 0;
}

/**
 * Runs this program again while the kernel holds a lock on package-lock.json: two npm scripts at once
 * must not both rebuild node_modules. The lock goes with its holder, so there is no stale one to detect.
 * `--close` keeps it from daemons that a package starts.
 */
function underLock() {
  const busy = 75;
  const again = [join(root, 'package-lock.json'), process.execPath, __filename, ...process.argv.slice(2)];
  const options = { stdio: 'inherit', env: { ...process.env, OKNO_SETUP_LOCKED: root } };
  const first = spawnSync('flock', ['--close', '--nonblock', '-E', `${busy}`, ...again], options);
  if (first.error) return spawnSync(process.execPath, again.slice(2), options).status ?? 1;
  if (first.status !== busy) return first.status ?? 1;
  say('Жду: установка уже идёт в другом окне.', 'Waiting: another set-up is running.');
  return spawnSync('flock', ['--close', ...again], options).status ?? 1;
}

function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, command)));
}

process.exitCode = main();
if (process.exitCode === 0) compilePageReader(root);
