import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmCommand } from '../../provisioning/npm-command.ts';
import { seededRandom } from '../fixtures/books.ts';
import { openKillRegion } from './kill/region.ts';
import { killAtRandom } from './kill/rounds.ts';
import { compileRecorder } from './power-cut/recorded-disk.ts';

const roundsPerLook = 100;
const looksPerRegion = 10;
const values = npmCommand(
  'npm run soak',
  `kills boxes, broker and centre for hours, a fresh region each ${roundsPerLook * looksPerRegion} rounds, and looks after each ${roundsPerLook} whether anything acknowledged is lost or doubled`,
)
  .option('--hours <number>', 'how long', '1')
  .option('--seed <number>', 'of all chance; another one each time when left out')
  .addHelpText('after', '\nExit status: 0 when every promise held.')
  .parse()
  .opts<{ hours: string; seed?: string }>();
const endsMs = performance.now() + Number(values.hours) * 3_600_000;
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (Number.isNaN(endsMs) || Number.isNaN(seed)) throw new Error('--hours and --seed want numbers');
const random = seededRandom(seed);
console.log(`seed ${seed}, ${values.hours} h`);

let rounds = 0;
while (performance.now() < endsMs) {
  const dir = await mkdtemp(join(tmpdir(), 'okno-soak-'));
  const region = await openKillRegion(dir, ['mfc-041', 'mfc-042', 'mfc-043']);
  try {
    for (let look = 0; look < looksPerRegion && performance.now() < endsMs; look++) {
      const goal = rounds + roundsPerLook;
      await killAtRandom({
        ...{ region, random, recorder: compileRecorder(dir) },
        onRound: () => ++rounds < goal && performance.now() < endsMs,
      });
      await region.check(`seed ${seed}, round ${rounds}`);
      console.log(`${new Date().toISOString()} ${rounds} rounds, every promise held`);
    }
    await region.settle(`seed ${seed}, round ${rounds}`);
    await region.close();
    await rm(dir, { recursive: true, force: true });
  } catch (error) {
    console.error(`seed ${seed}: a promise was broken, the books lie in ${dir}`);
    console.error(error);
    // A program that ended by a fault of its own fails the closing as well.
    await region.close().catch(() => {});
    process.exit(1);
  }
}
console.log(`${rounds} rounds with seed ${seed}: nothing acknowledged was lost or doubled`);
