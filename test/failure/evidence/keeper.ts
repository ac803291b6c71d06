import { readFileSync } from 'node:fs';
import { httpStampAuthority } from '../../../central/audit/stamp-authority.ts';
import { openEvidenceBook } from '../../../central/evidence/evidence-book.ts';
import { keepEvidence } from '../../../central/evidence/evidence-keeper.ts';
import { noRevocationDesk } from '../../../central/evidence/revocation-desk.ts';
import { openTroubles } from '../../../central/ledger/troubles.ts';
import { openSqliteStorage } from '../../../central/storage/sqlite.ts';
import { openBlobStore } from '../../../platform/blob-store.ts';
import { systemClock } from '../../../platform/clock.ts';
import { silentLog } from '../../fixtures/books.ts';

/** `keeper.ts WISH`: brings stamps for whatever is awaited, until it is killed. */
const wish = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  database: string;
  blobs: string;
  url: string;
  anchor: string;
  /** Stamps whose authority ends sooner are renewed. */
  renewBeforeMs?: number;
};
const storage = await openSqliteStorage(wish.database);
const anchors = [new Uint8Array(Buffer.from(wish.anchor, 'hex'))];
keepEvidence({
  storage,
  blobs: await openBlobStore(wish.blobs),
  book: openEvidenceBook(storage, systemClock, { stamps: true }),
  desk: noRevocationDesk,
  anchors: { clerks: [], boxes: [], officers: [], agencySystems: [] },
  stamps: {
    authority: httpStampAuthority({ url: wish.url, anchors, timeoutMs: 20_000, now: systemClock.now }),
    anchors,
    ...{ renewBeforeMs: wish.renewBeforeMs ?? 0, weak: [] },
  },
  troubles: openTroubles(storage, systemClock),
  ...{ everyMs: 50, alarmAfterMs: 3_600_000, clock: systemClock, log: silentLog, onChange: () => {} },
});
