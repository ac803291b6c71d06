import type { DatabaseSync } from 'node:sqlite';
import { Compile } from 'typebox/compile';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { transaction } from '../../platform/sqlite.ts';
import { AppError } from '../../protocol/app-error.ts';
import { Register } from '../../protocol/register.ts';
import type { Blob } from '../../protocol/values.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';

export interface RegisterStore {
  /** The newest version. Throws `queue.no-register` before the first one. */
  current(): Register;
  /** Takes a newer version and tells every box; an older or equal one changes nothing. */
  publish(register: unknown, boxes: readonly string[]): Promise<void>;
  /** Tells one box that came with an older version, unless it was told already. */
  bringUpToDate(box: string, version: number): void;
}

const shape = Compile(Register);

/** RSX-reg: versions of the register of services, each kept as content. */
export async function openRegisterStore(parts: {
  db: DatabaseSync;
  blobs: BlobStore;
  ledger: Ledger;
  downLogs: DownLogs;
  clock: Clock;
}): Promise<RegisterStore> {
  const { db, blobs, ledger, downLogs, clock } = parts;
  const newest = db.prepare(
    'select version, sha256, size_bytes from registers order by version desc limit 1',
  );
  const insert = db.prepare(
    'insert into registers (version, sha256, size_bytes, published_at) values (?, ?, ?, ?)',
  );
  const told = db.prepare(
    `select 1 from down_entries where box = ? and type = 'register.published' and json_extract(body, '$.version') = ?`,
  );
  let current: Register | undefined;
  let content: Blob | undefined;

  const row = newest.get() as { version: number; sha256: string; size_bytes: number } | undefined;
  if (row) {
    current = JSON.parse((await blobs.get(row.sha256)).toString('utf8'));
    content = { sha256: row.sha256, sizeBytes: row.size_bytes, mediaType: 'application/json' };
  }

  function tell(box: string): void {
    if (!current || !content || told.get(box, current.version)) return;
    downLogs.append(box, {
      type: 'register.published',
      body: { version: current.version, content },
    });
  }

  return {
    current() {
      if (!current) throw new AppError('queue.no-register');
      return current;
    },
    async publish(register, boxes) {
      if (!shape.Check(register)) throw new AppError('setup.bad-configuration', { what: 'register' });
      if (current && register.version <= current.version) return;
      const blob = await blobs.put(Buffer.from(JSON.stringify(register)), 'application/json');
      ledger.contentArrived(blob);
      transaction(db, () => {
        insert.run(register.version, blob.sha256, blob.sizeBytes, clock.now().toISOString());
        [current, content] = [register, blob];
        boxes.forEach(tell);
      });
    },
    bringUpToDate(box, version) {
      if (current && version < current.version) transaction(db, () => tell(box));
    },
  };
}
