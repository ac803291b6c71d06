import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readCentreConfig } from '../../central/config.ts';
import { brokerUsers } from '../../central/ingress/broker-users.ts';
import { type Compared, copyStorage } from '../../central/storage/copy.ts';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import { createLog } from '../../platform/log.ts';
import { importAuthority } from '../certificates/authority.ts';
import { renewCertificate } from '../certificates/renew.ts';
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
    .command('renew-certificate')
    .description(
      'issue a certificate anew for the same key and name, and print it: of a box, its seal, or the centre',
    )
    .argument('<file>', 'the certificate that ends, PEM; its key stays where it is')
    .requiredOption('--authority <folder>', 'ca.pem and ca-key.pem of the authority that issued it')
    .option('--days <number>', 'how long it is good', '365')
    .addHelpText('after', '\nExit status: 0 printed, 3 not issued by this authority, or not readable.')
    .action(renew);
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

async function renew(
  file: string,
  { authority: dir, days }: { authority: string; days: string },
): Promise<void> {
  const read = (path: string) => readFile(path, 'utf8');
  await orUnusable(async () => {
    const keys = {
      certificate: await read(join(dir, 'ca.pem')),
      privateKey: await read(join(dir, 'ca-key.pem')),
    };
    const renewed = await renewCertificate(await importAuthority(keys), await read(file), Number(days));
    process.stdout.write(renewed);
  });
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
