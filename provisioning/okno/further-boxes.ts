import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type BoxConfig, readBoxConfig, updateBoxConfig } from '../../device/config/box-config.ts';
import { writeFileAtomically } from '../../platform/atomic-file.ts';
import { orUnusable } from './exit-status.ts';
import { addSpare, addStation, addWindow } from './multi-box.ts';
import { readPrinterLine } from './printer-line.ts';

interface Wish {
  hub: string;
  hubUrl: string;
  out: string;
  port: string;
}

const hubFile = [
  '--hub <file>',
  'box.json of the hub of the branch; it gets an account for the new box',
] as const;
const hubUrl = [
  '--hub-url <address>',
  'where the new box reaches the hub, for example http://10.0.0.2:8080',
] as const;
const out = ['--out <folder>', 'folder for what the new box needs; carry it there'] as const;
const port = ['--port <number>', 'port of its pages', '8080'] as const;

/** Adds `okno station write` and `okno spare write`: further boxes of a branch. */
export function registerFurtherBoxes(program: Command): void {
  program
    .command('station')
    .description('boxes of kiosks and windows in a branch')
    .command('write')
    .description('write the configuration of a kiosk’s or a window’s own box, with an account at the hub')
    .argument('<name>', 'name of the station, for example kiosk-1')
    .requiredOption(...hubFile)
    .requiredOption(...hubUrl)
    .requiredOption(...out)
    .option(...port)
    .option('--printer <line>', 'tcp:HOST:PORT, serial:PATH[:BAUD] or usb', 'usb')
    .option('--model <name>', 'model of its printer; that of the hub’s when left out')
    .option(
      '--window <number>',
      'a box with the scanners and card readers of this window instead of a kiosk’s',
    )
    .addHelpText('after', '\nRestart the hub afterwards. Run again, it gives the station a new password.')
    .action((name: string, wish: Wish & { printer: string; model?: string; window?: string }) =>
      orUnusable(() => (wish.window ? writeWindow(name, wish.window, wish) : writeStation(name, wish))),
    );
  program
    .command('spare')
    .description('the spare box of a branch')
    .command('write')
    .description('write the configuration of a spare box; the hub gets to know it')
    .argument('<box>', 'name of the spare box, for example mfc-041-2')
    .requiredOption(...hubFile)
    .requiredOption(...hubUrl)
    .requiredOption('--url <address>', 'where the hub, kiosks and phones reach the spare box')
    .requiredOption(...out)
    .option(...port)
    .addHelpText(
      'after',
      '\nRestart the hub afterwards, put the keys into keys/, correct the devices, and name the box in centre.json with spareOf.',
    )
    .action((box: string, wish: Wish & { url: string }) => orUnusable(() => writeSpare(box, wish)));
}

async function writeStation(
  station: string,
  wish: Wish & { printer: string; model?: string },
): Promise<void> {
  const hub = await readBoxConfig(wish.hub);
  const ticketPrinter = readPrinterLine(wish.printer, wish.model ?? hub.ticketPrinter.model);
  const http = { host: '0.0.0.0', port: Number(wish.port) };
  let file = '';
  // The account first: a station without one is refused, one that nobody uses does no harm.
  await updateBoxConfig(wish.hub, async config => {
    const written = await addStation(config, {
      ...{ station, http, ticketPrinter, register: 'register.json', hubUrl: wish.hubUrl },
    });
    file = JSON.stringify(written.station, null, 2);
    return written.hub;
  });
  await putOut(wish.out, hub, 'station.json', file);
}

async function writeWindow(station: string, window: string, wish: Wish): Promise<void> {
  let file = '';
  await updateBoxConfig(wish.hub, async config => {
    const written = await addWindow(config, { station, window, hubUrl: wish.hubUrl });
    file = JSON.stringify(written.window, null, 2);
    return written.hub;
  });
  await putOut(wish.out, await readBoxConfig(wish.hub), 'window.json', file);
}

async function writeSpare(box: string, wish: Wish & { url: string }): Promise<void> {
  const hub = await readBoxConfig(wish.hub);
  const http = { host: '0.0.0.0', port: Number(wish.port), publicUrl: wish.url };
  let file = '';
  await updateBoxConfig(wish.hub, async config => {
    const written = await addSpare(config, { box, url: wish.url, hubUrl: wish.hubUrl, http });
    file = JSON.stringify(written.spare, null, 2);
    return written.hub;
  });
  await putOut(wish.out, hub, 'box.json', file);
}

/** Beside the configuration lies the register, so that the box can work before it met anybody. */
async function putOut(folder: string, hub: BoxConfig, name: string, file: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(hub.register, join(folder, 'register.json'));
  const path = join(folder, name);
  // It holds a password.
  await writeFileAtomically(path, `${file}\n`, 0o600);
  process.stdout.write(
    `${JSON.stringify({ ok: true, written: resolve(path), folder: dirname(resolve(path)) })}\n`,
  );
}
