'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, renameSync, rmSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { say } = require('./say.cjs');

const header = '/usr/include/tesseract/capi.h';
const libraries = ['-ltesseract', '-lleptonica', '-lm'];

/**
 * Compiles the program that reads pages (`device/capture/engines/page-reader`), unless it is there and newer than
 * its sources and the library's headers. Without compiler or headers the box takes the slower program of Debian.
 */
function compilePageReader(root) {
  const folder = join(root, 'device/capture/engines/page-reader');
  const program = join(folder, 'page-reader');
  if (!existsSync(header)) return;
  const files = readdirSync(folder).filter(name => /\.(c|h|inc)$/.test(name));
  if (timeOf(program) > Math.max(timeOf(header), ...files.map(name => timeOf(join(folder, name))))) return;
  const sources = files.filter(name => name.endsWith('.c')).map(name => join(folder, name));
  // Renamed into place: two set-ups at once do each other no harm, and neither does a running one.
  const fresh = `${program}.${process.pid}`;
  // Products and sums are rounded one by one, as the library rounds them (`network.h`).
  const strict = ['-std=c11', '-ffp-contract=off', '-Wall', '-Wextra'];
  const flags = [...strict, '-O2', '-o', fresh, ...sources, ...libraries];
  const run = spawnSync('cc', flags, { encoding: 'utf8' });
  if (run.status === 0) return renameSync(fresh, program);
  rmSync(fresh, { force: true });
  say(
    'Программа чтения страниц не собрана: распознавание будет медленнее.',
    'The program that reads pages was not compiled: recognition will be slower.',
  );
  process.stderr.write(run.stderr ?? '');
}

/** When a file was last changed, in ms; 0 when it is not there. */
function timeOf(file) {
  return existsSync(file) ? Math.max(statSync(file).mtimeMs, statSync(file).ctimeMs) : 0;
}

module.exports = { compilePageReader };
