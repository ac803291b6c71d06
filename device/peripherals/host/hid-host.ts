/** The process that holds one HID device: reports come whole, each as one piece of bytes. */
import HID from 'node-hid';
import { holdDevice } from './pipe-host.ts';

holdDevice(({ path, takesKeyboard }, news) => {
  // libusb takes the interface from the kernel's driver, so that no key of a scanner reaches the pages or a
  // terminal; hidraw would only listen beside it (ADR 37).
  HID.setDriverType(takesKeyboard ? 'libusb' : 'hidraw');
  const device = new HID.HID(path);
  device.on('data', (report: Buffer) => news.bytes(report));
  device.on('error', (error: Error) => news.gone(error.message));
  setImmediate(news.opened);
  return {
    write(bytes, done) {
      device.write([...bytes]);
      done();
    },
    close(done) {
      device.close();
      // A read that is under way ends by itself; the process does not wait for it.
      done();
    },
  };
});
