import type { Clock } from '../../platform/clock.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { CaseBook } from '../cases/case-book.ts';
import type { DownLogs } from '../ledger/down-logs.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { Transaction } from '../storage/storage.ts';
import type { RelayRow, RelayStore } from './relay-store.ts';

export interface Refusal {
  /** The word of the case's history. */
  status: string;
  code: ErrorCode;
  reason: string;
  /** Left out when the centre itself refuses. */
  agencyId?: string;
  /** ISO 8601; now when left out. */
  saidAt?: string;
}

/** What became of a package, told to everybody whom it concerns within one transaction. */
export interface RelayNews {
  /** The package will not go on; operators and the clerk learn why. */
  refuse(transaction: Transaction, row: RelayRow, refusal: Refusal): Promise<void>;
  /** The case's status for the box. */
  tell(transaction: Transaction, row: RelayRow, status: string, saidAt: string, note?: string): Promise<void>;
}

/** As long as a note to a box may be; a package of many documents can have many faults. */
export const noteOf = (reason: string): string => reason.slice(0, 500);

export function createRelayNews(parts: {
  store: RelayStore;
  book: CaseBook;
  downLogs: DownLogs;
  troubles: Troubles;
  clock: Clock;
}): RelayNews {
  const { store, book, downLogs, troubles, clock } = parts;
  async function refuse(transaction: Transaction, row: RelayRow, refusal: Refusal): Promise<void> {
    const { status, code, agencyId, saidAt = clock.now().toISOString() } = refusal;
    const reason = noteOf(refusal.reason);
    await store.refused(transaction, row.case_id, code, reason);
    await book.add(transaction, row.case_id, {
      event: status,
      by: agencyId ?? 'centre',
      note: reason || null,
      at: saidAt,
    });
    await troubles.raise(code, row.number, { reason }, transaction);
    await downLogs.append(transaction, row.box, {
      type: 'case.status',
      body: {
        caseId: row.case_id,
        status,
        by: agencyId === undefined ? 'centre' : 'agency',
        saidAt,
        code,
        ...(reason && { note: reason }),
      },
    });
  }

  async function tell(
    transaction: Transaction,
    row: RelayRow,
    status: string,
    saidAt: string,
    note?: string,
  ) {
    const by = status === 'package-verified' ? ('centre' as const) : ('agency' as const);
    await downLogs.append(transaction, row.box, {
      type: 'case.status',
      body: { caseId: row.case_id, status, by, saidAt, ...(note && { note }) },
    });
  }

  return { refuse, tell };
}
