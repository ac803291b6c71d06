import { X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { writeFileAtomically } from '../../../platform/atomic-file.ts';
import type { Register } from '../../../protocol/register.ts';
import { startAgencySystem } from './agency-system.ts';
import { catalogueOf } from './catalogue.ts';
import { startControl } from './control.ts';

interface Flags {
  dir: string;
  port: string;
  title: string;
  anchors: string;
  containerAnchors?: string;
  clientCa: string;
  clientName?: string;
  register?: string;
  stepMs: string;
  controlPort: string;
}

const flags = new Command()
  .requiredOption('--dir <folder>', 'keys, records and content')
  .option('--port <number>', 'port of the gateway; 0 is any', '0')
  .option('--title <text>', 'name of an agency that the register does not know', 'Ведомство (имитатор)')
  .requiredOption('--anchors <folder>', 'PEM files of the authorities behind the clerks')
  .option(
    '--container-anchors <folder>',
    'PEM files of the authorities behind the boxes; by default --anchors',
  )
  .requiredOption('--client-ca <file>', 'PEM of the authority behind the centre')
  .option('--client-name <name>', 'common name of the centre; by default any of that authority')
  .option('--register <file>', 'register with the agencies and services to serve')
  .option('--step-ms <number>', 'time from one step of a request to the next', '1500')
  .option('--control-port <number>', 'port of the control; 0 is any', '0')
  .parse()
  .opts<Flags>();

const packageAnchors = await anchorsIn(flags.anchors);
const system = await startAgencySystem({
  dir: flags.dir,
  port: Number(flags.port),
  title: flags.title,
  packageAnchors,
  containerAnchors: flags.containerAnchors ? await anchorsIn(flags.containerAnchors) : packageAnchors,
  clientCa: await readFile(flags.clientCa, 'utf8'),
  ...(flags.clientName ? { clientName: flags.clientName } : {}),
  ...(flags.register ? catalogueOf(JSON.parse(await readFile(flags.register, 'utf8')) as Register) : {}),
  stepMs: Number(flags.stepMs),
});
const control = await startControl(system, Number(flags.controlPort));
const caFile = join(flags.dir, 'tls-authority.pem');
const officerCaFile = join(flags.dir, 'officers-authority.pem');
await writeFileAtomically(caFile, system.ca, 0o644);
await writeFileAtomically(officerCaFile, system.officerCa, 0o644);
console.log(JSON.stringify({ url: system.url, controlUrl: control.url, caFile, officerCaFile }));

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await control.close();
  await system.close();
  process.exit(0);
}
// Also when the program that started it is gone.
for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(event, () => void stop());

async function anchorsIn(folder: string): Promise<Uint8Array[]> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.pem')).sort();
  if (files.length === 0) throw new Error(`no .pem files in ${folder}`);
  return await Promise.all(
    files.map(async name => new Uint8Array(new X509Certificate(await readFile(join(folder, name))).raw)),
  );
}
