import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readCentreConfig } from '../../central/config.ts';
import { brokerUsers } from '../../central/ingress/broker-users.ts';
import { type Compared, copyStorage } from '../../central/storage/copy.ts';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import { createLog } from '../../platform/log.ts';
import { exitStatus, orUnusable } from './exit-status.ts';

interface MigrateOptions {
  from: string;
  to: string;
  json?: true;
}

/** Adds `okno centre …`: from one machine to several (docs/SCALE.md). */
export function registerCentre(program: Command): void {
  const centre = program.command('centre').description('work on a centre');
  centre
    .command('broker-users')
    .description('print definitions for rabbitmqctl import_definitions: a user for each box of a centre')
    .requiredOption('--from <file>', 'configuration of the centre, centre.json')
    .action(async ({ from }: { from: string }) => {
      const { boxes } = await readCentreConfig(from);
      console.log(JSON.stringify(brokerUsers(boxes.map(({ box }) => box)), null, 2));
    });
  centre
    .command('migrate')
    .description(
      'copy the books of a stopped centre from its file into an empty PostgreSQL database, and compare',
    )
    .requiredOption('--from <file>', 'configuration of the centre, centre.json')
    .requiredOption('--to <url>', 'postgres://user@host:port/database')
    .option('--json', 'print one line of JSON per table')
    .addHelpText('after', '\nExit status: 0 both are equal, 1 they are not, 3 nothing could be copied.')
    .action(migrate);
}

const migrate = ({ from, to, json }: MigrateOptions) =>
  orUnusable(async () => {
    const tables = await copied(from, to);
    for (const table of tables) console.log(json ? JSON.stringify(table) : line(table));
    process.exitCode = tables.every(({ equal }) => equal) ? exitStatus.passed : exitStatus.failed;
  });

async function copied(from: string, to: string): Promise<Compared[]> {
  const path = join((await readCentreConfig(from)).dataDir, 'centre.db');
  // Opening would make an empty one.
  await access(path);
  const source = await openSqliteStorage(path);
  try {
    const target = await openPostgresStorage(to, createLog('okno', 'warn'));
    try {
      return await copyStorage(source, target);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

const line = ({ table, rows, digest, equal }: Compared) =>
  `${equal ? '=' : '≠'} ${table.padEnd(14)} ${String(rows).padStart(9)}  ${digest}`;
