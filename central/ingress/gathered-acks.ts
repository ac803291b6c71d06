import type { Writable } from 'node:stream';

/** MQTT 3.1.1 section 3.4: PUBACK, two bytes follow. */
const puback = [0x40, 2] as const;

/**
 * Acknowledges messages of one client. What is stored together is acknowledged together: all of one turn of
 * the event loop leaves in one write, with whatever else is said to this client meanwhile. aedes would put
 * each acknowledgement into the socket by itself, in three pieces.
 */
export function gatherAcks(socket: Writable): (messageId: number) => void {
  let bytes: number[] = [];
  return messageId => {
    bytes.push(...puback, messageId >> 8, messageId & 0xff);
    if (bytes.length > puback.length + 2) return;
    socket.cork();
    setImmediate(() => {
      const acks = Buffer.from(bytes);
      bytes = [];
      if (!socket.destroyed) socket.write(acks);
      socket.uncork();
    });
  };
}
