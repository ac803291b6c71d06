import { childrenOf, type DerValue, FormatError, readDer, tags } from './der.ts';

/** Takes the members of a SEQUENCE one after another, so that none is skipped or left over. */
export class Fields {
  readonly #members: DerValue[];
  #next = 0;

  constructor(value: DerValue, tag: number = tags.sequence) {
    this.#members = childrenOf(expectTag(value, tag));
  }

  take(tag?: number): DerValue {
    const member = this.#members[this.#next];
    if (!member) throw new FormatError('a member is missing');
    this.#next += 1;
    return tag === undefined ? member : expectTag(member, tag);
  }

  takeIf(tag: number): DerValue | undefined {
    return this.#members[this.#next]?.tag === tag ? this.take() : undefined;
  }

  rest(): DerValue[] {
    const rest = this.#members.slice(this.#next);
    this.#next = this.#members.length;
    return rest;
  }

  end(): void {
    if (this.#next !== this.#members.length) throw new FormatError('an unexpected member');
  }
}

export function expectTag(value: DerValue, tag: number): DerValue {
  if (value.tag !== tag) throw new FormatError(`tag ${value.tag} where ${tag} belongs`);
  return value;
}

/** The only value inside a wrapper such as an explicit tag. */
export function onlyChild(value: DerValue): DerValue {
  const [child, ...others] = childrenOf(value);
  if (!child || others.length > 0) throw new FormatError('one value was expected');
  return child;
}

export function oidOf(value: DerValue): string {
  const bytes = expectTag(value, tags.oid).content;
  if (bytes.length === 0 || bytes.length > 32) throw new FormatError('bad object identifier');
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of bytes) {
    if (fresh && byte === 0x80) throw new FormatError('padded object identifier');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = byte < 0x80;
    if (!fresh) continue;
    arcs.push(arc);
    arc = 0n;
  }
  if (!fresh) throw new FormatError('object identifier is cut off');
  const [first = 0n, ...others] = arcs;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...others].join('.');
}

/** Content of a non-negative INTEGER in its shortest form, the sign byte removed. */
export function unsignedOf(value: DerValue): Uint8Array {
  const bytes = expectTag(value, tags.integer).content;
  const [first, second] = bytes;
  if (first === undefined || first >= 0x80) throw new FormatError('integer is empty or negative');
  if (first !== 0 || second === undefined) return bytes;
  if (second < 0x80) throw new FormatError('padded integer');
  return bytes.subarray(1);
}

export function smallIntegerOf(value: DerValue): number {
  const bytes = unsignedOf(value);
  if (bytes.length > 4) throw new FormatError('integer too large');
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

export function booleanOf(value: DerValue): boolean {
  const [byte, ...others] = expectTag(value, tags.boolean).content;
  if (others.length > 0 || (byte !== 0 && byte !== 0xff)) throw new FormatError('bad boolean');
  return byte === 0xff;
}

/** Content of a BIT STRING that has whole bytes. */
export function bitBytesOf(value: DerValue): Uint8Array {
  const { content } = expectTag(value, tags.bitString);
  if (content[0] !== 0) throw new FormatError('bit string with loose bits');
  return content.subarray(1);
}

/** UTCTime or GeneralizedTime in the forms of RFC 5280 section 4.1.2.5: seconds given, zone Z. */
export function timeOf(value: DerValue): Date {
  const text = Buffer.from(value.content).toString('latin1');
  const utc = value.tag === tags.utcTime;
  if (!utc && value.tag !== tags.generalizedTime) throw new FormatError('not a time');
  if (!(utc ? /^\d{12}Z$/ : /^\d{14}Z$/).test(text)) throw new FormatError('bad time');
  const century = Number(text.slice(0, 2)) < 50 ? '20' : '19';
  const digits = utc ? century + text : text;
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  if (Number.isNaN(date.getTime()) || date.toISOString() !== iso) throw new FormatError('no such time');
  return date;
}

/** An EC signature as DER writes it: two non-negative integers and nothing else. */
export function isPairOfIntegers(value: Uint8Array): boolean {
  try {
    const pair = new Fields(readDer(value));
    unsignedOf(pair.take());
    unsignedOf(pair.take());
    pair.end();
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
