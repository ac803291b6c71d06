import { inflateSync } from 'node:zlib';
import type { KnownBeside } from '../signature/beside.ts';
import { readCertificate } from '../signature/certificate.ts';
import { readOcspAnswer } from '../signature/ocsp-answer.ts';
import { readRevocationList } from '../signature/revocation-list.ts';
import { readable } from '../signature/trust.ts';

const largestStreamBytes = 8 * 1024 * 1024;
/** Streams and bytes that are looked at in one file: a crafted one must not keep a processor busy. */
const mostStreams = 4000;
const inflatedBudgetBytes = 64 * 1024 * 1024;

/**
 * Certificates, lists and answers in the streams of a file, as a document security store holds them (EN 319 142-1
 * clause 5.4.2). Every stream is tried: what is none of these is left out, and nobody believes them unsigned.
 */
export function evidenceIn(file: Buffer): KnownBeside {
  const values: Uint8Array[] = [];
  let budget = inflatedBudgetBytes;
  let at = file.indexOf('stream');
  for (let left = mostStreams; left > 0 && at >= 0; left--) {
    const start = at + 'stream'.length + (file[at + 6] === 0x0d ? 2 : 1);
    const end = file.indexOf('endstream', start);
    if (end < 0) break;
    at = file.indexOf('stream', end + 'endstream'.length);
    if (end - start > largestStreamBytes || !file.subarray(Math.max(0, start - 20), start).includes('>>'))
      continue;
    const value =
      file[start] === 0x30 ? file.subarray(start, end) : inflated(file.subarray(start, end), budget);
    if (value?.[0] !== 0x30) continue;
    budget -= value.length;
    values.push(trimmed(value));
  }
  return {
    certificates: readable(values, readCertificate),
    revocation: {
      lists: readable(values, readRevocationList),
      answers: readable(values, readOcspAnswer),
    },
  };
}

function inflated(bytes: Buffer, budget: number): Uint8Array | null {
  // The header of zlib: pictures and fonts begin so too, texts without filter do not.
  if (((bytes[0] ?? 0) & 0x0f) !== 8 || budget <= 0) return null;
  try {
    return inflateSync(bytes, { maxOutputLength: Math.min(budget, largestStreamBytes) });
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/** A line feed stands between a stream and its end. */
function trimmed(bytes: Uint8Array): Uint8Array {
  const length = (bytes[1] ?? 0) & 0x7f;
  if ((bytes[1] ?? 0) < 0x80) return bytes.subarray(0, 2 + length);
  const size = bytes.subarray(2, 2 + length).reduce((sum, byte) => sum * 256 + byte, 0);
  return bytes.subarray(0, 2 + length + size);
}
