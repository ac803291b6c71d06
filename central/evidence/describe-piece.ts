import type { EvidencePieceView } from '../../protocol/api/evidence.ts';
import { stampFacts } from '../../protocol/evidence/stamp-facts.ts';
import { FormatError } from '../../protocol/signature/der.ts';
import { readOcspAnswer } from '../../protocol/signature/ocsp-answer.ts';
import { readRevocationList } from '../../protocol/signature/revocation-list.ts';
import type { EvidenceKind } from './evidence-book.ts';

type Description = Pick<EvidencePieceView, 'by' | 'statedAt' | 'until'>;

const silent: Description = { by: null, statedAt: null, until: null };
/** A list of many thousands is not taken apart for a page. */
const mostListBytes = 4 * 1024 * 1024;

/** What a piece says of itself; nothing for what cannot be read. */
export function describePiece(kind: EvidenceKind, bytes: Uint8Array): Description {
  try {
    return read(kind, bytes);
  } catch (error) {
    if (error instanceof FormatError) return silent;
    throw error;
  }
}

function read(kind: EvidenceKind, bytes: Uint8Array): Description {
  const text = (at: Date | null) => at?.toISOString() ?? null;
  if (kind === 'stamp' || kind === 'record-stamp') {
    const { authority, at, goodUntil } = stampFacts(bytes);
    return { by: authority, statedAt: text(at), until: text(goodUntil) };
  }
  if (kind === 'crl' && bytes.length <= mostListBytes) {
    const { issuer, thisUpdate, nextUpdate } = readRevocationList(bytes);
    return { by: issuer.find('CN') ?? issuer.text, statedAt: text(thisUpdate), until: text(nextUpdate) };
  }
  if (kind === 'ocsp') {
    const { certificates, statements } = readOcspAnswer(bytes);
    const [first] = statements;
    const by = certificates[0]?.subject.find('CN') ?? null;
    return { by, statedAt: text(first?.thisUpdate ?? null), until: text(first?.nextUpdate ?? null) };
  }
  return silent;
}
