import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CentreConfig } from '../../central/config.ts';
import { openPostgresStorage } from '../../central/storage/postgres.ts';
import {
  blobOf,
  factNaming,
  openBooks,
  openTestCentre,
  openTestJournal,
  plainFact,
  silentLog,
} from '../fixtures/books.ts';
import { type PostgresServer, startPostgres, withoutPostgres } from '../fixtures/postgres-server.ts';
import { folder } from './sync-setting.ts';

const program = fileURLToPath(new URL('../../provisioning/okno/main.ts', import.meta.url));

function migrate(configPath: string, url: string) {
  const args = [program, 'centre', 'migrate', '--from', configPath, '--to', url, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const tables = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { table: string; rows: number; equal: boolean });
  return { status, tables, stderr };
}

async function writeConfig(dir: string): Promise<string> {
  const none = 'none';
  const config: CentreConfig = {
    dataDir: 'data',
    host: '127.0.0.1',
    ports: { mqtt: 0, content: 0, operator: 0 },
    tls: { ca: none, cert: none, key: none },
    trust: { clerks: none, boxes: none, officers: none, agencySystems: none },
    register: none,
    boxes: [],
    agencies: [],
    pollAgenciesMs: 1000,
    timeZone: 'Europe/Moscow',
    operators: [],
    logLevel: 'silent',
  };
  const path = join(dir, 'centre.json');
  await writeFile(path, JSON.stringify(config));
  return path;
}

describe('okno centre migrate', { skip: withoutPostgres }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());

  test('a centre goes on in PostgreSQL exactly where it stood in its file', async t => {
    const dir = await folder(t);
    const config = await writeConfig(dir);
    const { journal } = openTestJournal();
    const content = blobOf(Buffer.from('a package'));
    await journal.commit(Array.from({ length: 2500 }, (_, n) => plainFact(n)));
    await journal.commit([factNaming(content)]);
    const envelope = (after: number, facts = journal.read(after, 5000)) => ({
      box: 'mfc-041',
      envelope: { v: 1, epoch: journal.epoch, facts },
    });
    const before = await openTestCentre(join(dir, 'data/centre.db'));
    await before.ledger.accept([envelope(0)]);
    await before.ledger.accept([envelope(0, [{ ...plainFact(), seq: 9000 } as never])]);
    const saidAt = new Date().toISOString();
    const body = { caseId: randomUUID(), status: 'registered', by: 'agency' as const, saidAt };
    await before.tell('mfc-041', { type: 'case.status', body });
    const [receipt, log] = [
      await before.ledger.receipt('mfc-041', journal.epoch),
      await before.downLogs.log('mfc-041'),
    ];
    await before.storage.close();

    const url = await server.database();
    const { status, tables } = migrate(config, url);
    assert.equal(status, 0);
    assert.ok(tables.every(({ equal }) => equal));
    assert.equal(tables.find(({ table }) => table === 'facts')?.rows, 2501);

    const books = openBooks(await openPostgresStorage(url, silentLog));
    assert.deepEqual(await books.ledger.receipt('mfc-041', journal.epoch), receipt);
    assert.deepEqual(await books.ledger.facts('mfc-041', journal.epoch), journal.read(0, 5000));
    assert.deepEqual({ ...(await books.downLogs.log('mfc-041')) }, { ...log });
    await books.troubles.raise('sync.fact-refused', 'after');
    assert.equal((await books.troubles.newest(1))[0]?.subject, 'after');
    await books.ledger.contentArrived(content);
    assert.equal((await books.ledger.receipt('mfc-041', journal.epoch)).upTo, 2501);
    await books.storage.close();

    const again = migrate(config, url);
    assert.deepEqual([again.status, again.tables], [3, []], 'what is there is never overwritten');
  });

  test('without the file nothing is copied and no empty file is made', async t => {
    const config = await writeConfig(await folder(t));
    const { status, stderr } = migrate(config, 'postgres://postgres@127.0.0.1:1/none');
    assert.equal(status, 3);
    assert.match(stderr, /ENOENT/);
  });
});
