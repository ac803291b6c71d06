import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Log } from '../../platform/log.ts';
import type { NewFact } from '../../protocol/facts.ts';
import type { DownBody } from '../../protocol/messages.ts';
import type { CaseStore } from './case-store.ts';

const digest = /\b[0-9a-f]{64}\b/g;
/** So many facts are looked through before the queue has its turn. */
const atOnce = 10_000;

/**
 * Destroys what the box holds of a case whose term is over (LED-4.1): pages, documents, recognitions, package,
 * result and paper copies. The facts stay; they hold digests only. Bytes go before the fact is written: a power
 * cut in between makes it happen again.
 */
export function createContentDestroyer(parts: {
  db: DatabaseSync;
  store: CaseStore;
  blobs: BlobStore;
  log: Log;
}): (body: DownBody<'case.destroyed'>, downSeq: number) => Promise<NewFact[]> {
  const { db, store, blobs, log } = parts;
  const own = db.prepare('select body from facts where subject = ? or case_id = ?');
  // Facts of tickets, by far the most, name no content.
  const others = db.prepare(
    `select body from facts where position > ? and position <= ? and type not like 'ticket.%'
     and subject <> ? and (case_id is null or case_id <> ?)`,
  );
  const newest = db.prepare('select max(position) as position from facts');

  /** What only this case names: an applicant may bring one and the same file for two cases. */
  async function digestsOf(caseId: string): Promise<Set<string>> {
    const named = new Set<string>();
    for (const { body } of own.all(caseId, caseId))
      for (const [sha256] of String(body).matchAll(digest)) named.add(sha256);
    for (let after = 0; after < Number(newest.get()?.position ?? 0); after += atOnce) {
      for (const { body } of others.all(after, after + atOnce, caseId, caseId))
        for (const [sha256] of String(body).matchAll(digest)) named.delete(sha256);
      await nextTurn();
    }
    return named;
  }

  return async ({ caseId, act }, downSeq) => {
    if (!store.findCase(caseId)) {
      log.error({ downSeq }, 'the centre destroyed a case that is not here');
      return [];
    }
    let removed = 0;
    for (const sha256 of await digestsOf(caseId)) {
      if (!(await blobs.has(sha256))) continue;
      await blobs.remove(sha256);
      removed++;
    }
    return [{ type: 'case.content-destroyed', subject: caseId, body: { act, removed, downSeq } }];
  };
}
