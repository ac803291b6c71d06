import { inflateSync } from 'node:zlib';

/** One object of a PDF: its dictionary or value as text, its stream decoded of FlateDecode. */
export interface PdfObject {
  number: number;
  text: string;
  stream?: Uint8Array;
}

export interface PdfObjects {
  objects: PdfObject[];
  trailer: string;
  /** What does not hold together: an offset that leads nowhere, a stream of another length. */
  problems: string[];
}

/**
 * Reads a PDF as we write it: one cross-reference table, no object streams, no updates. Any other file has
 * problems by this reading, sound as it may be.
 */
export function readPdfObjects(bytes: Uint8Array): PdfObjects {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const problems: string[] = [];
  const objects: PdfObject[] = [];
  const tail = file.toString('latin1', Math.max(0, file.length - 64));
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1] ?? Number.NaN);
  const table = Number.isNaN(start) ? '' : file.toString('latin1', start);
  const entries = /^xref\n0 (\d+)\n((?:\d{10} \d{5} [nf][ \r]\n)+)trailer\s+(<<.*?>>)\s*startxref/s.exec(
    table,
  );
  if (entries === null) return { objects, trailer: '', problems: ['6.1.4 no cross-reference table'] };
  const [, count, rows = '', trailer = ''] = entries;
  const offsets = rows.match(/\d{10} \d{5} [nf]/g) ?? [];
  if (offsets.length !== Number(count)) problems.push('6.1.4 cross-reference table of another length');
  for (const [number, row] of offsets.entries()) {
    if (!row.endsWith('n')) continue;
    const object = objectAt(file, number, Number(row.slice(0, 10)));
    if (object === undefined) problems.push(`6.1.4 object ${number} is not where the table says`);
    else objects.push(object);
  }
  return { objects, trailer, problems };
}

function objectAt(file: Buffer, number: number, offset: number): PdfObject | undefined {
  const head = `${number} 0 obj\n`;
  if (file.toString('latin1', offset, offset + head.length) !== head) return undefined;
  const begin = offset + head.length;
  const end = file.indexOf('endobj', begin);
  const streamAt = file.indexOf('stream\n', begin);
  if (streamAt < 0 || streamAt > end) return { number, text: file.toString('latin1', begin, end).trim() };
  const text = file.toString('latin1', begin, streamAt).trim();
  const from = streamAt + 'stream\n'.length;
  const to = from + Number(/\/Length (\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (!/^\r?\n?endstream\s+endobj/.test(file.toString('latin1', to, to + 24))) return undefined;
  const raw = file.subarray(from, to);
  return { number, text, stream: text.includes('/FlateDecode') ? inflateSync(raw) : raw };
}
