import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import type { OpenSource } from '../../platform/file-source.ts';
import type { Log } from '../../platform/log.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { stampFacts } from '../../protocol/evidence/stamp-facts.ts';
import type { ByteSource } from '../../protocol/package/byte-source.ts';
import type { Troubles } from '../ledger/troubles.ts';
import { isAway, startLoop } from '../relay/loop.ts';
import { anchorsFor, judgeContainer, type TrustAnchors } from '../relay/verification.ts';
import type { Storage } from '../storage/storage.ts';
import type { Awaited, EvidenceBook } from './evidence-book.ts';
import { proofOfKept, readPieces } from './kept-proofs.ts';
import { createStampRenewal, type StampService } from './renew-stamps.ts';
import { newsOf, type RevocationDesk } from './revocation-desk.ts';

export interface EvidenceKeeper {
  stop(): Promise<void>;
}

const batch = 200;

/**
 * Brings what accepted packages and results still lack: a time stamp (RFC 3161) over their bytes, which makes
 * each signature inside provably as old (CAdES-T), and news of revocation (CAdES-LT); and renews what was
 * stamped before. Of several centres one
 * does it. Each piece is stored before the next is asked for; a kill in between asks once more.
 */
export function keepEvidence(parts: {
  storage: Storage;
  blobs: BlobStore;
  book: EvidenceBook;
  desk: RevocationDesk;
  anchors: TrustAnchors;
  stamps: StampService | undefined;
  troubles: Troubles;
  /** Between two rounds, and how long evidence may be awaited before operators are told, ms. */
  everyMs: number;
  alarmAfterMs: number;
  clock: Clock;
  log: Log;
  /** Something came. */
  onChange: () => void;
}): EvidenceKeeper {
  const { storage, blobs, book, desk, anchors, stamps, troubles, everyMs, alarmAfterMs, clock, log } = parts;
  const { onChange } = parts;
  const renewal = stamps && createStampRenewal({ ...parts, stamps });
  let stopped = false;

  const loop = startLoop(async () => {
    const claim = await storage.claim('evidence');
    if (!claim) return everyMs;
    try {
      while ((await bringStamps()) >= batch) if (stopped) return 0;
      await bringRevocation();
      await renewal?.round(() => stopped);
    } catch (error) {
      if (isAway(error)) throw error;
      // Nothing waits for it but proofs; the next round tries again.
      log.error({ code: codeOf(error), err: error }, 'evidence cannot be brought');
    } finally {
      await claim.release();
    }
    return everyMs;
  });

  /** A closed batch, one after another: the name of content is its SHA-256, so that nothing need be read. */
  async function bringStamps(): Promise<number> {
    if (!stamps) return 0;
    const waiting = await book.awaited('stamp', batch);
    let brought = 0;
    for (const awaited of waiting) {
      if (stopped) return 0;
      try {
        const token = await stamps.authority.stamp(Buffer.from(awaited.content, 'hex'));
        const { sha256 } = await blobs.put(token, 'application/timestamp-token');
        await book.arrived(awaited, [{ kind: 'stamp', sha256 }], stampFacts(token));
        brought++;
      } catch (error) {
        if (codeOf(error) !== 'audit.no-stamp' || !(error instanceof AppError)) throw error;
        log.warn({ code: error.code, ...error.details }, 'packages are not stamped');
        await alarm('evidence.no-stamp', awaited, waiting.length, String(error.details.reason));
        return brought;
      }
    }
    if (brought > 0) onChange();
    return brought;
  }

  async function bringRevocation(): Promise<void> {
    const waiting = await book.awaited('revocation', batch);
    for (const awaited of waiting) {
      if (stopped) return;
      const source = await opened(awaited);
      if (!source) continue;
      const done = await judgeAgain(awaited, source).finally(source.close);
      if (done.kind === 'done') onChange();
      else await alarm('evidence.no-revocation', awaited, waiting.length, done.reason);
    }
  }

  /** What an act destroyed needs no proof; what a disk spoilt is mended from elsewhere. */
  async function opened(awaited: Awaited): Promise<OpenSource | undefined> {
    try {
      return await blobs.open(awaited.content);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'journal.blob-missing') await book.arrived(awaited, []);
      else if (code !== 'journal.blob-corrupt') throw error;
      log.warn({ code, sha256: awaited.content }, 'content that awaits evidence cannot be read');
      return undefined;
    }
  }

  async function judgeAgain(
    awaited: Awaited,
    source: ByteSource,
  ): Promise<{ kind: 'done' } | { kind: 'missing'; reason: string }> {
    const found = await desk.gather(source, anchorsFor(awaited.what, anchors));
    if (found.missing.length > 0) return { kind: 'missing', reason: found.missing.join(', ') };
    const judgement = await judgeContainer(source, awaited.what, anchors, {
      ...newsOf(found),
      ...{ at: clock.now(), provenAt: await provenAt(awaited.content) },
    });
    if (judgement.kind === 'refused')
      await troubles.raise('evidence.signer-revoked', awaited.case_number, { reason: judgement.reason });
    await book.arrived(awaited, found.pieces);
    return { kind: 'done' };
  }

  /** The earliest time that what is kept proves for this content. */
  async function provenAt(content: string): Promise<Date | null> {
    if (!stamps) return null;
    const kept = await readPieces(blobs, await book.of(content));
    return (await proofOfKept(content, kept, stamps.anchors, clock.now())).since;
  }

  async function alarm(
    code: 'evidence.no-stamp' | 'evidence.no-revocation',
    { since }: Awaited,
    count: number,
    reason: string,
  ): Promise<void> {
    if (clock.now().getTime() - Date.parse(since) < alarmAfterMs) return;
    log.warn({ code, count, since, reason }, 'evidence is awaited for long');
    await troubles.raise(code, 'centre', { reason });
  }

  return {
    async stop() {
      stopped = true;
      await loop.stop();
    },
  };
}
