import { tags } from './der.ts';

/** Encodes one value in DER. */
export function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(size), ...parts]);
}

export function sequence(...members: Uint8Array[]): Uint8Array {
  return der(tags.sequence, ...members);
}

/** SET OF in the order that DER asks for (X.690 section 11.6): ascending by encoding. */
export function setOf(...members: Uint8Array[]): Uint8Array {
  return der(tags.set, ...members.toSorted(Buffer.compare));
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return der(tags.octetString, bytes);
}

/** Explicit or implicit context tag of a constructed value. */
export function contextTag(number: number, ...parts: Uint8Array[]): Uint8Array {
  return der(0xa0 | number, ...parts);
}

export const nullValue = Uint8Array.of(tags.null, 0);

/** A non-negative INTEGER from its big-endian bytes. */
export function unsigned(bytes: Uint8Array): Uint8Array {
  const firstUsed = bytes.findIndex(byte => byte !== 0);
  const shortest = firstUsed < 0 ? Uint8Array.of(0) : bytes.subarray(firstUsed);
  const sign = (shortest[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : Uint8Array.of();
  return der(tags.integer, sign, shortest);
}

export function objectIdentifier(text: string): Uint8Array {
  const [root = 0, second = 0, ...others] = text.split('.').map(Number);
  return der(tags.oid, ...[root * 40 + second, ...others].map(arcBytes));
}

/** RFC 5652 section 11.3: UTCTime from 1950 to 2049, GeneralizedTime otherwise. Milliseconds are dropped. */
export function time(at: Date): Uint8Array {
  const digits = `${at.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const year = at.getUTCFullYear();
  if (year >= 1950 && year < 2050) return der(tags.utcTime, Buffer.from(digits.slice(2), 'latin1'));
  return der(tags.generalizedTime, Buffer.from(digits, 'latin1'));
}

function arcBytes(arc: number): Uint8Array {
  const bytes = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.unshift((rest % 128) | 0x80);
  }
  return Uint8Array.from(bytes);
}

function lengthOf(size: number): Uint8Array {
  if (size < 0x80) return Uint8Array.of(size);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}
