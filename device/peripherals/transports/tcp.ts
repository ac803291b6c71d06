import { connect, type Socket } from 'node:net';
import { AppError } from '../../../protocol/app-error.ts';
import type { BytePipe } from '../byte-pipe.ts';

export interface TcpLine {
  host: string;
  port: number;
  connectTimeoutMs: number;
  /** How long the other end may refuse to take bytes before the line counts as dead; 5000 when left out. */
  writeTimeoutMs?: number;
}

/**
 * A byte pipe to a device with a raw TCP port (printers: 9100). Throws `AppError('printer.offline')`
 * when nobody listens, or not in time.
 */
export async function openTcp(line: TcpLine): Promise<BytePipe> {
  const socket = connect({ host: line.host, port: line.port });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 10_000);
  await connected(socket, line);

  const gone = Promise.withResolvers<void>();
  // The reason of a loss matters to nobody here: 'close' follows every 'error' and tells of the loss.
  socket.on('error', () => socket.destroy());
  socket.once('close', () => gone.resolve());
  // Only a socket that is being read tells of the other end's leaving.
  socket.resume();

  return {
    write: bytes => write(socket, bytes, line),
    onBytes(listener) {
      const take = (bytes: Buffer) => listener(bytes);
      socket.on('data', take);
      return () => socket.off('data', take);
    },
    onClose: listener => void gone.promise.then(listener),
    async close() {
      socket.destroy();
      await gone.promise;
    },
  };
}

async function connected(socket: Socket, line: TcpLine): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(lost(line, 'connect timeout')), line.connectTimeoutMs);
  socket.once('connect', resolve);
  socket.once('error', error => reject(lost(line, 'refused', error)));
  try {
    await promise;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function write(socket: Socket, bytes: Uint8Array, line: TcpLine): Promise<void> {
  return new Promise((resolve, reject) => {
    const watchdog = setTimeout(() => {
      socket.destroy();
      reject(lost(line, 'write timeout'));
    }, line.writeTimeoutMs ?? 5000);
    socket.write(bytes, error => {
      clearTimeout(watchdog);
      if (error) reject(lost(line, 'write', error));
      else resolve();
    });
  });
}

function lost(line: TcpLine, what: string, cause?: unknown): AppError {
  return new AppError('printer.offline', { host: line.host, port: line.port, what }, { cause });
}
