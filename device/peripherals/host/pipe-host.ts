import type { HeldFile, PipeNews, PipeOrder } from './pipe-messages.ts';

/** What a held device can do. `write` calls back when the bytes have left, with an error when they cannot. */
export interface HeldDevice {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): void;
  close(done: () => void): void;
}

/** How a device tells of itself. `gone` may be called any number of times. */
export interface DeviceNews {
  opened(): void;
  bytes(bytes: Uint8Array): void;
  gone(reason: string): void;
}

/**
 * Runs a process that holds one device, so that a crash in a native add-on costs a reconnect and not the
 * queue. It lives as long as its device and its parent, whichever ends first.
 */
export function holdDevice(open: (file: HeldFile, news: DeviceNews) => HeldDevice): void {
  let held: HeldDevice | undefined;
  let leaving = false;

  const tell = (news: PipeNews) => {
    if (process.connected) process.send?.(news);
  };
  const leave = (reason: string) => {
    if (leaving) return;
    leaving = true;
    const done = () => {
      if (!process.connected) process.exit(0);
      process.send?.({ kind: 'gone', reason } satisfies PipeNews, () => process.exit(0));
    };
    if (held) held.close(done);
    else done();
  };
  const news: DeviceNews = {
    opened: () => tell({ kind: 'opened' }),
    bytes: bytes => tell({ kind: 'bytes', bytes }),
    gone: leave,
  };
  const begin = (file: HeldFile) => {
    try {
      held = open(file, news);
    } catch (error) {
      leave(error instanceof Error ? error.message : String(error));
    }
  };
  const write = (id: number, bytes: Uint8Array) =>
    held?.write(bytes, error => (error ? leave(error.message) : tell({ kind: 'written', id })));

  process.on('message', (order: PipeOrder) => {
    if (order.kind === 'open') begin(order);
    else if (order.kind === 'write') write(order.id, order.bytes);
    else if (order.kind === 'ping') tell({ kind: 'pong', memoryBytes: process.memoryUsage.rss() });
    else leave('closed');
  });
  process.once('disconnect', () => process.exit(0));
  // The parent closes us in its own order; Ctrl-C in a terminal reaches the whole group.
  process.on('SIGINT', () => undefined);
}
