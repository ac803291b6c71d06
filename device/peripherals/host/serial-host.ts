/**
 * The process that holds one serial port, so that a crash in the native add-on costs a reconnect and
 * not the queue. It lives as long as its port and its parent, whichever ends first.
 */
import { SerialPort } from 'serialport';
import type { SerialNews, SerialOrder } from './serial-messages.ts';

let port: SerialPort | undefined;
let leaving = false;

process.on('message', (order: SerialOrder) => obey(order));
process.once('disconnect', () => process.exit(0));
// The parent closes us in its own order; Ctrl-C in a terminal reaches the whole group.
process.on('SIGINT', () => undefined);

function obey(order: SerialOrder): void {
  switch (order.kind) {
    case 'open':
      open(order.path, order.baudRate);
      break;
    case 'write':
      write(order.id, order.bytes);
      break;
    case 'close':
      leave('closed');
      break;
  }
}

function open(path: string, baudRate: number): void {
  // Never xon/xoff: they would eat 11h and 13h, and 11h is the number of code page 866 (ESC t 17).
  port = new SerialPort({ path, baudRate, xon: false, xoff: false, autoOpen: false });
  // Only a port that is being read tells of an unplugged cable, so we listen from the start.
  port.on('data', (bytes: Buffer) => tell({ kind: 'bytes', bytes }));
  port.on('error', error => leave(error.message));
  // May fire twice, once without and once with an error.
  port.on('close', (error?: Error) => leave(error?.message ?? 'closed'));
  port.open(error => (error ? leave(error.message) : tell({ kind: 'opened' })));
}

function write(id: number, bytes: Uint8Array): void {
  port?.write(bytes, error => (error ? leave(error.message) : tell({ kind: 'written', id })));
}

function leave(reason: string): void {
  if (leaving) return;
  leaving = true;
  const done = () => {
    if (!process.connected) process.exit(0);
    process.send?.({ kind: 'gone', reason } satisfies SerialNews, () => process.exit(0));
  };
  if (port?.isOpen) port.close(done);
  else done();
}

function tell(news: SerialNews): void {
  if (process.connected) process.send?.(news);
}
