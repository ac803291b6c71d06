/*
 * As much of MQTT 3.1.1 as a box speaks, without a library: what is measured is the centre, and a
 * generator that parses and queues like a real client would be slower than it.
 */

const publish = 3;
const qos1 = 0b0010;

export interface Packet {
  /** Control packet type, section 2.2.1: 2 CONNACK, 3 PUBLISH, 4 PUBACK, 9 SUBACK, 13 PINGRESP. */
  type: number;
  flags: number;
  body: Buffer;
}

export const connack = 2;
export const puback = 4;
export const suback = 9;
export const pingreq = Buffer.of(0xc0, 0);

/** Section 3.1, clean session, with a will of QoS 1. */
export function connectPacket(
  client: string,
  keepaliveSeconds: number,
  will: { topic: string; payload: Buffer },
): Buffer {
  const cleanSession = 0b10;
  const willQos1 = 0b1100;
  const head = Buffer.from([
    0,
    4,
    77,
    81,
    84,
    84,
    4,
    cleanSession | willQos1,
    keepaliveSeconds >> 8,
    keepaliveSeconds & 255,
  ]);
  return packet(0x10, head, text(client), text(will.topic), text(will.payload));
}

/** Section 3.8, all topics at QoS 1. */
export function subscribePacket(id: number, topics: readonly string[]): Buffer {
  return packet(0x82, number16(id), ...topics.flatMap(topic => [text(topic), Buffer.of(0)]));
}

/** Section 3.3, QoS 1. */
export function publishPacket(topic: string, id: number, payload: Buffer): Buffer {
  return packet((publish << 4) | qos1, text(topic), number16(id), payload);
}

/** A PUBLISH of QoS 0 taken apart. */
export function readPublish({ body }: Packet): { topic: string; payload: Buffer } {
  const topicEnd = 2 + body.readUInt16BE(0);
  return { topic: body.toString('utf8', 2, topicEnd), payload: body.subarray(topicEnd) };
}

export function isPublish({ type }: Packet): boolean {
  return type === publish;
}

/** A packet as it goes over the wire. */
export function packetBytes({ type, flags, body }: Packet): Buffer {
  return packet((type << 4) | flags, body);
}

/** Cuts what arrives into packets; what is not whole yet waits. */
export function packetReader(): (chunk: Buffer) => Packet[] {
  let rest: Buffer = Buffer.alloc(0);
  return chunk => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const packets: Packet[] = [];
    let at = 0;
    for (;;) {
      const head = readLength(bytes, at + 1);
      if (!head || head.bodyAt + head.length > bytes.length) break;
      const first = bytes[at] ?? 0;
      const end = head.bodyAt + head.length;
      packets.push({ type: first >> 4, flags: first & 15, body: bytes.subarray(head.bodyAt, end) });
      at = end;
    }
    rest = bytes.subarray(at);
    return packets;
  };
}

/** Section 2.2.3: seven bits a byte, the lowest first. */
function readLength(bytes: Buffer, at: number): { length: number; bodyAt: number } | undefined {
  let length = 0;
  for (let digit = 0; digit < 4; digit++) {
    const byte = bytes[at + digit];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 128 ** digit;
    if (byte < 128) return { length, bodyAt: at + digit + 1 };
  }
  throw new Error('a packet longer than MQTT allows');
}

function packet(first: number, ...parts: Buffer[]): Buffer {
  let left = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [first];
  do {
    const more = left > 127 ? 128 : 0;
    head.push((left % 128) | more);
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.concat([Buffer.from(head), ...parts]);
}

const number16 = (value: number) => Buffer.of(value >> 8, value & 255);
const text = (value: string | Buffer) => {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([number16(bytes.length), bytes]);
};
