import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { configFile } from '../../device/config/config-file.ts';
import { openBoxJournal } from '../../device/journal/open-box-journal.ts';
import { openBlobStore } from '../../platform/blob-store.ts';
import { systemClock } from '../../platform/clock.ts';
import { factNaming, openTestCentre, openTestJournal, seededRandom, silentLog } from '../fixtures/books.ts';
import { toldIn } from './books/told.ts';
import { assertNothingLost } from './invariants.ts';
import { folderAfterCut } from './power-cut/folder-after-cut.ts';
import { type Generation, isGeneration } from './power-cut/generation.ts';
import { compileRecorder, readRecords, saidBefore } from './power-cut/recorded-disk.ts';

const seed = Number(process.env.OKNO_SEED ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
const below = (limit: number) => Math.floor(random() * limit);
const box = 'mfc-041';
/** Each begins where a power cut left the one before. */
const runs = 3;
/** Moments at which the power is cut, in the record of one run. */
const cutsPerRun = 16;

let dir: string;
let recorder: string;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'okno-power-'));
  recorder = compileRecorder(dir);
});
after(() => rmSync(dir, { recursive: true, force: true }));

/** The programs make it themselves, at their first start. */
const dataIn = (folder: string) => join(folder, 'data');

/** Runs a writer on a folder until it ends or dies before its call number `dieAt`; answers with the record. */
async function runRecorded(script: string, folder: string, args: readonly string[], dieAt: number) {
  const log = `${folder}.log`;
  const program = spawn(
    process.execPath,
    [fileURLToPath(new URL(`power-cut/${script}`, import.meta.url)), dataIn(folder), ...args],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        ...{ LD_PRELOAD: recorder, OKNO_DISK_DIR: folder, OKNO_DISK_LOG: log, OKNO_DISK_DIE: String(dieAt) },
      },
    },
  );
  const [code, signal] = (await once(program, 'exit')) as [number | null, NodeJS.Signals | null];
  assert.ok(signal === 'SIGKILL' || code === 0, `${script} ended with ${code ?? signal}`);
  return readRecords(log);
}

interface Writer {
  script: string;
  args: readonly string[];
  /** Calls after which a run ends. */
  calls: number;
  /** Opens what a power cut left as the next start would, and looks whether it keeps what was said. */
  check: (folder: string, said: readonly string[], when: string) => Promise<void>;
}

async function cutAgainAndAgain(t: TestContext, { script, args, calls, check }: Writer): Promise<void> {
  let folder = join(dir, `${script}-0`);
  mkdirSync(folder);
  let earlier: string[] = [];
  for (let run = 1; run <= runs; run++) {
    const before = `${folder}-before`;
    // The recorded program changes its folder; the cuts need it as it was.
    folderAfterCut({ records: [], cutAt: 0, cut: 'lost', before: folder, to: before, random });
    const records = await runRecorded(script, folder, args, Math.floor(calls * (0.5 + random())));
    const said = records.flatMap(({ what }, index) => (what === 'said' ? [index + 1] : []));
    assert.ok(said.length > 5, `${script} said too little: ${said.length} of ${records.length}`);
    t.diagnostic(`OKNO_SEED=${seed}, run ${run}: ${records.length} calls, ${said.length} said`);
    for (let nth = 1; nth <= cutsPerRun; nth++) {
      // Right after something was said is where too much may have been said.
      const cutAt = nth % 2 === 0 ? (said[below(said.length)] ?? 0) : below(records.length + 1);
      const cut = nth % 4 < 2 ? 'lost' : 'torn';
      const to = join(dir, `${script}-${run}-${nth}`);
      folderAfterCut({ records, cutAt, cut, before, to, random });
      const now = [...earlier, ...saidBefore(records, cutAt)];
      await check(dataIn(to), now, `OKNO_SEED=${seed}, run ${run}, cut ${nth} before call ${cutAt}, ${cut}`);
      if (nth === cutsPerRun) [folder, earlier] = [to, now];
      else rmSync(to, { recursive: true });
    }
  }
}

test('F01 power cut at any call of a box: every acknowledged ticket, page and configuration is there once', t =>
  cutAgainAndAgain(t, {
    ...{ script: 'box-writer.ts', args: [], calls: 4000 },
    async check(folder, said, when) {
      const { told, config } = toldIn(said);
      const options = { dir: folder, clock: systemClock, log: silentLog };
      const { db, journal } = await openBoxJournal({ ...options, clockQuality: () => 'trusted' });
      journal.verifyChain();
      await openBlobStore(join(folder, 'blobs'));
      await assertNothingLost({ boxes: [{ box, dir: folder, blobsDir: join(folder, 'blobs'), told }] }, when);
      await journal.close();
      db.close();
      const kept = await configFile<Generation>(join(folder, 'box.json'), isGeneration).read();
      const generation = kept?.generation ?? 0;
      assert.ok(generation === config || generation === config + 1, `${generation} after ${config} ${when}`);
    },
  }));

test('F01, F18 power cut at any call of the centre: no receipt that it sent was too early', async t => {
  const boxDir = join(dir, 'box');
  const { db, journal } = openTestJournal(join(boxDir, 'box.db'));
  const blobs = await openBlobStore(join(boxDir, 'blobs'));
  for (let n = 1; n <= 150; n++) {
    const page = await blobs.put(randomBytes(4000), 'application/octet-stream');
    const body = { number: `А${n}`, serviceId: 's', day: '2026-11-22', requestId: randomUUID() };
    const ticket = { type: 'ticket.issued', subject: randomUUID(), body } as const;
    await journal.commit(n % 3 === 0 ? [ticket, factNaming(page)] : [ticket]);
  }
  await journal.close();
  db.close();
  await cutAgainAndAgain(t, {
    ...{ script: 'centre-writer.ts', args: [box, boxDir], calls: 1200 },
    async check(folder, said, when) {
      const { storage } = await openTestCentre(join(folder, 'centre.db'));
      const { receipts, contents: toldContents } = toldIn(said).told;
      const centre = { storage, blobsDir: join(folder, 'blobs'), toldContents };
      await openBlobStore(centre.blobsDir);
      await assertNothingLost({ boxes: [{ box, dir: boxDir, told: { receipts } }], centre }, when);
      await storage.close();
    },
  });
});
