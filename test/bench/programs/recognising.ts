import { readdir, readFile } from 'node:fs/promises';
import { createRecogniser } from '../../../device/capture/recogniser.ts';
import { tell } from './conversation.ts';

/** `recognising FOLDER ENGINE`: keeps both workers of a box's recogniser busy with the pictures of a folder, until it is stopped. */
const [folder = '', engine = ''] = process.argv.slice(2);
const names = (await readdir(folder)).filter(name => /\.jpe?g$/.test(name));
const pictures = await Promise.all(names.map(name => readFile(`${folder}/${name}`)));
const recogniser = createRecogniser({
  engine: engine === 'tesseract' ? 'tesseract' : 'tesseract-js',
  workers: 2,
  pageTimeoutMs: 120_000,
});
await recogniser.warmUp();
process.on('SIGTERM', () => process.exit(0));
tell({ ready: true });
for (let round = 0; ; round++) {
  // Bytes behind the picture's end are another page to the recogniser, which remembers what it read.
  const pile = pictures.map(picture => Buffer.concat([picture, Buffer.from(`round ${round}`)]));
  await recogniser.recognise(pile, { kind: 'other', title: 'Bench', createdAt: new Date(0) });
}
