import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileSource } from '../../../../platform/file-source.ts';
import { writeReadableCopy } from '../readable-copy.ts';
import { jobFiles, type ReadableJob } from '../readable-job.ts';

/*
 * `readable-host FOLDER`: makes one readable copy and ends. What it reads is a stranger's: a container that
 * breaks a library, or wants more memory than there is, breaks this process only.
 */
const folder = process.argv[2] ?? '';
const job = JSON.parse(await readFile(join(folder, jobFiles.job), 'utf8')) as ReadableJob;
const container = openFileSource(join(folder, jobFiles.container));
const done = await writeReadableCopy(container, job, folder, join(folder, jobFiles.copy));
await writeFile(join(folder, jobFiles.done), JSON.stringify(done));
