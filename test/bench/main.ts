/* `npm run bench -- NAME`: JSON lines on standard output, words for people on standard error. */
import { cpus, loadavg } from 'node:os';
import { capture } from './cases/capture.ts';
import { content } from './cases/content.ts';
import { fleet } from './cases/fleet.ts';
import { hall } from './cases/hall.ts';
import { ingest } from './cases/ingest.ts';
import { print } from './cases/print.ts';
import { search } from './cases/search.ts';
import { signing } from './cases/signing.ts';
import { sync } from './cases/sync.ts';
import { ticket } from './cases/ticket.ts';
import { takeDown } from './setting/ending.ts';
import { printLine, say } from './setting/figures.ts';
import { type Flags, readFlags } from './setting/flags.ts';
import { Skipped } from './setting/skip.ts';

const benches: Record<string, (flags: Flags) => Promise<void>> = {
  ticket,
  sync,
  ingest,
  content,
  fleet,
  hall,
  capture,
  print,
  search,
  signing,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (!bench) {
  say(`npm run bench -- ${Object.keys(benches).join('|')} [--flag value…]; flags: docs/BENCHMARKS.md`);
  process.exit(name === '--help' ? 0 : 2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void takeDown().finally(() => process.exit(130)));
say(
  `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(2)}`,
);
try {
  await bench(readFlags(args));
} catch (error) {
  process.exitCode = 1;
  if (error instanceof Skipped) {
    printLine({ bench: name, skipped: error.message });
    say(`Skipped: ${error.message}`);
  } else throw error;
} finally {
  await takeDown();
}
