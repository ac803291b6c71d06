import { program } from 'commander';
import { openControlPort } from './control.ts';
import { startTicketPrinter } from './start.ts';

interface Flags {
  port: string;
  pty?: string;
  dir?: string;
  controlPort: string;
}

/** Runs the simulator until it is told to stop; prints one JSON line when everything is open. */
const flags = program
  .name('ticket-printer')
  .description('A strict ESC/POS ticket printer that does not exist')
  .option('--port <number>', 'TCP port of the printer; 0 takes a free one', '9100')
  .option('--pty <path>', 'where the device file of the serial end is to appear')
  .option('--dir <path>', 'folder that keeps every ticket as bin, txt and png')
  .option('--control-port <number>', 'HTTP port for looking and breaking; 0 takes a free one', '0')
  .parse()
  .opts<Flags>();

const printer = await startTicketPrinter({
  port: Number(flags.port),
  ...(flags.pty === undefined ? {} : { ptyLink: flags.pty }),
  ...(flags.dir === undefined ? {} : { dir: flags.dir }),
});
const control = await openControlPort(printer, Number(flags.controlPort));

console.log(
  JSON.stringify({
    ready: 'ticket-printer',
    port: printer.port,
    controlPort: control.port,
    pty: flags.pty ?? null,
  }),
);

const stop = async () => {
  await control.close();
  await printer.close();
  process.exit(0);
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
