import type { Generated } from 'kysely';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Retention } from '../../protocol/retention.ts';
import type { ColumnsOf } from './sql-words.ts';

/** Rows of `archive-schema.ts`. */
export interface ArchiveTables {
  archive_entries: {
    case_id: string;
    sha256: string;
    kind: 'package' | 'result';
    event: number;
    size_bytes: number;
    kept_at: string;
    retention: Retention;
    handed_out_at: string | null;
    keep_until: string | null;
    state: 'kept' | 'handed-over' | 'destroyed';
    state_at: string;
    act: number | null;
    removed_at: string | null;
    checked_at: string | null;
    check_code: ErrorCode | null;
    check_note: string | null;
  };
  archive_holds: {
    number: Generated<number>;
    case_id: string;
    reason: string;
    placed_by: string;
    placed_at: string;
    lifted_by: string | null;
    lifted_at: string | null;
    lift_reason: string | null;
  };
  archive_acts: {
    number: Generated<number>;
    kind: ActKind;
    state: 'prepared' | 'approved' | 'rejected' | 'done';
    reason: string;
    prepared_by: string;
    /** As the act says it: name and post. */
    prepared_name: string;
    prepared_at: string;
    decided_by: string | null;
    decided_name: string | null;
    decided_at: string | null;
    decision: string | null;
    done_at: string | null;
  };
  archive_act_entries: {
    act: number;
    case_id: string;
    sha256: string;
    /** Null while nothing was done about it. */
    outcome: 'destroyed' | 'handed-over' | 'held' | 'not-due' | 'rejected' | null;
  };
  archive_copies: {
    sha256: string;
    copy_sha256: string | null;
    copy_bytes: number | null;
    pages: number | null;
    made_at: string | null;
    tries: number;
    code: ErrorCode | null;
  };
}

export type ActKind = 'destruction' | 'hand-over';

export const archiveColumns: ColumnsOf<ArchiveTables> = {
  archive_entries: [
    ['case_id', 'sha256'],
    {
      case_id: 'text',
      sha256: 'text',
      kind: 'text',
      event: 'bigint',
      size_bytes: 'bigint',
      kept_at: 'text',
      retention: 'text',
      handed_out_at: 'text',
      keep_until: 'text',
      state: 'text',
      state_at: 'text',
      act: 'bigint',
      removed_at: 'text',
      checked_at: 'text',
      check_code: 'text',
      check_note: 'text',
    },
  ],
  archive_holds: [
    ['number'],
    {
      number: 'bigint',
      case_id: 'text',
      reason: 'text',
      placed_by: 'text',
      placed_at: 'text',
      lifted_by: 'text',
      lifted_at: 'text',
      lift_reason: 'text',
    },
  ],
  archive_acts: [
    ['number'],
    {
      number: 'bigint',
      kind: 'text',
      state: 'text',
      reason: 'text',
      prepared_by: 'text',
      prepared_name: 'text',
      prepared_at: 'text',
      decided_by: 'text',
      decided_name: 'text',
      decided_at: 'text',
      decision: 'text',
      done_at: 'text',
    },
  ],
  archive_act_entries: [
    ['act', 'case_id', 'sha256'],
    { act: 'bigint', case_id: 'text', sha256: 'text', outcome: 'text' },
  ],
  archive_copies: [
    ['sha256'],
    {
      sha256: 'text',
      copy_sha256: 'text',
      copy_bytes: 'bigint',
      pages: 'bigint',
      made_at: 'text',
      tries: 'bigint',
      code: 'text',
    },
  ],
};
