'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { say } = require('./say.cjs');

/** Packages with native code that the programs cannot do without; these are compiled here. */
const compiled = ['pkcs11js', 'smartcard'];
const native = [...compiled, '@serialport/bindings-cpp', 'node-hid', 'sharp', 'esbuild'];

/** The npm packages of the project in `root`: whether they fit `package-lock.json`, and how to get them. */
function npmPackages(root) {
  const modules = join(root, 'node_modules');
  const lockFile = join(root, 'package-lock.json');
  const hiddenLockFile = join(modules, '.package-lock.json');
  const stampFile = join(modules, '.okno-stamp');
  const node = join(modules, '.bin', 'node');

  /** The lock and the machine: one folder may be shared by machines of two kinds. */
  function wantedStamp() {
    const digest = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
    return `${digest} ${process.platform}-${process.arch}\n`;
  }

  function upToDate() {
    return textOf(stampFile) === wantedStamp() && existsSync(node);
  }

  /** Whether somebody ran `npm ci` by hand: npm writes its hidden lock as the last act of a whole install. */
  function installedByHand() {
    const hidden = textOf(hiddenLockFile);
    if (!hidden || !existsSync(node)) return false;
    const present = JSON.parse(hidden).packages;
    const wanted = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages).filter(
      ([path]) => path,
    );
    return wanted.every(([path, { version, integrity, optional }]) => {
      const found = present[path];
      if (!found) return optional === true;
      return (
        found.version === version &&
        found.integrity === integrity &&
        existsSync(join(root, path, 'package.json'))
      );
    });
  }

  /** Makes `node_modules` fit the lock. True when everything is there and loads. */
  function install(step) {
    if (!installedByHand()) {
      say(`${step} Ставлю пакеты npm (около минуты)`, `${step} Installing npm packages (about a minute)`);
      // An install that is cut short must not look like a whole one next time.
      for (const mark of [stampFile, hiddenLockFile]) rmSync(mark, { force: true });
      if (!npm('ci', '--include=dev', '--include=optional')) return false;
    }
    if (compiled.some(name => !loads(name)) && !npm('rebuild', '--ignore-scripts=false', ...compiled)) {
      return false;
    }
    const broken = native.filter(name => !loads(name, 2));
    if (broken.length > 0) {
      say(`Не загружается: ${broken.join(', ')}`, `Does not load: ${broken.join(', ')}`);
      return false;
    }
    writeStamp();
    return true;
  }

  function writeStamp() {
    mkdirSync(modules, { recursive: true });
    const unfinished = `${stampFile}.${process.pid}`;
    writeFileSync(unfinished, wantedStamp());
    renameSync(unfinished, stampFile);
  }

  /** Whether a module loads in the pinned Node. */
  function loads(name, errors = 'ignore') {
    const run = spawnSync(node, ['-e', 'require(process.argv[1])', name], {
      cwd: root,
      stdio: ['ignore', 'ignore', errors],
    });
    return run.status === 0;
  }

  function npm(...args) {
    const [command, ...before] = npmCommand(process.env);
    const run = spawnSync(command, [...before, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      env: npmEnvironment(root, process.env),
    });
    return run.status === 0;
  }

  return { upToDate, install };
}

/**
 * The npm that started us, run by the Node that runs npm: `node` on the PATH of an npm script may be the
 * pinned one, which `npm ci` takes away while it works.
 */
function npmCommand(env) {
  const { npm_execpath: npm, npm_node_execpath: node } = env;
  return npm && node && basename(npm) === 'npm-cli.js' ? [node, npm] : ['npm'];
}

/**
 * node-gyp must find the headers of the pinned Node. A person's own npm settings may name others
 * (`nodedir=/usr`); the environment wins over them.
 */
function npmEnvironment(root, env) {
  return { ...env, npm_config_nodedir: join(root, 'node_modules', `node-linux-${process.arch}`) };
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

module.exports = { npmPackages };
