import {
  endOfAttributes,
  type IppAttribute,
  type IppMessage,
  type IppValue,
  valueTag,
} from './ipp-message.ts';

/** Bytes of a message, RFC 8010 section 3.1. Throws a `RangeError` when a name or value is longer than 32 767 bytes. */
export function encodeIpp(message: IppMessage): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt8(message.version.major, 0);
  head.writeUInt8(message.version.minor, 1);
  head.writeUInt16BE(message.code, 2);
  head.writeInt32BE(message.requestId, 4);
  const parts: Uint8Array[] = [head];
  for (const group of message.groups) {
    parts.push(Buffer.from([group.tag]));
    for (const attribute of group.attributes) pushAttribute(parts, attribute);
  }
  parts.push(Buffer.from([endOfAttributes]), message.data);
  return Buffer.concat(parts);
}

function pushAttribute(parts: Uint8Array[], { name, values }: IppAttribute): void {
  for (const [index, value] of values.entries()) {
    // A further value of the same attribute has an empty name (section 3.1.5).
    pushValue(parts, index === 0 ? name : '', value);
  }
}

function pushValue(parts: Uint8Array[], name: string, { tag, value }: IppValue): void {
  if (!Array.isArray(value)) {
    parts.push(Buffer.from([tag]), sized(Buffer.from(name)), sized(bytesOf(value)));
    return;
  }
  const nothing = sized(Buffer.alloc(0));
  parts.push(Buffer.from([valueTag.collection]), sized(Buffer.from(name)), nothing);
  for (const member of value) {
    parts.push(Buffer.from([valueTag.memberName]), nothing, sized(Buffer.from(member.name)));
    for (const memberValue of member.values) pushValue(parts, '', memberValue);
  }
  parts.push(Buffer.from([valueTag.endCollection]), nothing, nothing);
}

function bytesOf(value: number | boolean | string | null | Uint8Array): Uint8Array {
  if (value === null) return Buffer.alloc(0);
  if (typeof value === 'boolean') return Buffer.from([Number(value)]);
  if (typeof value !== 'number') return Buffer.from(value);
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function sized(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0x7fff) throw new RangeError('IPP value is longer than 32767 bytes');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
