import { Option, program } from 'commander';
import { openControlPort } from './control.ts';
import { customKiosk, type Make, strict80mm } from './makes.ts';
import { startTicketPrinter } from './start.ts';

const makes: Record<string, Make> = { 'strict-80mm': strict80mm, 'custom-kiosk': customKiosk };

interface Flags {
  port: string;
  pty?: string;
  dir?: string;
  controlPort: string;
  stdio: boolean;
  make: string;
}

/** Runs the simulator until it is told to stop; prints one JSON line when everything is open. */
const flags = program
  .name('ticket-printer')
  .description('A strict ESC/POS ticket printer that does not exist')
  .option('--port <number>', 'TCP port of the printer; 0 takes a free one', '9100')
  .option('--pty <path>', 'where the device file of the serial end is to appear')
  .option('--stdio', 'standard input and output are an end too; the JSON line goes to standard error', false)
  .addOption(
    new Option('--make <name>', 'how it is built').choices(Object.keys(makes)).default('strict-80mm'),
  )
  .option('--dir <path>', 'folder that keeps every ticket as bin, txt and png')
  .option('--control-port <number>', 'HTTP port for looking and breaking; 0 takes a free one', '0')
  .parse()
  .opts<Flags>();

const printer = await startTicketPrinter({
  port: Number(flags.port),
  ...(flags.pty === undefined ? {} : { ptyLink: flags.pty }),
  ...(flags.dir === undefined ? {} : { dir: flags.dir }),
  ...(flags.stdio ? { wire: { input: process.stdin, output: process.stdout } } : {}),
  make: makes[flags.make] ?? strict80mm,
});
const control = await openControlPort(printer, Number(flags.controlPort));

const tell = flags.stdio ? console.error : console.log;
tell(
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
