import type { EvidenceKind } from './evidence-book.ts';

const suffixes = {
  crl: 'crl',
  ocsp: 'ocsp',
  stamp: 'tst',
  record: 'sums',
  'record-stamp': 'tst',
} as const satisfies Record<EvidenceKind, string>;

/** How a piece is named as a file; records name it so as well (ADR 48). */
export function pieceName({ kind, sha256 }: { kind: EvidenceKind; sha256: string }): string {
  return `${sha256}.${suffixes[kind]}`;
}
