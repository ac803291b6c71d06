import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { BlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { writtenStream } from '../../platform/written-stream.ts';
import { AppError, codeOf } from '../../protocol/app-error.ts';
import { packageWithEvidence } from '../../protocol/package/with-evidence.ts';
import { writeZip } from '../../protocol/package/zip-writer.ts';
import { anchorsFor, type ContainerOf, judgeContainer, type TrustAnchors } from '../relay/verification.ts';
import { pieceName } from './piece-name.ts';
import type { StampService } from './renew-stamps.ts';
import { newsOf, type RevocationDesk } from './revocation-desk.ts';

/**
 * A package or a result as one file that other programs verify for years: its own files unchanged, what is known
 * of revocation, and a time stamp over all of it, taken now (EN 319 162-1 annex A.7). Throws
 * `evidence.export-no-stamp`, `evidence.export-too-late` when a stamp of now would prove no signature any more.
 */
export type ExportPackage = (sha256: string, what: ContainerOf) => Promise<Readable>;

const mediaTypes = { crl: 'application/pkix-crl', ocsp: 'application/ocsp-response' } as const;

export function createExportPackage(parts: {
  blobs: BlobStore;
  desk: RevocationDesk;
  anchors: TrustAnchors;
  stamps: StampService | undefined;
  clock: Clock;
}): ExportPackage {
  const { blobs, desk, anchors, stamps, clock } = parts;

  async function stampOver(manifest: Uint8Array): Promise<Uint8Array> {
    if (!stamps) throw new AppError('evidence.export-no-stamp', { reason: 'timeStamps' });
    const digest = createHash('sha256').update(manifest).digest();
    return await stamps.authority.stamp(digest).catch((cause: unknown) => {
      if (codeOf(cause) !== 'audit.no-stamp') throw cause;
      throw new AppError('evidence.export-no-stamp', { reason: String(cause) }, { cause });
    });
  }

  return async (sha256, what) => {
    const source = await blobs.open(sha256);
    try {
      const found = await desk.gather(source, anchorsFor(what, anchors));
      const judgement = await judgeContainer(source, what, anchors, { ...newsOf(found), at: clock.now() });
      if (judgement.kind === 'refused')
        throw new AppError('evidence.export-too-late', { reason: judgement.reason });
      const evidence = found.pieces.map(piece => ({
        ...{ name: pieceName(piece), mediaType: mediaTypes[piece.kind], bytes: piece.bytes },
      }));
      const entries = await packageWithEvidence(source, evidence, stampOver);
      return writtenStream(write => writeZip(entries, write), source.close);
    } catch (error) {
      source.close();
      throw error;
    }
  };
}
