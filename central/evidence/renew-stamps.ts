import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { sha512Of } from '../../protocol/evidence/prove.ts';
import { type RecordLine, writeRecord } from '../../protocol/evidence/renewal-record.ts';
import { type StampFacts, stampFacts } from '../../protocol/evidence/stamp-facts.ts';
import { piecesIn } from '../../protocol/package/byte-source.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import type { StampAuthority, StampHash } from '../audit/stamp-authority.ts';
import type { Troubles } from '../ledger/troubles.ts';
import type { DueContent, EvidenceBook, NewPiece } from './evidence-book.ts';
import { type KeptPiece, readPieces } from './kept-proofs.ts';
import { pieceName } from './piece-name.ts';
import type { RevocationDesk } from './revocation-desk.ts';

/** The authority of stamps, whom to believe, and when its stamps are renewed. */
export interface StampService {
  authority: StampAuthority;
  /** DER. */
  anchors: Uint8Array[];
  /** A stamp is renewed so long before its authority's certificate ends, ms. */
  renewBeforeMs: number;
  /** Names of digests and of ways to sign that are not to be relied on any more; see `StampFacts`. */
  weak: readonly string[];
}

export interface StampRenewal {
  /** Everything that is due. Ends early when the authority is away or has nothing better to give. */
  round(isStopped: () => boolean): Promise<void>;
}

/** One stamp for so many contents: authorities limit how many a client gets. */
const batch = 200;
const restMs = 3_600_000;

/**
 * Takes a newer stamp over a record of everything that proves content now, before the older stamp stops
 * proving it (ADR 48). A kill between the stamp and the books costs one stamp more; a batch is in the books
 * whole or not at all.
 */
export function createStampRenewal(parts: {
  blobs: BlobStore;
  book: EvidenceBook;
  desk: RevocationDesk;
  stamps: StampService;
  troubles: Troubles;
  clock: Clock;
  log: Log;
  /** Something was renewed. */
  onChange: () => void;
}): StampRenewal {
  const { blobs, book, desk, stamps, troubles, clock, log, onChange } = parts;
  const hash: StampHash = stamps.weak.includes('sha256') ? 'sha512' : 'sha256';
  let restUntilMs = 0;

  async function nextBatch(): Promise<'more' | 'done'> {
    const due = await book.due({ before: dueBefore(), weak: stamps.weak, limit: batch });
    const unknown = due.filter(({ goodUntil }) => goodUntil === null);
    for (const { content } of unknown) await findTerm(content);
    if (unknown.length > 0) return 'more';
    const [first] = due;
    if (!first) return 'done';
    return (await renew(due, first)) ? 'more' : 'done';
  }

  /** Stamps that were kept before terms were. */
  async function findTerm(content: string): Promise<void> {
    const facts = (await readPieces(blobs, await book.of(content))).flatMap(factsOf);
    const [newest] = facts.toSorted((one, other) => other.goodUntil.getTime() - one.goodUntil.getTime());
    await book.found(content, newest ?? lost);
  }

  async function renew(due: DueContent[], first: DueContent): Promise<boolean> {
    const contents = due.map(({ content }) => content);
    const { lines, tokens } = await keptOf(contents);
    const news = await desk.gatherForStamps(tokens, stamps.anchors);
    // Whether the old authority was revoked should be in the new record; in need a record without it is better than none.
    const leftMs = (first.goodUntil?.getTime() ?? 0) - clock.now().getTime();
    if (news.missing.length > 0 && leftMs > stamps.renewBeforeMs / 2) return rest(news.missing.join(', '));

    for (const piece of news.pieces) lines.push({ name: pieceName(piece), sha512: sha512Of(piece.bytes) });
    const record = writeRecord(lines);
    const token = await askFor(record);
    if (!token) return false;
    const facts = stampFacts(token);
    if (!isBetter(facts, first)) return rest(`${facts.authority}, ${facts.goodUntil.toISOString()}`);
    const written = await blobs.put(record, 'text/plain');
    const stamp = await blobs.put(token, 'application/timestamp-token');
    const added: NewPiece[] = [
      ...news.pieces,
      { kind: 'record', sha256: written.sha256 },
      { kind: 'record-stamp', sha256: stamp.sha256 },
    ];
    await book.renewed(new Map(contents.map(content => [content, added])), facts);
    log.info({ contents: contents.length, goodUntil: facts.goodUntil }, 'stamps are renewed');
    onChange();
    return true;
  }

  async function askFor(record: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      return await stamps.authority.stamp(createHash(hash).update(record).digest(), hash);
    } catch (error) {
      if (codeOf(error) !== 'audit.no-stamp') throw error;
      await rest(String(error));
      return undefined;
    }
  }

  /**
   * One that lasts longer, or that is strong where the old one was due for its weakness alone. Any other would
   * only be asked for again.
   */
  function isBetter({ goodUntil, imprint, algorithm }: StampFacts, { goodUntil: old }: DueContent): boolean {
    if (old === null || goodUntil > old) return true;
    const isStrong = !stamps.weak.includes(imprint) && !stamps.weak.includes(algorithm);
    return isStrong && old > dueBefore();
  }

  const dueBefore = () => new Date(clock.now().getTime() + stamps.renewBeforeMs);

  async function rest(reason: string): Promise<false> {
    restUntilMs = clock.monotonicMs() + restMs;
    log.warn({ code: 'evidence.not-renewed', reason }, 'stamps cannot be renewed');
    await troubles.raise('evidence.not-renewed', 'centre', { reason });
    return false;
  }

  /** A line for every file of these contents that can be read, and the stamps among them. */
  async function keptOf(contents: string[]): Promise<{ lines: RecordLine[]; tokens: Uint8Array[] }> {
    const [lines, tokens]: [RecordLine[], Uint8Array[]] = [[], []];
    const seen = new Set<string>();
    for (const content of contents) {
      const sha512 = await digestOf(content);
      if (sha512 !== undefined) lines.push({ name: `${content}.asice`, sha512 });
      const fresh = (await book.of(content)).filter(({ sha256 }) => !seen.has(sha256));
      // One after another: a list may be large, and it is the same one for many.
      for (const row of fresh)
        for (const piece of await readPieces(blobs, [row])) {
          seen.add(piece.sha256);
          lines.push({ name: pieceName(piece), sha512: sha512Of(piece.bytes) });
          if (isStamp(piece)) tokens.push(piece.bytes);
        }
    }
    return { lines, tokens };
  }

  /** Content that the disk spoilt is still proved by the stamps over its name. */
  async function digestOf(content: string): Promise<string | undefined> {
    const source = await blobs.open(content).catch((error: unknown) => {
      const code = codeOf(error);
      if (code !== 'journal.blob-missing' && code !== 'journal.blob-corrupt') throw error;
      log.warn({ code, sha256: content }, 'content cannot be read for the renewal of its stamps');
      return undefined;
    });
    if (!source) return undefined;
    try {
      const digest = createHash('sha512');
      for (const piece of piecesIn(source)) {
        digest.update(piece);
        await nextTurn();
      }
      return digest.digest('hex');
    } finally {
      source.close();
    }
  }

  return {
    async round(isStopped) {
      if (clock.monotonicMs() < restUntilMs) return;
      while (!isStopped() && (await nextBatch()) === 'more');
    },
  };
}

const isStamp = ({ kind }: KeptPiece) => kind === 'stamp' || kind === 'record-stamp';

function factsOf(piece: KeptPiece): StampFacts[] {
  if (!isStamp(piece)) return [];
  try {
    return [stampFacts(piece.bytes)];
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}

/** Of content whose stamps cannot be read any more: due at once, and from then on proved by the new one. */
const lost = { goodUntil: new Date(0), imprint: 'unknown', algorithm: 'unknown' };
