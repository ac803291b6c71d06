import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createCarryOut } from '../../../central/archive/carry-out.ts';
import { openCaseBook } from '../../../central/cases/case-book.ts';
import { openEvidenceBook } from '../../../central/evidence/evidence-book.ts';
import { openContentHolders } from '../../../central/ledger/content-holders.ts';
import { openDownLogs } from '../../../central/ledger/down-logs.ts';
import { openSqliteStorage } from '../../../central/storage/sqlite.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { systemClock as clock } from '../../../platform/clock.ts';
import { endWithParent } from './wishes.ts';

/** `archive FOLDER`: carries out what is approved in the archive there. Says each step, so that it can be killed in between. */
endWithParent();
/** At once: what is not said before a kill was not done. */
const say = (word: 'removed' | 'told' | 'done') => writeSync(1, `${word}\n`);
const dir = process.argv[2] ?? '';
const storage = await openSqliteStorage(join(dir, 'centre.db'));
const store = await openBlobStore(join(dir, 'blobs'));
const blobs = {
  ...store,
  async remove(sha256: string) {
    await store.remove(sha256);
    say('removed');
  },
};
const book = openCaseBook(storage, clock);
const carryOut = createCarryOut({
  ...{ storage, blobs, clock, timeZone: 'Europe/Moscow', downLogs: openDownLogs(storage, clock) },
  holders: openContentHolders(storage),
  evidence: openEvidenceBook(storage, clock, { stamps: true }),
  book: {
    ...book,
    async add(...event) {
      await book.add(...event);
      say('told');
    },
  },
});
await carryOut.round();
say('done');
