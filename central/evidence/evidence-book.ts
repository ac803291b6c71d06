import type { Clock } from '../../platform/clock.ts';
import type { Queries, Storage } from '../storage/storage.ts';
import { tableOf } from '../storage/table-columns.ts';
import type { CentreTables } from '../storage/tables.ts';
import type { RevocationFound } from './revocation-desk.ts';

export type EvidenceKind = CentreTables['evidence']['kind'];

/** One sidecar: a list, an answer or a stamp among the blobs. */
export interface EvidencePiece {
  kind: EvidenceKind;
  sha256: string;
  at: string;
}

export type Awaited = Readonly<CentreTables['evidence_awaited']>;

/** Which evidence belongs to which content, and what has still to come. Rows only; bytes are blobs. */
export interface EvidenceBook {
  /**
   * Content was accepted: writes down what was learnt about its signers and what is awaited. A repeat is
   * harmless.
   */
  accepted(
    within: Queries,
    content: { sha256: string; what: Awaited['what']; caseNumber: string },
    found: RevocationFound,
  ): Promise<void>;
  of(sha256: string): Promise<EvidencePiece[]>;
  awaitedOf(sha256: string): Promise<Awaited['kind'][]>;
  /** The oldest first. */
  awaited(kind: Awaited['kind'], limit: number): Promise<Awaited[]>;
  /** What was awaited is there. */
  arrived(awaited: Awaited, pieces: { kind: EvidenceKind; sha256: string }[]): Promise<void>;
}

export function openEvidenceBook(
  storage: Storage,
  clock: Clock,
  wish: {
    /** Whether stamps are to be had. */
    stamps: boolean;
  },
): EvidenceBook {
  const put = (within: Queries, content: string, pieces: { kind: EvidenceKind; sha256: string }[]) => {
    const at = clock.now().toISOString();
    const rows = pieces.map(({ kind, sha256 }) => ({ content, kind, sha256, at }));
    return rows.length > 0 ? within.insertNew(tableOf('evidence'), rows) : [];
  };

  return {
    async accepted(within, { sha256: content, what, caseNumber }, { pieces, missing }) {
      await put(within, content, pieces);
      const since = clock.now().toISOString();
      const kinds: Awaited['kind'][] = [];
      if (wish.stamps) kinds.push('stamp');
      if (missing.length > 0) kinds.push('revocation');
      const rows = kinds.map(kind => ({ content, kind, what, case_number: caseNumber, since }));
      if (rows.length > 0) await within.insertNew(tableOf('evidence_awaited'), rows);
    },
    async of(sha256) {
      const rows = storage.query.selectFrom('evidence').select(['kind', 'sha256', 'at']);
      return await rows.where('content', '=', sha256).orderBy('at').execute();
    },
    async awaitedOf(sha256) {
      const rows = storage.query.selectFrom('evidence_awaited').select('kind').where('content', '=', sha256);
      return (await rows.execute()).map(({ kind }) => kind);
    },
    async awaited(kind, limit) {
      const rows = storage.query.selectFrom('evidence_awaited').selectAll().where('kind', '=', kind);
      return await rows.orderBy('since').limit(limit).execute();
    },
    async arrived({ content, kind }, pieces) {
      await storage.transaction(async transaction => {
        await put(transaction, content, pieces);
        const row = transaction.query.deleteFrom('evidence_awaited').where('content', '=', content);
        await row.where('kind', '=', kind).execute();
      });
    },
  };
}
