import { connect, type SecureContext } from 'node:tls';
import {
  type Birth,
  DownEnvelope,
  type DownReceipt,
  decodeMessage,
  encodeMessage,
  protocolVersion,
  Receipt,
} from '../../../protocol/messages.ts';
import { down, up } from '../../../protocol/topics.ts';
import {
  connack,
  connectPacket,
  isPublish,
  packetReader,
  pingreq,
  puback,
  publishPacket,
  readPublish,
  suback,
  subscribePacket,
} from './packets.ts';

export interface WireBoxWish {
  box: string;
  host: string;
  port: number;
  secureContext: SecureContext;
  epoch: string;
  /** Facts that exist when it connects. */
  newestSeq: number;
  session: number;
  /** What it has of the downlink; moved on when entries come. */
  heard: NonNullable<Birth['heard']>;
  keepaliveSeconds: number;
  /** As long as a real box waits for its connection. */
  connectTimeoutMs: number;
  onReceipt: (receipt: Receipt) => void;
  /** The broker acknowledged so many of our messages. */
  onAcknowledged?: (messages: number) => void;
  onClose: () => void;
}

export interface WireBox {
  /** Sends packed envelopes, all in one write. */
  publish(packets: readonly Buffer[]): void;
  end(): void;
}

/** Numbers of packets up to here are those of envelopes, the rest is for what else a box says. */
const envelopeIds = 60_000;

/** Puts the envelopes of a box into packets as they go over the wire, to be sent in that order. */
export function envelopePacker(box: string): (payload: Buffer) => Buffer {
  const topic = up(box).facts;
  let packed = 0;
  return payload => publishPacket(topic, (packed++ % envelopeIds) + 1, payload);
}

/**
 * A box as the centre sees one: its certificate, birth, facts, acknowledgements and receipts of the
 * downlink, with nothing behind it. Receipts are cumulative: of several in one read only the newest is told.
 */
export function connectWireBox(wish: WireBoxWish): WireBox {
  const { box, host, port, secureContext, session, onReceipt, onClose } = wish;
  const [sends, hears] = [up(box), down(box)];
  const read = packetReader();
  let others = 0;
  const nextId = () => envelopeIds + 1 + (others++ % (65_535 - envelopeIds));
  const socket = connect({ host, port, secureContext, servername: 'localhost', rejectUnauthorized: true });
  socket.setNoDelay(true);
  const tooLate = setTimeout(() => socket.destroy(), wish.connectTimeoutMs);
  const alive = setInterval(() => socket.write(pingreq), wish.keepaliveSeconds * 1000);

  function bear(): void {
    const birth: Birth = {
      v: protocolVersion,
      session,
      software: 'okno-bench',
      epoch: wish.epoch,
      oldestSeq: 1,
      newestSeq: wish.newestSeq,
      registerVersion: 1,
      heard: wish.heard,
      clock: 'trusted',
      at: new Date().toISOString(),
      peripherals: [],
    };
    socket.write(publishPacket(sends.birth, nextId(), encodeMessage(birth)));
  }

  socket.on('secureConnect', () => {
    const death = encodeMessage({ v: protocolVersion, session });
    socket.write(connectPacket(box, wish.keepaliveSeconds, { topic: sends.death, payload: death }));
  });
  socket.on('data', chunk => {
    const answers: Buffer[] = [];
    let newest: Buffer | undefined;
    let acknowledged = 0;
    for (const packet of read(chunk)) {
      if (packet.type === connack) {
        if (packet.body[1] !== 0) return void socket.destroy();
        answers.push(subscribePacket(nextId(), [hears.receipt, hears.log]));
      } else if (packet.type === suback) {
        clearTimeout(tooLate);
        bear();
      } else if (packet.type === puback) acknowledged++;
      else if (isPublish(packet)) {
        const { topic, payload } = readPublish(packet);
        if (topic === hears.receipt) newest = payload;
        else if (topic === hears.log) {
          const { log, entries } = decodeMessage(DownEnvelope, payload);
          const upTo = entries.at(-1)?.seq ?? 0;
          Object.assign(wish.heard, { log, upTo });
          const receipt: DownReceipt = { v: protocolVersion, log, upTo };
          answers.push(publishPacket(sends.receipt, nextId(), encodeMessage(receipt)));
        }
      }
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers));
    if (acknowledged > 0) wish.onAcknowledged?.(acknowledged);
    if (newest) onReceipt(decodeMessage(Receipt, newest));
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    clearTimeout(tooLate);
    clearInterval(alive);
    onClose();
  });

  return {
    publish(packets) {
      if (packets.length > 0) socket.write(Buffer.concat(packets));
    },
    end: () => socket.destroy(),
  };
}
