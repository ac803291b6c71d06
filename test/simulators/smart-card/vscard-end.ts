import { connect } from 'node:net';
import type { SimulatedCard } from './card.ts';

/** Message types of the VSCard protocol (libcacard, vscard_common.h). */
const [init, error, readerAdd, atr, cardRemove, apdu] = [1, 2, 3, 5, 6, 7];
const headerBytes = 12;
const noReader = 0xffffffff;

/**
 * A card for QEMU's `-chardev socket,id=card,path=…,server=on,wait=off -device ccid-card-passthru,chardev=card`:
 * the guest's kernel sees it in a CCID reader. `insert` and `remove` as often as wanted.
 */
export async function connectToQemu(socketPath: string, card: SimulatedCard) {
  const socket = connect(socketPath);
  const ready = Promise.withResolvers<void>();
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()));
  const send = (type: number, reader: number, data: Uint8Array = new Uint8Array()) => {
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32BE(type, 0);
    header.writeUInt32BE(reader, 4);
    header.writeUInt32BE(data.length, 8);
    if (!socket.destroyed) socket.write(Buffer.concat([header, data]));
  };
  socket.on('error', ready.reject);
  socket.on('connect', () => {
    const hello = Buffer.alloc(12);
    hello.write('VSCD', 0);
    // Version 0.0.2, no capabilities.
    hello.writeUInt32BE(2, 4);
    send(init, noReader, hello);
    send(readerAdd, noReader, Buffer.from('okno'));
  });
  let held = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= headerBytes && held.length >= headerBytes + held.readUInt32BE(8)) {
      const type = held.readUInt32BE(0);
      const reader = held.readUInt32BE(4);
      const data = held.subarray(headerBytes, headerBytes + held.readUInt32BE(8));
      held = held.subarray(headerBytes + data.length);
      if (type === error) ready.resolve();
      if (type === apdu) void Promise.resolve(card.answer(data)).then(answer => send(apdu, reader, answer));
    }
  });
  await ready.promise;
  return {
    insert: () => send(atr, 0, card.atr),
    remove: () => send(cardRemove, 0),
    async close() {
      socket.destroy();
      await closed;
    },
  };
}
