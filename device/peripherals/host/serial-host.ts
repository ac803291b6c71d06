/** The process that holds one serial port. */
import { SerialPort } from 'serialport';
import { holdDevice } from './pipe-host.ts';
import type { SerialPortSettings } from './pipe-messages.ts';

holdDevice(({ path, serial }, news) => {
  if (!serial) throw new Error('no settings of the port');
  const { baudRate, flowControl } = serial;
  const rtscts = flowControl === 'rts-cts';
  // Never xon/xoff: they would eat 11h and 13h, and 11h is the number of code page 866 (ESC t 17).
  const port = new SerialPort({ path, baudRate, rtscts, xon: false, xoff: false, autoOpen: false });
  // Only a port that is being read tells of an unplugged cable, so we listen from the start.
  port.on('data', (bytes: Buffer) => news.bytes(bytes));
  port.on('error', error => news.gone(error.message));
  // May fire twice, once without and once with an error.
  port.on('close', (error?: Error) => news.gone(error?.message ?? 'closed'));
  port.open(error => {
    if (error) news.gone(error.message);
    else setLines(port, serial, reason => (reason ? news.gone(reason) : news.opened()));
  });
  return {
    write: (bytes, done) => void port.write(bytes, done),
    close: done => (port.isOpen ? port.close(() => done()) : done()),
  };
});

function setLines(
  port: SerialPort,
  { flowControl, dtr, rts }: SerialPortSettings,
  done: (reason?: string) => void,
): void {
  // Under hardware flow control RTS belongs to the kernel: setting it would let the device overrun us.
  port.set(flowControl === 'rts-cts' ? { dtr } : { dtr, rts }, error => {
    // A pseudo-terminal and some USB adapters have no such lines; what they carry arrives all the same.
    const isMissing = error && /ioctl|not supported|invalid argument/i.test(error.message);
    done(error && !isMissing ? error.message : undefined);
  });
}
