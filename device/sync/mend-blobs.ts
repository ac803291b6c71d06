import type { DatabaseSync } from 'node:sqlite';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import { startScrub } from '../../platform/scrub.ts';
import type { FactBody, FactType } from '../../protocol/facts.ts';
import type { Blob } from '../../protocol/values.ts';
import type { ContentClient } from './content-client.ts';

/** The blob of a fact that the centre holds as well and gives back. */
const inCentre: { [T in FactType]?: (body: FactBody<T>) => Blob } = {
  'case.sent': ({ package: sent }) => sent,
  'case.result-received': ({ result }) => result,
  'register.adopted': ({ content }) => content,
};

export interface BlobMender {
  /** Whether some content is damaged and has not come again. */
  hasDamage(): boolean;
  /** Looks through all blobs now. */
  round(): Promise<string[]>;
  stop(): void;
}

/** Scrubs the blobs of the box, and fetches from the centre what was found damaged and the centre has. */
export function mendBlobs(parts: {
  db: DatabaseSync;
  blobs: BlobStore;
  content: ContentClient;
  log: Log;
  onChange: () => void;
}): BlobMender {
  const { db, blobs, content, log, onChange } = parts;
  const types = Object.keys(inCentre).map(type => `'${type}'`);
  const naming = db.prepare(
    `select type, body from facts where type in (${types}) and instr(body, ?) > 0 order by rowid`,
  );
  const damaged = new Set<string>();
  let stopped = false;

  function find(sha256: string): Blob | undefined {
    for (const { type, body } of naming.all(sha256)) {
      const blob = inCentre[type as 'case.sent']?.(JSON.parse(String(body)));
      if (blob?.sha256 === sha256) return blob;
    }
    return undefined;
  }

  async function fetchAgain(blob: Blob): Promise<void> {
    try {
      await content.download(blob);
    } catch (error) {
      // Transfers end with an abort when the box stops; the next start tells of the damage again.
      if (!stopped) throw error;
      return;
    }
    damaged.delete(blob.sha256);
    log.info({ sha256: blob.sha256 }, 'a damaged blob came again from the centre');
    onChange();
  }

  const scrub = startScrub({
    blobs,
    log,
    async onDamaged(sha256) {
      damaged.add(sha256);
      onChange();
      const blob = find(sha256);
      // Not waited for: there may be no centre for a month.
      if (blob) void fetchAgain(blob);
    },
  });
  return {
    hasDamage: () => damaged.size > 0,
    round: scrub.round,
    stop() {
      stopped = true;
      scrub.stop();
    },
  };
}
