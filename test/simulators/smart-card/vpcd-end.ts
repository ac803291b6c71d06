import { connect, type Socket } from 'node:net';
import type { SimulatedCard } from './card.ts';

const [powerOff, powerOn, reset, getAtr] = [0, 1, 2, 4];

/**
 * Puts a card into the virtual reader of pcscd (package vsmartcard-vpcd). Both ways a message is its length in two
 * bytes, big-endian, and its bytes; one byte is an order of the reader, more are a command.
 */
export async function insertIntoVpcd(
  port: number,
  card: SimulatedCard,
): Promise<{ remove(): Promise<void> }> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  // pcscd that is killed takes the line along.
  socket.on('error', () => socket.destroy());
  let held = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
      const message = held.subarray(2, 2 + held.readUInt16BE(0));
      held = held.subarray(2 + message.length);
      void obey(socket, card, message);
    }
  });
  return {
    async remove() {
      const closed = new Promise(resolve => socket.once('close', resolve));
      if (socket.closed) return;
      socket.destroy();
      await closed;
    },
  };
}

async function obey(socket: Socket, card: SimulatedCard, message: Uint8Array): Promise<void> {
  if (message.length !== 1) return send(socket, await card.answer(message));
  if (message[0] === getAtr) send(socket, card.atr);
  // Power has no answer.
  else if (![powerOff, powerOn, reset].includes(message[0] ?? 0)) throw new Error(`vpcd asked ${message[0]}`);
}

function send(socket: Socket, bytes: Uint8Array): void {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  if (!socket.destroyed) socket.write(Buffer.concat([length, bytes]));
}
