import { sourceOf } from '../../protocol/package/byte-source.ts';
import { writeZip } from '../../protocol/package/zip-writer.ts';
import type { KeptPiece } from './kept-proofs.ts';
import { pieceName } from './piece-name.ts';

/** All evidence of one content as a ZIP archive with words on how to check it; for `okno verify --evidence`. */
export async function evidenceArchive(sha256: string, pieces: readonly KeptPiece[]): Promise<Buffer> {
  const once = new Map(pieces.map(piece => [pieceName(piece), piece.bytes]));
  const entries = [...once, ['README.txt', Buffer.from(howToCheck(sha256, pieces))] as const];
  const zip: Uint8Array[] = [];
  await writeZip(
    entries.map(([name, bytes]) => ({ name, content: sourceOf(bytes) })),
    async bytes => void zip.push(Uint8Array.from(bytes)),
  );
  return Buffer.concat(zip);
}

/** Programs of others check the same; `stamps.pem` is the certificate of the stamping authority, from itself. */
function howToCheck(sha256: string, pieces: readonly KeptPiece[]): string {
  const file = `${sha256}.asice`;
  const names = (kind: KeptPiece['kind']) => pieces.filter(each => each.kind === kind).map(pieceName);
  const over = (data: string, stamp: string) =>
    `openssl ts -verify -token_in -in ${stamp} -data ${data} -CAfile stamps.pem`;
  const records = names('record');
  return [
    'RU: Положите рядом пакет или результат под его именем и сертификат службы меток времени (stamps.pem).',
    'EN: Lay the package or result beside this under its name, and the certificate of the stamping authority (stamps.pem).',
    '',
    `okno verify ${file} --evidence . --trust DIR`,
    '',
    ...names('stamp').map(stamp => over(file, stamp)),
    ...records.map(record => `sha512sum --check --ignore-missing ${record}`),
    ...names('record-stamp').flatMap(stamp => records.map(record => over(record, stamp))),
    '',
    ...(records.length > 1
      ? [
          'RU: Каждая метка относится к одному из перечней (.sums): для остальных проверка не пройдёт.',
          'EN: Each stamp is over one of the records (.sums): with the others the check fails.',
          '',
        ]
      : []),
  ].join('\n');
}
