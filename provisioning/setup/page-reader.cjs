'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, renameSync, rmSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { say } = require('./say.cjs');

const header = '/usr/include/tesseract/capi.h';
const libraries = ['-ltesseract', '-lleptonica'];

/**
 * Compiles the program that reads pages (`device/capture/engines/page-reader`), unless it is there and newer than
 * its source and the library's headers. Without compiler or headers the box takes the slower program of Debian.
 */
function compilePageReader(root) {
  const program = join(root, 'device/capture/engines/page-reader/page-reader');
  const source = `${program}.c`;
  if (!existsSync(header)) return;
  if (timeOf(program) > Math.max(timeOf(source), timeOf(header))) return;
  // Renamed into place: two set-ups at once do each other no harm, and neither does a running one.
  const fresh = `${program}.${process.pid}`;
  const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-o', fresh, source, ...libraries];
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
