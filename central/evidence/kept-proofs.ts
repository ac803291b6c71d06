import type { BlobStore } from '../../platform/blob-store.ts';
import { codeOf } from '../../protocol/app-error.ts';
import { type KeptProofs, type Proof, prove } from '../../protocol/evidence/prove.ts';
import { oids } from '../../protocol/signature/oids.ts';
import { trustOf } from '../../protocol/signature/trust.ts';
import type { EvidencePiece } from './evidence-book.ts';

/** A piece with its bytes. */
export interface KeptPiece extends EvidencePiece {
  bytes: Uint8Array;
}

/** The bytes of evidence, without what the disk lost or spoilt: the other pieces still prove what they prove. */
export async function readPieces(blobs: BlobStore, pieces: readonly EvidencePiece[]): Promise<KeptPiece[]> {
  const found: KeptPiece[] = [];
  for (const piece of pieces) {
    try {
      found.push({ ...piece, bytes: await blobs.get(piece.sha256) });
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'journal.blob-missing' && code !== 'journal.blob-corrupt') throw error;
    }
  }
  return found;
}

/** In the form in which they are judged. */
function proofsOf(pieces: readonly KeptPiece[]): KeptProofs {
  const of = (...kinds: EvidencePiece['kind'][]) =>
    pieces.filter(({ kind }) => kinds.includes(kind)).map(({ bytes }) => bytes);
  return { stamps: of('stamp', 'record-stamp'), records: of('record') };
}

/**
 * What is proved of content that is known by its SHA-256 alone, which is its name here: whether the bytes are
 * still those of the name is looked after elsewhere.
 */
export function proofOfKept(
  sha256: string,
  pieces: readonly KeptPiece[],
  stampAnchors: Uint8Array[],
  at: Date,
): Promise<Proof> {
  const of = (wanted: EvidencePiece['kind']) =>
    pieces.filter(({ kind }) => kind === wanted).map(({ bytes }) => bytes);
  const digest = async (oid: string) => (oid === oids.sha256 ? Buffer.from(sha256, 'hex') : undefined);
  const trust = trustOf({ anchors: stampAnchors, at, revocationLists: of('crl'), ocspAnswers: of('ocsp') });
  return prove({ digest }, proofsOf(pieces), trust);
}
