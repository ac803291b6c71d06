import { parseArgs } from 'node:util';
import { startIppPrinter } from './printer.ts';

/* The simulated A4 printer as a program of its own: one JSON line when it is ready, ends with SIGTERM or SIGINT. */
const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, dir: { type: 'string' } },
});
if (values.dir === undefined) {
  process.stderr.write('--dir is missing\n');
  process.exit(2);
}
const printer = await startIppPrinter({ port: Number(values.port), dir: values.dir });
process.stdout.write(`${JSON.stringify({ url: printer.url, port: printer.port, dir: values.dir })}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    printer.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
