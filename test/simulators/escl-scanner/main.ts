import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from 'commander';
import { startEsclScanner } from './start.ts';

/** Runs the simulator until it is told to stop; every job finds the folder's pages in the feeder again. */
const flags = program
  .name('escl-scanner')
  .description('A network scanner that does not exist')
  .requiredOption('--pages <folder>', 'pictures that lie in the feeder, in the order of their names')
  .option('--port <number>', 'HTTP port; 0 takes a free one', '0')
  .parse()
  .opts<{ pages: string; port: string }>();

const names = (await readdir(flags.pages)).filter(name => /\.(png|jpe?g)$/i.test(name)).sort();
const pages = await Promise.all(names.map(name => readFile(join(flags.pages, name))));
const scanner = await startEsclScanner({ port: Number(flags.port) });
scanner.device.load(pages);
scanner.device.lay(pages[0]);
const refill = setInterval(() => {
  if (scanner.device.sidesLeft() === 0) scanner.device.load(pages);
}, 1000);
console.log(JSON.stringify({ ready: 'escl-scanner', url: scanner.url }));

const stop = async () => {
  clearInterval(refill);
  await scanner.close();
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
