import type { Clock } from '../../platform/clock.ts';
import type { StampFacts } from '../../protocol/evidence/stamp-facts.ts';
import { contentLock } from '../ledger/ledger.ts';
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
  awaitedOf(sha256: string): Promise<Pick<Awaited, 'kind' | 'since'>[]>;
  /** The oldest first. */
  awaited(kind: Awaited['kind'], limit: number): Promise<Awaited[]>;
  /** What was awaited is there; `term` with a stamp. Nothing when its content was destroyed meanwhile. */
  arrived(awaited: Awaited, pieces: NewPiece[], term?: Term): Promise<void>;
  /** Contents whose newest stamp ends before that moment or rests on one of these algorithms, the next to end first. */
  due(wish: { before: Date; weak: readonly string[]; limit: number }): Promise<DueContent[]>;
  /** Undefined without a stamp. */
  termOf(sha256: string): Promise<Pick<Term, 'imprint' | 'algorithm'> | undefined>;
  /** What the newest stamp of content is, found out later. */
  found(content: string, term: Term): Promise<void>;
  /** A newer stamp speaks for these contents, as far as they were not destroyed meanwhile. */
  renewed(pieces: ReadonlyMap<string, NewPiece[]>, term: Term): Promise<void>;
  /** An act destroyed the content: nothing more is brought or renewed. What there was stays listed. */
  ended(within: Queries, content: string): Promise<void>;
  /** Evidence that belongs to this content and to no other that is kept. */
  onlyOf(content: string): Promise<string[]>;
}

export type NewPiece = Pick<EvidencePiece, 'kind' | 'sha256'>;

/** Of the newest stamp of content. */
export type Term = Pick<StampFacts, 'goodUntil' | 'imprint' | 'algorithm'>;

/** `goodUntil` is null where nobody has looked yet. */
export interface DueContent {
  content: string;
  goodUntil: Date | null;
}

export function openEvidenceBook(
  storage: Storage,
  clock: Clock,
  wish: {
    /** Whether stamps are to be had. */
    stamps: boolean;
  },
): EvidenceBook {
  const put = (within: Queries, content: string, pieces: NewPiece[]) => {
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
      const rows = storage.query.selectFrom('evidence_awaited').select(['kind', 'since']);
      return await rows.where('content', '=', sha256).orderBy('kind').execute();
    },
    async awaited(kind, limit) {
      const rows = storage.query.selectFrom('evidence_awaited').selectAll().where('kind', '=', kind);
      return await rows.orderBy('since').limit(limit).execute();
    },
    async arrived({ content, kind }, pieces, term) {
      await storage.transaction(async transaction => {
        await transaction.lock([contentLock(content)]);
        const row = transaction.query.deleteFrom('evidence_awaited').where('content', '=', content);
        const { numDeletedRows } = await row.where('kind', '=', kind).executeTakeFirstOrThrow();
        if (numDeletedRows === 0n) return;
        await put(transaction, content, pieces);
        if (term) await setTerm(transaction, content, term);
      });
    },
    async due({ before, weak, limit }) {
      const rows = await storage.query
        .selectFrom('evidence_terms')
        .select(['content', 'good_until'])
        .where(({ or, eb }) =>
          or([
            eb('good_until', '<', before.toISOString()),
            ...(weak.length > 0 ? [eb('imprint', 'in', weak), eb('algorithm', 'in', weak)] : []),
          ]),
        )
        .orderBy('good_until')
        .limit(limit)
        .execute();
      return rows.map(({ content, good_until }) => ({
        content,
        goodUntil: good_until === '' ? null : new Date(good_until),
      }));
    },
    async termOf(sha256) {
      const row = storage.query.selectFrom('evidence_terms').select(['imprint', 'algorithm']);
      return await row.where('content', '=', sha256).executeTakeFirst();
    },
    found: (content, term) =>
      storage.transaction(async transaction => {
        await transaction.lock([contentLock(content)]);
        if (await hasTerm(transaction, content)) await setTerm(transaction, content, term);
      }),
    async renewed(pieces, term) {
      await storage.transaction(async transaction => {
        await transaction.lock([...pieces.keys()].map(contentLock));
        for (const [content, added] of pieces) {
          if (!(await hasTerm(transaction, content))) continue;
          await put(transaction, content, added);
          await setTerm(transaction, content, term);
        }
      });
    },
    async ended({ query }, content) {
      await query.deleteFrom('evidence_awaited').where('content', '=', content).execute();
      await query.deleteFrom('evidence_terms').where('content', '=', content).execute();
    },
    async onlyOf(content) {
      const rows = await storage.query
        .selectFrom('evidence')
        .select('sha256')
        .distinct()
        .where('content', '=', content)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('evidence as other')
                .innerJoin('contents', 'contents.sha256', 'other.content')
                .select('other.content')
                .whereRef('other.sha256', '=', 'evidence.sha256'),
            ),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('revocation_cache')
                .select('source')
                .whereRef('revocation_cache.sha256', '=', 'evidence.sha256'),
            ),
          ),
        )
        .execute();
      return rows.map(({ sha256 }) => sha256);
    },
  };
}

async function setTerm(within: Queries, content: string, { goodUntil, imprint, algorithm }: Term) {
  await within.query.deleteFrom('evidence_terms').where('content', '=', content).execute();
  const row = { content, good_until: goodUntil.toISOString(), imprint, algorithm };
  await within.insertNew(tableOf('evidence_terms'), [row]);
}

async function hasTerm({ query }: Queries, content: string): Promise<boolean> {
  const row = query.selectFrom('evidence_terms').select('content').where('content', '=', content);
  return (await row.executeTakeFirst()) !== undefined;
}
