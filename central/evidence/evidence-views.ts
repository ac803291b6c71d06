import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { EvidenceState, EvidenceView } from '../../protocol/api/evidence.ts';
import type { Proof } from '../../protocol/evidence/prove.ts';
import type { Storage } from '../storage/storage.ts';
import { describePiece } from './describe-piece.ts';
import type { EvidenceBook, EvidencePiece } from './evidence-book.ts';
import { type KeptPiece, proofOfKept, readPieces } from './kept-proofs.ts';
import type { StampService } from './renew-stamps.ts';

/** Evidence as people see it. */
export interface EvidenceViews {
  get(sha256: string): Promise<EvidenceView>;
  /** The pieces that are here. */
  files(sha256: string): Promise<KeptPiece[]>;
}

export function createEvidenceViews(parts: {
  storage: Storage;
  blobs: BlobStore;
  book: EvidenceBook;
  stamps: StampService | undefined;
  /** Evidence that is awaited longer is an outage, ms. */
  alarmAfterMs: number;
  clock: Clock;
}): EvidenceViews {
  const { storage, blobs, book, stamps, alarmAfterMs, clock } = parts;

  async function entryOf(sha256: string) {
    const rows = await storage.query
      .selectFrom('archive_entries')
      .select(['state', 'kept_at', 'checked_at'])
      .where('sha256', '=', sha256)
      .orderBy('kept_at')
      .execute();
    const isDestroyed = rows.length > 0 && rows.every(({ state }) => state === 'destroyed');
    return { keptAt: rows[0]?.kept_at ?? null, checkedAt: rows[0]?.checked_at ?? null, isDestroyed };
  }

  /** Whether a newer stamp is to be taken now. */
  async function isDue(sha256: string, { goodUntil }: Proof): Promise<boolean> {
    if (!stamps || !goodUntil) return false;
    if (goodUntil.getTime() - stamps.renewBeforeMs <= clock.now().getTime()) return true;
    const term = await book.termOf(sha256);
    return term !== undefined && [term.imprint, term.algorithm].some(name => stamps.weak.includes(name));
  }

  async function stateOf(
    sha256: string,
    known: { isDestroyed: boolean; awaited: EvidenceView['awaited']; held: KeptPiece[]; proof: Proof },
  ): Promise<EvidenceState> {
    const { isDestroyed, awaited, held, proof } = known;
    if (isDestroyed) return 'destroyed';
    const waitsMs = awaited.map(({ since }) => clock.now().getTime() - Date.parse(since));
    if (waitsMs.some(each => each >= alarmAfterMs)) return 'outage';
    if (awaited.length > 0) return 'awaited';
    if (held.length === 0) return 'none';
    if (!held.some(({ kind }) => kind === 'stamp')) return 'no-stamp';
    if (proof.since === null) return 'lapsed';
    return (await isDue(sha256, proof)) ? 'renewal' : 'complete';
  }

  return {
    async get(sha256) {
      const [pieces, awaited, entry] = [
        await book.of(sha256),
        await book.awaitedOf(sha256),
        await entryOf(sha256),
      ];
      const held = await readPieces(blobs, pieces);
      const proof = await proofOfKept(sha256, held, stamps?.anchors ?? [], clock.now());
      const { isDestroyed, ...times } = entry;
      const renewAt = (proof.goodUntil?.getTime() ?? 0) - (stamps?.renewBeforeMs ?? 0);
      return {
        sha256,
        state: await stateOf(sha256, { isDestroyed, awaited, held, proof }),
        provenSince: isDestroyed ? null : (proof.since?.toISOString() ?? null),
        goodUntil: proof.goodUntil?.toISOString() ?? null,
        renewFrom: proof.goodUntil ? new Date(renewAt).toISOString() : null,
        awaited,
        ...times,
        pieces: pieces.toSorted(byKind).map(({ kind, sha256: piece, at }) => {
          const bytes = held.find(each => each.sha256 === piece)?.bytes;
          const said = bytes ? describePiece(kind, bytes) : { by: null, statedAt: null, until: null };
          return { kind, sha256: piece, sizeBytes: bytes?.length ?? null, at, ...said };
        }),
      };
    },
    files: async sha256 => await readPieces(blobs, await book.of(sha256)),
  };
}

/** What says most stands first. */
const order = ['stamp', 'record-stamp', 'record', 'ocsp', 'crl'] as const satisfies EvidencePiece['kind'][];
const byKind = (one: EvidencePiece, other: EvidencePiece) =>
  order.indexOf(one.kind) - order.indexOf(other.kind);
