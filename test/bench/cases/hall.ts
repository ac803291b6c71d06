import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Register } from '../../../protocol/register.ts';
import { pageSetFolder } from '../../fixtures/page-set/page-set.ts';
import { registerPath } from '../setting/box-config.ts';
import { watchCpu } from '../setting/cpu-watch.ts';
import { percentile, printLine, say } from '../setting/figures.ts';
import type { Flags } from '../setting/flags.ts';
import { openMedium } from '../setting/medium.ts';
import { startProgram } from '../setting/programs.ts';

const password = 'only-for-this-bench';
const people = 300;
/** What issue 7 asks of any action of a page. */
const limitMs = 100;

/**
 * How long the buttons of a hall's pages take with 300 people in it and twenty pages open, while the box recognises
 * pages with both workers and while it does not. A disk flush takes 5 ms.
 */
export async function hall(flags: Flags): Promise<void> {
  const medium = await openMedium();
  const register = JSON.parse(await readFile(registerPath, 'utf8')) as Register;
  const services = register.services.map(({ id }) => id);
  const seconds = flags.number('seconds', 20);
  const fsyncMs = flags.number('fsync-ms', 5);
  for (const isRecognising of [false, true]) {
    const name = isRecognising ? 'hall-recognising' : 'hall-idle';
    const dir = join(medium.folder, name);
    await mkdir(dir);
    const box = await startProgram<{ port: number }>('hall', [dir, '', password], {
      env: medium.env(name, fsyncMs),
    });
    const { port } = await box.heard;
    const folder = isRecognising ? fileURLToPath(await pageSetFolder(say)) : '';
    const reading = isRecognising ? await startProgram('recognising', [folder, 'tesseract-js']) : undefined;
    await reading?.heard;
    const pages = await startProgram('hall-pages', [String(port), password, ...services]);
    await pages.heard;
    const cpu = watchCpu({ boxCpu: box, pagesCpu: pages });
    const { actions, refreshes } = await pages.ask<{ actions: number[]; refreshes: number[] }>('run', {
      ...{ seconds, people },
    });
    const value = percentile(actions, 95);
    printLine({
      bench: 'hall',
      case: `${people} people, 20 pages, fsync ${fsyncMs} ms${isRecognising ? ', recognising' : ''}`,
      ...{ value, unit: 'ms', limit: limitMs, limitUnit: 'ms', ratio: value / limitMs },
      ...{ actions: actions.length, p50Ms: percentile(actions, 50), p99Ms: percentile(actions, 99) },
      ...{ refreshes: refreshes.length, refreshP95Ms: percentile(refreshes, 95) },
      ...cpu(),
      boxMemoryBytes: box.memoryBytes(),
    });
    await pages.stop();
    await reading?.stop();
    await box.stop();
  }
}
