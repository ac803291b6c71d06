import {
  endOfAttributes,
  type IppAttribute,
  type IppMessage,
  type IppValue,
  valueTag,
} from './ipp-message.ts';

/** The bytes are not an IPP message; `offset` is where they stop making sense. */
export class IppSyntaxError extends Error {
  override readonly name = 'IppSyntaxError';
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.offset = offset;
  }
}

/** A collection in a collection in …: real ones nest twice. */
const maxDepth = 8;
const maxValues = 20_000;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a message strictly: lengths, order of tags and sizes of typed values must be as RFC 8010 says. */
export function decodeIpp(bytes: Uint8Array): IppMessage {
  const reader = new Reader(bytes);
  const version = { major: reader.byte(), minor: reader.byte() };
  const code = reader.uint16();
  const requestId = reader.int32();
  const groups: IppMessage['groups'] = [];
  for (;;) {
    const tag = reader.byte();
    if (tag === endOfAttributes) break;
    if (tag > 0x0f) {
      const group = groups.at(-1);
      if (!group) reader.fail('value outside a group');
      else reader.attributeInto(group.attributes, tag);
    } else if (tag === 0) reader.fail('reserved tag');
    else groups.push({ tag, attributes: [] });
  }
  return { version, code, requestId, groups, data: reader.rest() };
}

class Reader {
  private readonly bytes: Buffer;
  private at = 0;
  private values = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(what: string): never {
    throw new IppSyntaxError(what, this.at);
  }

  private take(length: number): Buffer {
    if (this.at + length > this.bytes.length) this.fail('message is cut short');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  byte = (): number => this.take(1).readUInt8();
  uint16 = (): number => this.take(2).readUInt16BE();
  int32 = (): number => this.take(4).readInt32BE();
  rest = (): Uint8Array => this.bytes.subarray(this.at);
  private sized = (): Buffer => this.take(this.uint16());
  private text = (bytes: Buffer): string => {
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail('text is not UTF-8');
    }
  };

  /** One attribute, or one more value of the attribute before it. */
  attributeInto(attributes: IppAttribute[], tag: number): void {
    const name = this.text(this.sized());
    const value = this.valueOf(tag, this.sized(), 0);
    if (name !== '') {
      if (attributes.some(attribute => attribute.name === name)) this.fail('attribute comes twice');
      attributes.push({ name, values: [value] });
      return;
    }
    const last = attributes.at(-1);
    if (!last) this.fail('value without a name');
    else last.values.push(value);
  }

  private valueOf(tag: number, bytes: Buffer, depth: number): IppValue {
    if (++this.values > maxValues) this.fail('too many values');
    const need = (length: number) => {
      if (bytes.length !== length) this.fail('value has the wrong length');
    };
    if (tag <= 0x1f) {
      // Out-of-band values have no bytes; RFC 8010 section 3.8 lets a receiver ignore those that are there.
      return { tag, value: null };
    }
    switch (tag) {
      case valueTag.integer:
      case valueTag.enum:
        need(4);
        return { tag, value: bytes.readInt32BE() };
      case valueTag.boolean:
        need(1);
        return { tag, value: bytes[0] !== 0 };
      case valueTag.collection:
        return { tag, value: this.collection(depth + 1) };
      case valueTag.endCollection:
      case valueTag.memberName:
        return this.fail('collection tag outside a collection');
      default:
        // 0x40–0x5f are character strings; the two kinds with a language stand below that range.
        return { tag, value: tag >= 0x40 && tag <= 0x5f ? this.text(bytes) : new Uint8Array(bytes) };
    }
  }

  private collection(depth: number): IppAttribute[] {
    if (depth > maxDepth) this.fail('collections nest too deeply');
    const members: IppAttribute[] = [];
    for (;;) {
      const tag = this.byte();
      if (this.uint16() !== 0) this.fail('named value in a collection');
      const bytes = this.sized();
      if (tag === valueTag.endCollection) break;
      if (tag === valueTag.memberName) {
        members.push({ name: this.text(bytes), values: [] });
        continue;
      }
      const member = members.at(-1);
      if (!member) this.fail('member without a name');
      else member.values.push(this.valueOf(tag, bytes, depth));
    }
    return members;
  }
}
