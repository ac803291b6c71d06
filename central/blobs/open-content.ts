import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, openBlobStore } from '../../platform/blob-store.ts';
import type { Clock } from '../../platform/clock.ts';
import { openPartStore, type PartStore } from '../../platform/part-store.ts';
import type { CentreConfig } from '../config.ts';
import { openS3BlobStore } from './s3-blob-store.ts';
import { s3Line } from './s3-line.ts';

const s3TimeoutMs = 30_000;

/**
 * The centre's content where its configuration says: a folder of its own, a shared one, or a bucket. Unfinished
 * transfers lie beside it; those for a bucket on this machine.
 */
export async function openContent(
  { blobs, dataDir }: Pick<CentreConfig, 'blobs' | 'dataDir'>,
  clock: Clock,
): Promise<{ blobs: BlobStore; parts: PartStore }> {
  const inFolder = async (dir: string, isShared: boolean) => {
    const store = await openBlobStore(dir, { isShared });
    return { blobs: store, parts: await openPartStore(join(dir, 'part'), store) };
  };
  if (!blobs) return inFolder(join(dataDir, 'blobs'), false);
  if ('dir' in blobs) return inFolder(blobs.dir, true);
  const ca = blobs.s3.ca === undefined ? undefined : await readFile(blobs.s3.ca, 'utf8');
  const line = s3Line({ ...blobs.s3, ca, timeoutMs: s3TimeoutMs, clock });
  const stagingDir = join(dataDir, 'staging');
  const bucket = await openS3BlobStore(line, stagingDir);
  return { blobs: bucket, parts: await openPartStore(join(stagingDir, 'part'), bucket) };
}
