import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { tell } from './conversation.ts';

/** `raw-fsyncs FILE MS`: what the medium does when nobody does anything else. */
const [path = '', forMs = '400'] = process.argv.slice(2);
const file = openSync(path, 'w');
const page = Buffer.alloc(4096, 7);
const begunMs = performance.now();
let count = 0;
for (; performance.now() - begunMs < Number(forMs); count++) {
  writeSync(file, page, 0, page.length, (count % 256) * page.length);
  fdatasyncSync(file);
}
tell({ perSecond: (count * 1000) / (performance.now() - begunMs) });
