import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { openAuditLog } from '../../central/audit/audit-log.ts';
import { type AuditFlaw, checkAudit } from '../../central/audit/check-audit.ts';
import { proveFrom } from '../../central/audit/prove.ts';
import { readCentreConfig } from '../../central/config.ts';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import { openSqliteStorage } from '../../central/storage/sqlite.ts';
import type { Storage } from '../../central/storage/storage.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { AppError } from '../../protocol/app-error.ts';
import { type AuditFault, auditFaults, judgeAuditStamp } from '../../protocol/audit/proof.ts';
import { isDamaged, type StampVerdict } from '../../protocol/signature/time-stamp.ts';
import { exitStatus } from './exit-status.ts';
import { readTrustFolder } from './trust-folder.ts';
import { readNamedFile, UnreadableFile } from './unreadable-file.ts';

/** Adds `okno audit …`: proofs out of the centre's log, checked by anybody without it. */
export function registerAudit(program: Command): void {
  const audit = program.command('audit').description('proofs of what happened at a centre');
  audit
    .command('prove')
    .description('write a proof of what the log says of cases, and that the log only grew')
    .argument('[case...]', 'numbers of cases, ПР-041-2026-000001')
    .requiredOption('--from <file>', 'configuration of the centre, centre.json')
    .option('--box <box...>', 'also the newest head of the journals of these boxes')
    .option('--since <entries>', 'also prove that it grew out of the signed log of so many entries')
    .option('--out <file>', 'where to write it; the terminal when left out')
    .action((cases: string[], options: ProveOptions) => guarded(() => prove(cases, options)));
  audit
    .command('verify')
    .description('check a proof, without the centre')
    .argument('<file>', 'what `okno audit prove` wrote')
    .requiredOption('--trust <folder>', 'certificates (*.pem) of the authorities of seals')
    .option('--known <file>', 'a proof that was kept from before: the log must have grown out of it')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', '\nExit status: 0 it holds, 1 it does not, 3 it could not be checked.')
    .action((file: string, options: VerifyOptions) => guarded(() => verify(file, options)));
  audit
    .command('check')
    .description('compare the log with the books of the centre: whether anything was changed since')
    .requiredOption('--from <file>', 'configuration of the centre, centre.json')
    .action(({ from }: { from: string }) => guarded(() => check(from)));
}

interface ProveOptions {
  from: string;
  box?: string[];
  since?: string;
  out?: string;
}
interface VerifyOptions {
  trust: string;
  known?: string;
  json?: true;
}

async function prove(cases: string[], { from, box: boxes = [], since, out }: ProveOptions): Promise<void> {
  await withStorage(from, async storage => {
    const proof = await proveFrom(storage, openAuditLog(storage, systemClock), {
      cases,
      boxes,
      ...(since === undefined ? {} : { since: Number(since) }),
    });
    const text = `${JSON.stringify(proof, null, 2)}\n`;
    if (out === undefined) process.stdout.write(text);
    else await writeFile(out, text);
  });
}

async function verify(file: string, { trust, known, json }: VerifyOptions): Promise<void> {
  const proof = await readJson(file);
  const { anchors } = await readTrustFolder(trust);
  const faults = auditFaults(proof, {
    anchors,
    ...(known === undefined ? {} : { known: checkpointOf(await readJson(known)) }),
  });
  // One of an authority that is not in the folder says nothing, and takes nothing from the proof.
  const stamped = await judgeAuditStamp(proof, anchors);
  const isGood = faults.length === 0 && !(stamped && isDamaged(stamped));
  if (json) console.log(JSON.stringify({ file, verdict: isGood ? 'passed' : 'failed', faults, stamped }));
  else {
    const lines = isGood ? ['доказательство верно / the proof holds'] : faults.map(inWords);
    if (stamped) lines.push(stampInWords(stamped));
    for (const line of lines) console.log(`${file}: ${line}`);
  }
  process.exitCode = isGood ? exitStatus.passed : exitStatus.failed;
}

const stampInWords = ({ at, reason }: StampVerdict) =>
  reason === null
    ? `метка времени / time stamp ${at?.toISOString()}`
    : `метка времени не подтверждена / the time stamp is not confirmed (${reason})`;

async function check(from: string): Promise<void> {
  await withStorage(from, async storage => {
    const { entries, flaws: found } = await checkAudit(storage);
    for (const flaw of found) console.log(flawInWords(flaw));
    console.log(
      `${entries} записей, расхождений: ${found.length} / ${entries} entries, ${found.length} differ`,
    );
    process.exitCode = found.length === 0 ? exitStatus.passed : exitStatus.failed;
  });
}

const checkpointOf = (proof: unknown) => (proof as { checkpoint?: unknown } | null)?.checkpoint ?? null;

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(Buffer.from(await readNamedFile(file)).toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function withStorage(from: string, work: (storage: Storage) => Promise<void>): Promise<void> {
  const { database, dataDir } = await readCentreConfig(from);
  const storage = database
    ? await openPostgresStorage(database, createLog('okno', 'warn'))
    : await openSqliteStorage(join(dataDir, 'centre.db'));
  try {
    await work(storage);
  } finally {
    await storage.close();
  }
}

async function guarded(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const isOurs = error instanceof AppError || error instanceof UnreadableFile;
    if (!isOurs && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.error(
      error instanceof AppError ? `${error.code} ${JSON.stringify(error.details)}` : String(error),
    );
    process.exitCode = exitStatus.unusable;
  }
}

const reasons: Record<AuditFault['reason'], string> = {
  malformed: 'это не доказательство журнала / not a proof of an audit log',
  unreadable: 'печать не читается / the seal cannot be read',
  'foreign-seal': 'печать не этого центра / the seal is not of this centre',
  'untrusted-seal': 'печати нет доверия / the seal is not trusted',
  'wrong-signature': 'подпись журнала неверна / the signature of the log is wrong',
  'entry-not-included': 'записи нет в журнале / the entry is not in the log',
  'log-rewritten': 'журнал переписан / the log was rewritten',
  'other-origin': 'журнал другого центра / the log of another centre',
};

function inWords({ reason, ...where }: AuditFault): string {
  const [place] = Object.values(where);
  return place === undefined ? reasons[reason] : `${reasons[reason]} (${place})`;
}

const flaws: Record<AuditFlaw['what'], string> = {
  'books-differ': 'книги центра говорят другое / the books say otherwise',
  'tree-differs': 'узел дерева неверен / a node of the tree is wrong',
  'not-in-log': 'событие вписано в книгу позже / the event was put into the book later',
};

const flawInWords = ({ position, what }: AuditFlaw) => `${position}: ${flaws[what]}`;
