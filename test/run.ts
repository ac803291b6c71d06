import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from '../provisioning/npm-command.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = `${root}node_modules/.bin`;
const program = npmCommand('npm test', 'every check, then every test; fails when any of them does')
  .argument('[words...]', 'only the test files whose path contains one of them, without the checks')
  .option('--checks-only', 'no tests')
  .option('--long', 'only the tests that take minutes, one file at a time')
  .option('--vm', 'only those of the appliance in a virtual machine')
  // How loaded a machine of CI is nobody knows, and a fault that comes back is still a failure.
  .option(
    '--again',
    'give a few files that failed one more chance, alone, and name them as unsteady if they use it',
  )
  .parse();
const words = program.args;
const options = program.opts<{ checksOnly?: true; long?: true; vm?: true; again?: true }>();
const isVm = options.vm === true;
const isLong = isVm || options.long === true;

const checks: [name: string, program: string, ...args: string[]][] = [
  ['Format, lint and import rules', `${bin}/biome`, 'check', '--error-on-warnings'],
  ['Types', `${bin}/tsc`, '--noEmit'],
  ['Unused files, exports and packages', `${bin}/knip`],
  ['docs/ERRORS.md is up to date', process.execPath, 'provisioning/docs/errors.ts', '--check'],
];

/** Clusters, kills by the hundred, the other ways of the visit, memory at rest: each wants a machine for itself. */
const longFiles =
  /^test\/(failure\/(archive-kill|cluster|cluster-of-three|hall-model-long|hub-takeover|kill|random-kill|return)|scenario\/visit-ways|contract\/box-memory)\.test\.ts$/;
/** One more than two cores have work for: many wait for clocks, lines and programs. */
const filesAtOnce = 3;
/** More than that is no matter of load. */
const mostAgain = 3;
/** Ends a file of tests that hangs, often by something left open; none comes near. */
const testTimeoutMs = (isVm ? 20 : 5) * 60_000;

function succeeds(program: string, ...args: string[]): boolean {
  const run = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Tools of node_modules start with `env node`: that has to be the pinned one.
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      // Hundreds of programs start: what Node compiled for one, the next need not compile.
      NODE_COMPILE_CACHE: `${root}node_modules/.cache/okno-compiled`,
    },
  });
  if (run.error) console.error(run.error.message);
  return run.status === 0;
}

function testFiles(): string[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).sort();
  return files
    .filter(file => !/^test\/(simulators|fixtures)\//.test(file))
    .filter(file => /^test\/vm\//.test(file) === isVm)
    .filter(file =>
      words.length > 0 ? words.some(word => file.includes(word)) : isVm || longFiles.test(file) === isLong,
    );
}

/** Runs the tests; the last lines are the counts of `node --test` itself. */
function testsPass(): boolean {
  const files = testFiles();
  if (files.length === 0) {
    console.error(`No test file found${words.length > 0 ? ` for: ${words.join(' ')}` : ''}.`);
    return false;
  }
  console.log(`\n## Tests (${files.length} files)`);
  const failed = failedOf(files, isLong ? 1 : filesAtOnce);
  const another = options.again && failed.length > 0 && failed.length <= mostAgain;
  if (!another) return failed.length === 0;
  console.log(`\n## Once more, alone: ${failed.join(', ')}`);
  if (failedOf(failed, 1).length > 0) return false;
  console.log(`\nUnsteady, to be mended: ${failed.join(', ')}`);
  return true;
}

/** The files of these in which something failed. */
function failedOf(files: readonly string[], atOnce: number): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'okno-failed-'));
  const list = join(dir, 'files');
  const passed = succeeds(
    process.execPath,
    '--test',
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${root}test/failed-files.ts`, `--test-reporter-destination=${list}`],
    `--test-concurrency=${atOnce}`,
    `--test-timeout=${testTimeoutMs}`,
    // Node 24 may turn for ever while it takes its own handles down, with every test and socket ended.
    '--test-force-exit',
    ...files,
  );
  const named = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  rmSync(dir, { recursive: true });
  if (passed) return [];
  // A run that broke off without a word about any file says nothing good of all of them.
  return named.length > 0 ? named.map(file => relative(root, file)) : [...files];
}

const failed: string[] = [];
for (const [name, program, ...rest] of words.length > 0 || isLong ? [] : checks) {
  console.log(`\n## ${name}`);
  if (!succeeds(program, ...rest)) failed.push(name);
}
if (!options.checksOnly && !testsPass()) failed.push('Tests');
if (failed.length > 0) {
  console.error(`Failed: ${failed.join('; ')}`);
  process.exitCode = 1;
}
