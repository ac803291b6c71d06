import type { Server, Socket } from 'node:net';
import type { Log } from './log.ts';

/** More than all phones of a hall behind one router. */
const mostOfAnAddress = 500;

/** Of this very machine: its kiosk, or a proxy that asks for everybody. */
export const isLoopback = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address);

/**
 * One machine in the network must not hold all connections: ten thousand open live streams would take 200 MB and
 * a tenth of a second for each word that is told to them. What comes beyond `most` of an address is cut off.
 */
export function limitConnections(
  server: Server,
  log: Pick<Log, 'warn'>,
  { most = mostOfAnAddress, isFree = isLoopback } = {},
): void {
  const open = new Map<string, number>();
  /** Addresses that were cut off since they last had no connection: one word each, or the log fills the disk. */
  const told = new Set<string>();
  server.on('connection', (socket: Socket) => {
    const from = socket.remoteAddress;
    // Gone already.
    if (from === undefined || isFree(from)) return;
    const count = open.get(from) ?? 0;
    if (count >= most) {
      // Not which: at the centre it is a citizen's.
      if (!told.has(from))
        log.warn({ most }, 'an address has too many connections open; further ones are cut off');
      told.add(from);
      socket.destroy();
      return;
    }
    open.set(from, count + 1);
    socket.once('close', () => {
      const left = (open.get(from) ?? 1) - 1;
      if (left > 0) open.set(from, left);
      else {
        open.delete(from);
        told.delete(from);
      }
    });
  });
}
