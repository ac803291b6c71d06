import { FormatError } from '../signature/der.ts';

/** One file that a record speaks for. */
export interface RecordLine {
  /** SHA-256 of the file, lower-case hexadecimal, and the suffix of its kind. */
  name: string;
  /** Lower-case hexadecimal. */
  sha512: string;
}

/** Far above what a batch of the centre needs. */
export const mostRecordBytes = 4 * 1024 * 1024;

const linePattern = /^SHA512 \(([0-9a-f]{64}\.(?:asice|tst|sums|crl|ocsp))\) = ([0-9a-f]{128})$/;

/**
 * The text over which a later stamp is taken (ADR 48): a line for each file, in the order of their names, in
 * the form of `sha512sum --tag`, so that `sha512sum --check` reads it. ASCII, each line with a line feed.
 * The same files give the same bytes.
 */
export function writeRecord(lines: Iterable<RecordLine>): Uint8Array {
  const byName = new Map([...lines].map(({ name, sha512 }) => [name, sha512]));
  const sorted = [...byName].sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(sorted.map(([name, sha512]) => `SHA512 (${name}) = ${sha512}\n`).join(''));
}

/** @throws FormatError when it is anything but what `writeRecord` writes */
export function readRecord(bytes: Uint8Array): RecordLine[] {
  if (bytes.length > mostRecordBytes) throw new FormatError('a record that is too long');
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.endsWith('\n')) throw new FormatError('a record without its last line');
  const lines = text
    .slice(0, -1)
    .split('\n')
    .map(line => {
      const [, name, sha512] = linePattern.exec(line) ?? [];
      if (name === undefined || sha512 === undefined)
        throw new FormatError('a line that is none of a record');
      return { name, sha512 };
    });
  if (Buffer.compare(writeRecord(lines), bytes) !== 0) throw new FormatError('a record in another order');
  return lines;
}
