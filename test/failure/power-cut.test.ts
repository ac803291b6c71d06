import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTestCentre, openTestJournal, seededRandom } from '../fixtures/books.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
const beside = (name: string) => fileURLToPath(new URL(`power-cut/${name}`, import.meta.url));

let dir: string;
let shim: string;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'okno-power-'));
  shim = join(dir, 'flushed-size.so');
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', shim, beside('flushed-size.c'), '-ldl']);
});
after(() => rmSync(dir, { recursive: true, force: true }));

/** Runs a writer for a while and kills it; answers with the lines that it printed. */
async function writeUntilKilled(writer: string, path: string): Promise<string[]> {
  const program = spawn(process.execPath, [beside(writer), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LD_PRELOAD: shim },
  });
  let text = '';
  program.stdout.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  const ended = once(program, 'close');
  while (text === '') await sleep(5);
  await sleep(random() * 60);
  program.kill('SIGKILL');
  await ended;
  return text.slice(0, text.lastIndexOf('\n')).split('\n');
}

/** Kills the writer of a database, and with a power cut takes away what was not flushed. */
async function endBy(cut: string, writer: string, path: string): Promise<string[]> {
  const acknowledged = await writeUntilKilled(writer, path);
  if (cut !== 'kill -9') truncateSync(`${path}-wal`, Number(readFileSync(`${path}-wal.flushed`, 'utf8')));
  return acknowledged;
}

for (const cut of ['kill -9', 'power cut that takes all that was not flushed']) {
  test(`F01 ${cut} at random: every acknowledged ticket is there once, and the chain holds`, async t => {
    for (let round = 1; round <= 4; round++) {
      const path = join(dir, `${cut.length}-${round}.db`);
      const acknowledged = await endBy(cut, 'writer.ts', path);
      t.diagnostic(`OKNO_SEED=${seed}, round ${round}: ${acknowledged.length} acknowledged`);
      const { db, journal } = openTestJournal(path);
      const { facts } = journal.verifyChain();
      const stored = journal.read(0, facts).map(({ subject }) => subject);
      assert.equal(new Set(stored).size, facts);
      const missing = acknowledged.filter(id => !stored.includes(id));
      assert.deepEqual(missing, []);
      assert.equal(journal.unsentCount(), facts);
      await journal.close();
      db.close();
    }
  });

  test(`F01 ${cut} of the centre at random: every fact with a receipt is there, in order`, async t => {
    for (let round = 1; round <= 3; round++) {
      const path = join(dir, `centre-${cut.length}-${round}.db`);
      const receipts = await endBy(cut, 'centre-writer.ts', path);
      t.diagnostic(`OKNO_SEED=${seed}, round ${round}: ${receipts.length} receipts`);
      const { storage, ledger } = await openTestCentre(path);
      const told = new Map<string, number>();
      for (const receipt of receipts) {
        const [box = '', epoch = '', stored] = receipt.split(' ');
        told.set(`${box} ${epoch}`, Number(stored));
      }
      for (const [journal, upTo] of told) {
        const [box = '', epoch = ''] = journal.split(' ');
        const facts = await ledger.facts(box, epoch);
        assert.ok(facts.length >= upTo, `${facts.length} of ${upTo}`);
        assert.deepEqual(
          facts.map(({ seq }) => seq),
          facts.map((_fact, index) => index + 1),
        );
        assert.equal((await ledger.receipt(box, epoch)).stored, facts.length);
      }
      await storage.close();
    }
  });
}
