import type { Socket } from 'node:net';

/** MQTT 3.1.1 section 2.2.3: the remaining length takes one to four bytes. */
const lengthBytes = 4;

/**
 * Watches the lengths that MQTT packets announce (section 2.2) and calls `onOversized` once when one is
 * larger than `packetBytes`, before its bytes are gathered in memory: the parser behind would wait for up
 * to 256 MB. Reads nothing itself; it sees each chunk as the broker takes it.
 */
export function guardPackets(socket: Socket, packetBytes: number, onOversized: () => void): void {
  /** Bytes of the packet under way that are still to come. */
  let rest = 0;
  /** Where in a fixed header the last chunk ended: bytes of the length seen, or -1 before the first byte. */
  let seen = -1;
  let length = 0;

  function look(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (rest > 0) {
        const skipped = Math.min(rest, chunk.length - at);
        rest -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at++] as number;
      if (seen === -1) {
        [seen, length] = [0, 0];
        continue;
      }
      length += (byte & 0x7f) * 128 ** seen;
      seen++;
      const more = byte >= 0x80;
      if (length > packetBytes || (more && seen === lengthBytes)) {
        socket.off('data', look);
        onOversized();
        return;
      }
      if (!more) [rest, seen] = [length, -1];
    }
  }
  // With a `readable` listener beside it, `data` is told as the broker reads and does not make it flow.
  socket.on('data', look);
}
