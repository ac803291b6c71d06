import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { compareProjections } from '../../device/journal/compare-projections.ts';
import { openJournal } from '../../device/journal/journal.ts';
import { migrateBox } from '../../device/journal/migrate-box.ts';
import { verifyEpoch } from '../../device/journal/verify-chain.ts';
import { systemClock } from '../../platform/clock.ts';
import { openDatabase } from '../../platform/sqlite.ts';
import { AppError } from '../../protocol/app-error.ts';
import { exitStatus } from './exit-status.ts';
import { registerInstallCertificate } from './install-certificate.ts';
import { registerTakeOver } from './take-over.ts';

interface BoxOptions {
  data: string;
}

/** Adds `okno box check` and `okno box rebuild`, for a box that is not running, and `okno box take-over`. */
export function registerBox(program: Command): void {
  const box = program
    .command('box')
    .description('look after a box: its database while it is stopped, its place in the branch while it runs');
  const data = ['--data <folder>', 'data folder of the box, with box.db in it'] as const;
  box
    .command('check')
    .description(
      'check the database, the hash chain of every journal, and that the projections follow from it',
    )
    .requiredOption(...data)
    .addHelpText(
      'after',
      '\nPrints one line of JSON. Exit status: 0 all holds, 1 something does not, 3 no database.',
    )
    .action(options => run(options, check));
  box
    .command('rebuild')
    .description('drop what pages read (the projections) and build it again from the facts')
    .requiredOption(...data)
    .addHelpText('after', '\nPrints one line of JSON: per table, rows before, after, and how many differ.')
    .action(options => run(options, rebuild));
  registerTakeOver(box);
  registerInstallCertificate(box);
}

async function run({ data }: BoxOptions, act: (path: string) => Promise<object & { ok: boolean }>) {
  const path = join(data, 'box.db');
  if (!existsSync(path)) {
    process.stderr.write(`Нет базы данных: ${path}\n`);
    process.exitCode = exitStatus.unusable;
    return;
  }
  const result = await act(path);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = result.ok ? exitStatus.passed : exitStatus.failed;
}

async function check(path: string) {
  const db = openDatabase(path);
  try {
    const found = db.prepare('pragma quick_check(5)').all() as { quick_check: string }[];
    const database = found.map(({ quick_check }) => quick_check);
    if (database[0] !== 'ok') return { ok: false, database };
    migrateBox(db);
    const epochs = (
      db.prepare('select epoch, damaged, receipted from epochs order by number').all() as {
        epoch: string;
        damaged: number;
        receipted: number;
      }[]
    ).map(({ epoch, damaged, receipted }) => {
      const chain = chainOf(() => verifyEpoch(db, epoch, { damaged: damaged === 1 }));
      return { epoch, damaged: damaged === 1, receipted, ...chain };
    });
    const tables = compareProjections(db, { keep: 'old' });
    const ok = epochs.every(({ broken }) => broken === null) && tables.every(({ differ }) => differ === 0);
    return { ok, database: ['ok'], epochs, tables };
  } finally {
    db.close();
  }
}

function chainOf(verify: () => { facts: number; head: string }) {
  try {
    return { ...verify(), broken: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { facts: 0, head: null, broken: { code: error.code, ...error.details } };
  }
}

async function rebuild(path: string) {
  const db = openDatabase(path);
  // Facts that do not hold must not be made the ground of everything that pages show.
  const journal = openJournal({ db, clock: systemClock, clockQuality: () => 'untrusted' });
  try {
    const { facts } = journal.verifyChain();
    const tables = compareProjections(db, { keep: 'new' });
    return { ok: true, facts, tables };
  } finally {
    await journal.close();
    db.close();
  }
}
