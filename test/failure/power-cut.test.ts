import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openTestJournal, seededRandom } from '../fixtures/books.ts';

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

/** Runs the kiosks for a while and kills them; answers with the tickets that were acknowledged. */
async function writeUntilKilled(path: string): Promise<string[]> {
  const program = spawn(process.execPath, [beside('writer.ts'), path], {
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

for (const cut of ['kill -9', 'power cut that takes all that was not flushed'])
  test(`F01 ${cut} at random: every acknowledged ticket is there once, and the chain holds`, async t => {
    for (let round = 1; round <= 4; round++) {
      const path = join(dir, `${cut.length}-${round}.db`);
      const acknowledged = await writeUntilKilled(path);
      t.diagnostic(`OKNO_SEED=${seed}, round ${round}: ${acknowledged.length} acknowledged`);
      if (cut !== 'kill -9') truncateSync(`${path}-wal`, Number(readFileSync(`${path}-wal.flushed`, 'utf8')));
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
