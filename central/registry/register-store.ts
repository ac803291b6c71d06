import { Compile } from 'typebox/compile';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { AppError } from '../../protocol/app-error.ts';
import { Register } from '../../protocol/register.ts';
import type { Blob } from '../../protocol/values.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Queries, Storage, Transaction } from '../storage/storage.ts';

export interface RegisterStore {
  /** The newest version, whichever centre published it. Rejects with `queue.no-register` before the first one. */
  current(): Promise<Register>;
  /** Takes a newer version and tells every box; an older or equal one changes nothing. */
  publish(register: unknown, boxes: readonly string[]): Promise<void>;
  /** Tells one box that came with an older version, unless it was told already. */
  bringUpToDate(box: string, version: number): Promise<void>;
}

interface Version {
  version: number;
  content: Blob;
}

const shape = Compile(Register);

/** RSX-reg: versions of the register of services, each kept as content. */
export function openRegisterStore(parts: {
  storage: Storage;
  blobs: BlobStore;
  ledger: Ledger;
  downLogs: DownLogs;
  clock: Clock;
}): RegisterStore {
  const { storage, blobs, ledger, downLogs, clock } = parts;
  let read: Register | undefined;

  async function newest({ query }: Queries): Promise<Version | undefined> {
    const row = await query
      .selectFrom('registers')
      .selectAll()
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!row) return undefined;
    const content = { sha256: row.sha256, sizeBytes: row.size_bytes, mediaType: 'application/json' };
    return { version: row.version, content };
  }

  async function tell(transaction: Transaction, box: string, { version, content }: Version): Promise<void> {
    await transaction.lock([`register of ${box}`]);
    const told = await transaction.query
      .selectFrom('down_entries')
      .select('body')
      .where('box', '=', box)
      .where('type', '=', 'register.published')
      .execute();
    if (told.some(({ body }) => (JSON.parse(body) as { version: number }).version === version)) return;
    await downLogs.append(transaction, box, { type: 'register.published', body: { version, content } });
  }

  return {
    async current() {
      const found = await newest(storage);
      if (!found) throw new AppError('queue.no-register');
      if (read?.version === found.version) return read;
      const register: Register = JSON.parse((await blobs.get(found.content.sha256)).toString('utf8'));
      read = register;
      return register;
    },
    async publish(register, boxes) {
      if (!shape.Check(register)) throw new AppError('setup.bad-configuration', { what: 'register' });
      const { version } = register;
      if (version <= ((await newest(storage))?.version ?? 0)) return;
      const content = await blobs.put(Buffer.from(JSON.stringify(register)), 'application/json');
      await ledger.contentArrived(content);
      await storage.transaction(async transaction => {
        await transaction.lock(['register']);
        // Another centre may have been started with the same file in the meantime.
        if (version <= ((await newest(transaction))?.version ?? 0)) return;
        await transaction.query
          .insertInto('registers')
          .values({
            version,
            sha256: content.sha256,
            size_bytes: content.sizeBytes,
            published_at: clock.now().toISOString(),
          })
          .execute();
        for (const box of [...boxes].sort()) await tell(transaction, box, { version, content });
      });
    },
    async bringUpToDate(box, version) {
      await storage.transaction(async transaction => {
        const found = await newest(transaction);
        if (found && version < found.version) await tell(transaction, box, found);
      });
    },
  };
}
