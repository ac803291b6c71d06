import { AppError } from '../../protocol/app-error.ts';
import { saysWhy } from '../access/rights.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { Storage } from '../storage/storage.ts';
import type { Person } from './people.ts';

/** What is to be looked at. */
export interface Look {
  caseId: string;
  sha256: string;
  what: 'original' | 'readable' | 'with-evidence';
  /** Why, where the role has to say it. */
  why: string | undefined;
}

interface Given {
  sha256: string;
  kind: 'package' | 'result';
}

/** Events of the case's book, and so of the audit log. */
export const lookEvents = ['archive-look-package', 'archive-look-result', 'archive-look-readable'];

/**
 * Lets a person look at content: who, when, what and why stand in the history of the case, and on the disk, before
 * the first byte is given (LED-2.7). Answers with the digest of what to give, and of what kind the entry is.
 * Throws `internal.not-found`, `archive.destroyed`, `archive.reason-needed`, `archive.copy-not-ready`.
 */
export function openLooks(storage: Storage, book: CaseBook): (me: Person, look: Look) => Promise<Given> {
  return async (me, { caseId, sha256, what, why = '' }) => {
    const entry = await storage.query
      .selectFrom('archive_entries')
      .leftJoin('archive_copies', 'archive_copies.sha256', 'archive_entries.sha256')
      .select(['kind', 'state', 'act', 'copy_sha256', 'code'])
      .where('case_id', '=', caseId)
      .where('archive_entries.sha256', '=', sha256)
      .executeTakeFirst();
    if (!entry) throw new AppError('internal.not-found');
    if (entry.state === 'destroyed') throw new AppError('archive.destroyed', { act: entry.act ?? 0 });
    const reason = why.trim();
    if (reason === '' && saysWhy.includes(me.role)) throw new AppError('archive.reason-needed');
    const given = what === 'readable' ? entry.copy_sha256 : sha256;
    if (given === null) {
      if (entry.code) throw new AppError('archive.copy-failed', { reason: entry.code });
      throw new AppError('archive.copy-not-ready');
    }
    const event = `archive-look-${what === 'readable' ? 'readable' : entry.kind}`;
    await book.add(storage, caseId, { event, by: me.login, note: reason || null, content: sha256 });
    return { sha256: given, kind: entry.kind };
  };
}
