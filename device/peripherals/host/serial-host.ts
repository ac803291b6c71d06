/**
 * The process that holds one serial port, so that a crash in the native add-on costs a reconnect and
 * not the queue. It lives as long as its port and its parent, whichever ends first.
 */
import { SerialPort } from 'serialport';
import type { PipeNews, PipeOrder, SerialPortSettings } from './pipe-messages.ts';

let port: SerialPort | undefined;
let leaving = false;

process.on('message', (order: PipeOrder) => obey(order));
process.once('disconnect', () => process.exit(0));
// The parent closes us in its own order; Ctrl-C in a terminal reaches the whole group.
process.on('SIGINT', () => undefined);

function obey(order: PipeOrder): void {
  switch (order.kind) {
    case 'open':
      if (order.serial) open(order.path, order.serial);
      else leave('no settings of the port');
      break;
    case 'write':
      write(order.id, order.bytes);
      break;
    case 'close':
      leave('closed');
      break;
  }
}

function open(path: string, settings: SerialPortSettings): void {
  const { baudRate, flowControl } = settings;
  const rtscts = flowControl === 'rts-cts';
  // Never xon/xoff: they would eat 11h and 13h, and 11h is the number of code page 866 (ESC t 17).
  port = new SerialPort({ path, baudRate, rtscts, xon: false, xoff: false, autoOpen: false });
  // Only a port that is being read tells of an unplugged cable, so we listen from the start.
  port.on('data', (bytes: Buffer) => tell({ kind: 'bytes', bytes }));
  port.on('error', error => leave(error.message));
  // May fire twice, once without and once with an error.
  port.on('close', (error?: Error) => leave(error?.message ?? 'closed'));
  port.open(error => (error ? leave(error.message) : setLines(settings)));
}

function setLines({ flowControl, dtr, rts }: SerialPortSettings): void {
  // Under hardware flow control RTS belongs to the kernel: setting it would let the device overrun us.
  port?.set(flowControl === 'rts-cts' ? { dtr } : { dtr, rts }, error => {
    // A pseudo-terminal and some USB adapters have no such lines; what they carry arrives all the same.
    if (error && !/ioctl|not supported|invalid argument/i.test(error.message)) leave(error.message);
    else tell({ kind: 'opened' });
  });
}

function write(id: number, bytes: Uint8Array): void {
  port?.write(bytes, error => (error ? leave(error.message) : tell({ kind: 'written', id })));
}

function leave(reason: string): void {
  if (leaving) return;
  leaving = true;
  const done = () => {
    if (!process.connected) process.exit(0);
    process.send?.({ kind: 'gone', reason } satisfies PipeNews, () => process.exit(0));
  };
  if (port?.isOpen) port.close(done);
  else done();
}

function tell(news: PipeNews): void {
  if (process.connected) process.send?.(news);
}
