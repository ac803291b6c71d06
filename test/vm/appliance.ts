import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BoxConfig } from '../../device/config/box-config.ts';
import { type HttpClient, httpClient } from '../../provisioning/demonstration/box-client.ts';
import { makeImage } from '../../provisioning/image/image.ts';
import { eventually, type Guest, guestAt } from './guest-access.ts';
import { type Machine, startMachine } from './machine.ts';
import { technician, testLayer } from './test-layer.ts';

/** An appliance that runs, with everything that a test does to it. */
export interface Appliance {
  machine: Machine;
  guest: Guest;
  /** A technician at the box's pages. */
  box: HttpClient;
  /** Folder whose content outlives the run: console, journal, pictures. */
  kept: string;
  stop(): Promise<void>;
}

const kept = fileURLToPath(new URL('../../out/vm/', import.meta.url));
const begunMs = performance.now();

/** One line on standard error: how far it is, and after how many seconds. */
function say(what: string): void {
  console.error(`# ${((performance.now() - begunMs) / 1000).toFixed(0)} s: ${what}`);
}

/** Builds the image where it changed, boots it and waits until its box serves. Root only. */
export async function startAppliance(devices: Partial<BoxConfig>): Promise<Appliance> {
  if (process.getuid?.() !== 0) throw new Error('the image of the appliance is made by root only');
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
  // Sockets have short paths; the repository may lie deep.
  const dir = await mkdtemp(join(tmpdir(), 'okno-vm-'));
  const image = await makeImage(dir, what => say(`image: ${what}`));
  image.layers.push(await testLayer(dir, devices));
  say('boot');
  const machine = await startMachine(image, dir, join(kept, 'console.log'));
  const guest = guestAt(machine.urls.agent);
  const stop = async () => {
    const journal = await guest.try('journalctl --no-pager -u okno -u pcscd');
    if (journal !== undefined) await writeFile(join(kept, 'journal.log'), journal);
    await machine.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    await eventually('the agent of the machine', () => guest.try('true'), machine.isOver);
    say('the machine is up');
    const box = httpClient(machine.urls.box);
    await eventually('the box', () => box.post('/api/login', technician), machine.isOver);
    say('the box is up');
    return { machine, guest, box, kept, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
